// Where a Genesys Cloud region lives. Source: PureCloudRegionHosts in the official JavaScript SDK, which a test compares.

/** By the region's name at Amazon, as the documentation lists them. */
const REGIONS = {
  'us-east-1': 'mypurecloud.com',
  'us-east-2': 'use2.us-gov-pure.cloud',
  'us-west-2': 'usw2.pure.cloud',
  'ca-central-1': 'cac1.pure.cloud',
  'mx-central-1': 'mxc1.pure.cloud',
  'sa-east-1': 'sae1.pure.cloud',
  'eu-west-1': 'mypurecloud.ie',
  'eu-west-2': 'euw2.pure.cloud',
  'eu-central-1': 'mypurecloud.de',
  'eu-central-2': 'euc2.pure.cloud',
  'eusc-de-east-1': 'edee1.eusc-pure.cloud',
  'me-central-1': 'mec1.pure.cloud',
  'ap-south-1': 'aps1.pure.cloud',
  'ap-southeast-1': 'apse1.pure.cloud',
  'ap-southeast-2': 'mypurecloud.com.au',
  'ap-northeast-1': 'mypurecloud.jp',
  'ap-northeast-2': 'apne2.pure.cloud',
  'ap-northeast-3': 'apne3.pure.cloud',
} as const

export const ENVIRONMENTS: readonly string[] = Object.values(REGIONS)

/** The host of an environment written as such or as its region ("eu-central-1"); undefined for anything else. */
export function environmentOf(written: string): string | undefined {
  const name = written.trim().toLowerCase()
  if (ENVIRONMENTS.includes(name)) return name
  const region = Object.entries(REGIONS).find(([key]) => key === name.replaceAll('_', '-'))
  return region?.[1]
}

/** What may be meant by an address: "https://apps.mypurecloud.de/directory" is about mypurecloud.de. */
export function withoutService(written: string): string {
  const [host = ''] = written
    .trim()
    .toLowerCase()
    .replace(/^[a-z]+:\/\//, '')
    .split(/[/:?#]/)
  return host.replace(/^(api|apps|login|streaming)\./, '')
}

/** Throws an Error that lists the known environments for any other name. */
export function genesysCloudHosts(environment: string): { readonly apiUrl: string; readonly loginUrl: string } {
  const host = environmentOf(environment)
  if (host === undefined) {
    throw new Error(`"${environment}" is not a Genesys Cloud environment; known are ${ENVIRONMENTS.join(', ')}`)
  }
  return { apiUrl: `https://api.${host}`, loginUrl: `https://login.${host}` }
}
