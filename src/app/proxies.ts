// The proxy that this machine goes through, by the usual environment variables; the spelling in lower case comes first, as everywhere.

import type { Environment } from './variables.ts'

const NAMES = ['HTTPS_PROXY', 'HTTP_PROXY', 'NO_PROXY'] as const

/** By the names in upper case; without a member where nothing is said. */
export type Proxies = { readonly [Name in (typeof NAMES)[number]]?: string }

/** Undefined where everything is dialled directly. */
export function proxiesOf(environment: Environment): Proxies | undefined {
  const said = NAMES.flatMap((name) => {
    const value = (environment[name.toLowerCase()] ?? environment[name])?.trim()
    return value ? [[name, value] as const] : []
  })
  const proxies: Proxies = Object.fromEntries(said)
  return proxies.HTTPS_PROXY || proxies.HTTP_PROXY ? proxies : undefined
}

/** In words, what is wrong with them; nothing of a value is shown, because it may hold a password. */
export function wrongProxies({ HTTPS_PROXY, HTTP_PROXY }: Proxies): readonly string[] {
  return Object.entries({ HTTPS_PROXY, HTTP_PROXY }).flatMap(([name, value]) => {
    if (value === undefined) return []
    const scheme = URL.parse(value)?.protocol
    if (scheme === 'http:' || scheme === 'https:') return []
    return [`The environment variable ${name} is no address of a proxy such as http://proxy.acme.example:3128.`]
  })
}

/** What is missing for libraries that read the spelling in lower case alone, as the Pub/Sub API's does. */
export function inLowerCase(environment: Environment): Readonly<Record<string, string>> {
  const missing = NAMES.flatMap((name) => {
    const value = environment[name]
    return value && environment[name.toLowerCase()] === undefined ? [[name.toLowerCase(), value] as const] : []
  })
  return Object.fromEntries(missing)
}
