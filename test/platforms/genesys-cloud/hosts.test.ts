// Regions by name: all that the vendor's own client knows, and what is said about the rest.

import { beforeAll, expect, test } from '@jest/globals'
import platformClient from 'purecloud-platform-client-v2'
import {
  ENVIRONMENTS,
  environmentOf,
  genesysCloudHosts,
  withoutService,
} from '../../../src/platforms/genesys-cloud/hosts.ts'

// The client watches a file in the home directory; its watcher would outlive the test.
beforeAll(() => platformClient.ApiClient.instance.config.setConfigPath(''))

test('every region of the official client is known, by its host and by its name', () => {
  const regions = Object.entries(platformClient.PureCloudRegionHosts)
  expect(regions.map(([, host]) => host).toSorted()).toEqual(ENVIRONMENTS.toSorted())
  for (const [region, host] of regions) {
    expect(environmentOf(region)).toBe(host)
    expect(environmentOf(region.replaceAll('_', '-'))).toBe(host)
  }
})

test('a region leads to its API and its log-in, however it is written', () => {
  const hosts = { apiUrl: 'https://api.mypurecloud.ie', loginUrl: 'https://login.mypurecloud.ie' }
  expect(genesysCloudHosts(' MyPureCloud.ie')).toEqual(hosts)
  expect(genesysCloudHosts('EU-West-1')).toEqual(hosts)
})

test('an unknown environment is told together with the known ones', () => {
  expect(() => genesysCloudHosts('purecloud.com')).toThrow(/"purecloud.com" is not .* mypurecloud\.ie/)
})

test.each([
  'https://apps.mypurecloud.de/directory/#/engage',
  'api.mypurecloud.de',
  'login.mypurecloud.de:443',
  'wss://streaming.mypurecloud.de/channels/1',
  'mypurecloud.de',
])('%s is about mypurecloud.de', (written) => {
  expect(withoutService(written)).toBe('mypurecloud.de')
})
