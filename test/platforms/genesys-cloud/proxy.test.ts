// Through a company's proxy: calls and channels alike, on real sockets and TLS.

import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterEach, expect, test } from '@jest/globals'
import type { Proxies } from '../../../src/platforms/genesys-cloud/settings.ts'
import { eventually } from '../../sandbox/genesys-cloud/support.ts'
import { type Ear, openEar, writeOptions } from './bridge-ear.ts'
import { type CompanyProxy, deadPort, openProxy, openTlsDoor, type TlsDoor } from './proxy-bed.ts'

const trusted = getCACertificates('default')
const closers: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close()
  setDefaultCACertificates(trusted)
})

type Network = { readonly ear: Ear; readonly proxy: CompanyProxy; readonly door: TlsDoor }

async function network(settings: (proxy: CompanyProxy) => Proxies | undefined, credentials?: string): Promise<Network> {
  const proxy = await openProxy(credentials)
  const door = await openTlsDoor()
  setDefaultCACertificates([...trusted, door.certificate])
  const proxies = settings(proxy)
  const ear = await openEar({
    publicUrl: door.url,
    settings: { apiUrl: door.url, loginUrl: door.url, ...(proxies && { proxies }) },
  })
  door.leadTo(Number(new URL(ear.organisation.server.url).port))
  closers.push(
    () => proxy.close(),
    () => door.close(),
    () => ear.close(),
  )
  return { ear, proxy, door }
}

const address = ({ door }: Network) => new URL(door.url).host

async function worksThrough(bed: Network): Promise<void> {
  const { ear } = bed
  await ear.adapter.catalogue()
  await ear.start()
  expect(await ear.adapter.setStatus(ear.jane, ear.id('Break'), writeOptions())).toEqual({ kind: 'accepted' })
  await ear.untilStatus(ear.jane, 'Break')
  expect((await ear.adapter.snapshot([ear.jane])).get(ear.jane)?.status).toBe(ear.id('Break'))
}

test('with HTTPS_PROXY every call and the channel go through the proxy, and nothing around it', async () => {
  const bed = await network((proxy) => ({ HTTPS_PROXY: proxy.url }))
  await worksThrough(bed)
  const { tunnels } = bed.proxy
  // At least one for calls, which keep theirs, and one for the channel.
  expect(tunnels.length).toBeGreaterThanOrEqual(2)
  expect(tunnels.length).toBeLessThanOrEqual(bed.ear.calls.length)
  expect(new Set(tunnels)).toEqual(new Set([address(bed)]))
})

test('a proxy that asks who it is for is told the name and password of its address', async () => {
  const bed = await network((proxy) => ({ HTTPS_PROXY: proxy.url }), 'bridge:open-sesame')
  await worksThrough(bed)
  expect(bed.proxy.tunnels.length).toBeGreaterThanOrEqual(2)
})

test.each(['localhost', '.example.org,localhost', '*'])(
  'what NO_PROXY names is dialled directly: %s',
  async (names) => {
    const bed = await network((proxy) => ({ HTTPS_PROXY: proxy.url, NO_PROXY: names }))
    await worksThrough(bed)
    expect(bed.proxy.tunnels).toEqual([])
  },
)

test('without a proxy everything is dialled directly', async () => {
  const bed = await network(() => undefined)
  await worksThrough(bed)
  expect(bed.proxy.tunnels).toEqual([])
})

test('the channel finds its way through the proxy again after it was cut', async () => {
  const bed = await network((proxy) => ({ HTTPS_PROXY: proxy.url }))
  await worksThrough(bed)
  const before = bed.proxy.tunnels.length
  bed.ear.organisation.server.faults.dropSockets()
  const { ear } = bed
  await eventually('the link up again', () => ear.links.filter((link) => link.up).length === 2)
  ear.organisation.model.setPresence(ear.lee, 'Coaching')
  await ear.untilStatus(ear.lee, 'Coaching')
  expect(bed.proxy.tunnels.length).toBeGreaterThan(before)
})

test('a proxy that refuses is told as what it is, and the write is tried again by whoever wants it', async () => {
  const bed = await network((proxy) => ({ HTTPS_PROXY: proxy.url }))
  bed.proxy.refuse()
  const { ear } = bed
  await expect(ear.adapter.roster()).rejects.toThrow(/403|tunnel|proxy/i)
  const result = await ear.adapter.setStatus(ear.jane, ear.id('Break'), writeOptions())
  expect(['transient', 'unreachable']).toContain(result.kind)
})

test('a proxy that is not there is not now', async () => {
  const port = await deadPort()
  const bed = await network(() => ({ HTTPS_PROXY: `http://127.0.0.1:${port}` }))
  await expect(bed.ear.adapter.roster()).rejects.toThrow('ECONNREFUSED')
  await expect(bed.ear.start()).rejects.toThrow('ECONNREFUSED')
})
