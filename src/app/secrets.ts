// The secrets that the bridge was given, so that they can be blanked wherever somebody repeats them.

import type { Settings } from './settings.ts'

export function secretsOf({ crm, telephony, companion, ops, proxies = {} }: Settings): readonly string[] {
  const auth = crm.kind === 'salesforce' ? crm.auth : null
  const all = [
    auth?.flow === 'jwt' ? auth.privateKeyPem : auth?.clientSecret,
    ...(telephony.kind === 'genesys_cloud' ? withLogin(telephony.clientId, telephony.clientSecret) : []),
    companion?.tls?.key,
    ops.token,
    ...Object.values(proxies).flatMap((address) => passwordsIn(address ?? '')),
  ]
  return all.filter((secret) => typeof secret === 'string').map(withoutFrame)
}

/** The secret alone, and as it goes over the wire together with its id. */
function withLogin(id: string, secret: string): readonly string[] {
  return [secret, Buffer.from(`${id}:${secret}`).toString('base64')]
}

/** As it is written, and as it is meant. */
function passwordsIn(address: string): readonly string[] {
  const url = URL.parse(address)
  if (url === null || url.password === '') return []
  const { username, password } = url
  const plain = [username, password].map(decoded).join(':')
  return [password, decoded(password), Buffer.from(plain).toString('base64')]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The first and the last line of a PEM text are the same in all of them. */
function withoutFrame(secret: string): string {
  return secret.replace(/-----(BEGIN|END) [A-Z ]+-----/g, '')
}
