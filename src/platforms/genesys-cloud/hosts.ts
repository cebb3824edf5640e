// Where a Genesys Cloud region lives. Source: PureCloudRegionHosts in the official JavaScript SDK.

const ENVIRONMENTS = [
  'mypurecloud.com',
  'mypurecloud.ie',
  'mypurecloud.com.au',
  'mypurecloud.jp',
  'mypurecloud.de',
  'usw2.pure.cloud',
  'cac1.pure.cloud',
  'apne2.pure.cloud',
  'euw2.pure.cloud',
  'aps1.pure.cloud',
  'sae1.pure.cloud',
  'mec1.pure.cloud',
  'apne3.pure.cloud',
  'euc2.pure.cloud',
  'mxc1.pure.cloud',
  'apse1.pure.cloud',
  'use2.us-gov-pure.cloud',
  'edee1.eusc-pure.cloud',
] as const

/** Throws an Error that lists the known environments for any other name. */
export function genesysCloudHosts(environment: string): { readonly apiUrl: string; readonly loginUrl: string } {
  const name = environment.trim().toLowerCase()
  if (!ENVIRONMENTS.some((known) => known === name)) {
    throw new Error(`"${environment}" is not a Genesys Cloud environment; known are ${ENVIRONMENTS.join(', ')}`)
  }
  return { apiUrl: `https://api.${name}`, loginUrl: `https://login.${name}` }
}
