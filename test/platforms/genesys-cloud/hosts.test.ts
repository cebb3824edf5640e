import { expect, test } from '@jest/globals'
import { genesysCloudHosts } from '../../../src/platforms/genesys-cloud/hosts.ts'

test('a region leads to its API and its log-in, however it is written', () => {
  expect(genesysCloudHosts(' MyPureCloud.ie')).toEqual({
    apiUrl: 'https://api.mypurecloud.ie',
    loginUrl: 'https://login.mypurecloud.ie',
  })
})

test('an unknown environment is told together with the known ones', () => {
  expect(() => genesysCloudHosts('purecloud.com')).toThrow(/"purecloud.com" is not .* mypurecloud\.ie/)
})
