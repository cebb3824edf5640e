// Which hosts are dialled directly although the environment names a proxy: jsforce reads HTTPS_PROXY by itself, but not NO_PROXY.

/** `noProxy`: names between commas or blanks, each a host, a domain with a dot or "*." before it, either with a port, or "*" for all. */
export function isDirect(address: string, noProxy: string): boolean {
  const url = URL.parse(address)
  if (url === null) return false
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const port = url.port || (url.protocol === 'https:' ? '443' : '80')
  return namesOf(noProxy).some((name) => {
    if (name === '*') return true
    const [, named = '', at] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(isBareIpv6(name) ? `[${name}]` : name) ?? []
    if (at !== undefined && at !== port) return false
    const domain = named.replace(/^\*/, '')
    return domain.startsWith('.') ? host.endsWith(domain) : host === domain
  })
}

function namesOf(noProxy: string): readonly string[] {
  return noProxy
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((name) => name !== '')
}

function isBareIpv6(name: string): boolean {
  return name.split(':').length > 2 && !name.startsWith('[')
}
