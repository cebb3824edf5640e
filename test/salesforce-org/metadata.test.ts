// The org package as a whole: that Salesforce's own library takes every file of it, and that its parts name each other rightly.

import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { parseXml, XmlElement } from '@rgrove/parse-xml'
import { z } from 'zod'
import { AURA, elementsOf, filesOf, PACKAGE, read, SOURCES, textsOf } from './org-files.ts'

const converted = z.object({
  connections: z.number(),
  components: z.array(z.object({ type: z.string(), name: z.string(), files: z.array(z.string().nullish()) })),
})

const folder = mkdtempSync(join(tmpdir(), 'org-package-'))
const output = join(folder, 'out')
let result: z.infer<typeof converted>

beforeAll(async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'test/salesforce-org/convert.ts', PACKAGE, output],
    {
      // The library writes a log into the home folder.
      env: { PATH: process.env.PATH ?? '', HOME: folder, SF_DISABLE_TELEMETRY: 'true', SF_DISABLE_LOG_FILE: 'true' },
      timeout: 60_000,
      maxBuffer: 4_000_000,
    },
  )
  result = converted.parse(JSON.parse(stdout))
}, 70_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** "ApexClass:PresenceBridgeToken" … */
function membersOf(manifest: string): readonly string[] {
  return elementsOf(manifest, 'types')
    .flatMap((types) => {
      const texts = (name: string) =>
        types.children.flatMap((c) => (c instanceof XmlElement && c.name === name ? [c.text] : []))
      return texts('members').map((member) => `${texts('name')[0]}:${member}`)
    })
    .sort()
}

describe('the conversion', () => {
  test('has every file in a component', () => {
    const known = new Set(result.components.flatMap(({ files }) => files.flatMap((file) => (file ? [file] : []))))
    const stray = filesOf(PACKAGE).filter((path) => !known.has(path))
    expect(known.size).toBeGreaterThan(30)
    expect(stray).toEqual([])
  })

  test('gives the members of the manifest', () => {
    const manifest = read('salesforce/manifest/package.xml')
    expect(membersOf(manifest)).toEqual(membersOf(read(join(output, 'package.xml'))))
    expect(membersOf(manifest)).toEqual(
      expect.arrayContaining(result.components.map(({ type, name }) => `${type}:${name}`)),
    )
    expect(textsOf(manifest, 'version')).toEqual(['67.0'])
  })

  test('gives an object with its fields and everything else that was put in', () => {
    const object = read(join(output, 'objects/PresenceBridgeSetting__mdt.object'))
    expect(textsOf(object, 'fullName')).toEqual(['Audience__c', 'Certificate__c', 'Endpoint__c'])
    const deployed = filesOf(output).map((path) => relative(output, path))
    for (const path of filesOf(`${SOURCES}/lwc`)) expect(deployed).toContain(relative(SOURCES, path))
    for (const path of filesOf(`${SOURCES}/aura`)) expect(deployed).toContain(relative(SOURCES, path))
  })

  test('asks nothing of the network', () => {
    expect(result.connections).toBe(0)
  })
})

describe('the files', () => {
  const xml = filesOf('salesforce').filter((path) => /\.(xml|cmp)$/.test(path))

  test.each(xml)('%s is well-formed', (path) => {
    expect(() => parseXml(read(path))).not.toThrow()
  })

  test('have one API version', () => {
    const versions = xml.flatMap((path) => textsOf(read(path), 'apiVersion'))
    expect(versions.length).toBeGreaterThan(3)
    expect(new Set(versions)).toEqual(new Set(['67.0']))
    expect(JSON.parse(read('salesforce/sfdx-project.json'))).toMatchObject({ sourceApiVersion: '67.0' })
  })
})

describe('the parts name each other rightly', () => {
  const setting = read(`${SOURCES}/customMetadata/PresenceBridgeSetting.Default.md-meta.xml`)
  const value = (field: string) => textsOf(setting, 'value')[textsOf(setting, 'field').indexOf(field)]

  test('the record has a value for every field', () => {
    const fields = filesOf(`${SOURCES}/objects`).flatMap((path) => textsOf(read(path), 'fullName'))
    expect(textsOf(setting, 'field').toSorted()).toEqual(fields.toSorted())
    for (const field of fields) expect(value(field)).toMatch(/\S/)
  })

  test('the trusted site is the endpoint’s host, for connections only', () => {
    const site = read(`${SOURCES}/cspTrustedSites/PresenceBridge.cspTrustedSite-meta.xml`)
    const endpoint = new URL(value('Endpoint__c') ?? '')
    expect(endpoint.protocol).toBe('wss:')
    expect(textsOf(site, 'endpointUrl')).toEqual([`wss://${endpoint.host}`])
    expect(textsOf(site, 'context')).toEqual(['LEX'])
    expect(textsOf(site, 'isApplicableToConnectSrc')).toEqual(['true'])
    for (const kind of ['Font', 'Frame', 'Img', 'Media', 'Style'])
      expect(textsOf(site, `isApplicableTo${kind}Src`)).toEqual(['false'])
  })

  test('the channel is the one that the bridge listens to, with both events and nothing filtered', () => {
    expect(filesOf(`${SOURCES}/platformEventChannels`)).toEqual([
      `${SOURCES}/platformEventChannels/PresenceBridge__chn.platformEventChannel-meta.xml`,
    ])
    const members = filesOf(`${SOURCES}/platformEventChannelMembers`).map(read)
    expect(members.flatMap((member) => textsOf(member, 'eventChannel'))).toEqual(
      members.map(() => 'PresenceBridge__chn'),
    )
    expect(members.flatMap((member) => textsOf(member, 'selectedEntity'))).toEqual([
      'AgentWorkChangeEvent',
      'UserServicePresenceChangeEvent',
    ])
    expect(members.flatMap((member) => textsOf(member, 'filterExpression'))).toEqual([])
    expect(read('src/platforms/salesforce/settings.ts')).toContain('/data/PresenceBridge__chn')
  })

  test('agents may use the class and read the settings; nobody gets more than that', () => {
    const agent = read(`${SOURCES}/permissionsets/PresenceBridgeAgent.permissionset-meta.xml`)
    expect(textsOf(agent, 'apexClass')).toEqual(['PresenceBridgeToken'])
    expect(textsOf(agent, 'name')).toEqual(['PresenceBridgeSetting__mdt'])
    expect(textsOf(agent, 'userPermissions')).toEqual([])
    const integration = read(`${SOURCES}/permissionsets/PresenceBridgeIntegration.permissionset-meta.xml`)
    expect(textsOf(integration, 'name')).toEqual(['ApiEnabled', 'ViewRoles', 'ViewSetup'])
  })

  test('the utility passes on every event that it hears', () => {
    const markup = read(`${AURA}/presenceBridgeUtility.cmp`)
    const handlers = elementsOf(markup, 'aura:handler').map(({ attributes }) => ({
      event: attributes.event ?? '',
      action: attributes.action ?? '',
    }))
    expect(handlers).toHaveLength(9)
    const controller = read(`${AURA}/presenceBridgeUtilityController.js`)
    const helper = read(`${AURA}/presenceBridgeUtilityHelper.js`)
    for (const { event, action } of handlers) {
      const name = /^\{!c\.(\w+)\}$/.exec(action)?.[1] ?? ''
      expect(event.toLowerCase()).toBe(`lightning:omnichannel${name.toLowerCase()}`)
      expect(controller).toContain(`helper.tell(component, '${name}', event)`)
      expect(helper).toMatch(new RegExp(`\\b${name}: \\[`))
    }
  })
})
