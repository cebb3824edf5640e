// Addresses as people write them.

import { isIP } from 'node:net'

export type Address = { readonly host: string; readonly port: number }

/** "127.0.0.1:8787", "[::1]:8787" or "localhost:8787"; null where it is none. Port 0 means any free one. */
export function parseAddress(text: string): Address | null {
  const found = /^(?:\[([^\]]+)\]|([^:\s]+)):(\d{1,5})$/.exec(text)
  const host = found?.[1] ?? found?.[2]
  const port = Number(found?.[3])
  if (host === undefined || port > 65_535) return null
  if (found?.[1] !== undefined && isIP(host) !== 6) return null
  return { host, port }
}

/** Of a text that was checked. */
export function addressOf(text: string): Address {
  return parseAddress(text) ?? { host: '127.0.0.1', port: 0 }
}

/** "api.example.com:7443", with TLS; or "http://127.0.0.1:7443", without, for this machine only. Null where it is neither. */
export function parseEndpoint(text: string): (Address & { readonly plain: boolean }) | null {
  const address = parseAddress(text.replace(/^https?:\/\//, '').replace(/\/$/, ''))
  if (address === null) return null
  const plain = text.startsWith('http://')
  return plain && !isLoopback(address.host) ? null : { ...address, plain }
}

export function isLoopbackUrl(url: URL): boolean {
  return isLoopback(url.hostname.replace(/^\[|\]$/g, ''))
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}
