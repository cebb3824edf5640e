// The Kubernetes examples: of the right shape, fitting together, and with settings and a mapping file that the bridge takes.

import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { parse, parseAllDocuments } from 'yaml'
import { readDockerfile } from '../../scripts/dockerfile.ts'
import { loadSettings, STOP_DEFAULT } from '../../src/app/settings.ts'
import { loadMapping } from '../../src/mapping/compile.ts'
import { type Container, type KubernetesObject, kubernetesObject, kustomization } from './kubernetes.ts'

const scratch = mkdtempSync(join(tmpdir(), 'kubernetes-'))
afterAll(() => rmSync(scratch, { recursive: true }))

const ROOT = 'config/kubernetes'
const image = readDockerfile(readFileSync('Dockerfile', 'utf8')).at(-1)
const version = /"version": "([^"]+)"/.exec(readFileSync('package.json', 'utf8'))?.[1]

function objectsIn(file: string): readonly KubernetesObject[] {
  const documents = parseAllDocuments(readFileSync(file, 'utf8'))
  return documents.map((document) => kubernetesObject.parse(document.toJS()))
}

function ofKind<K extends KubernetesObject['kind']>(kind: K, objects: readonly KubernetesObject[]) {
  return objects.filter((object): object is Extract<KubernetesObject, { kind: K }> => object.kind === kind)
}

/** Settings with each file of the Secret in place of where it will be mounted. */
function settingsIn(folder: string, keys: readonly string[]) {
  const secrets = join(scratch, folder)
  mkdirSync(secrets, { recursive: true })
  for (const key of keys) writeFileSync(join(secrets, key), key === 'org-cert.pem' ? 'PEM' : 'secret')
  const text = readFileSync(join(ROOT, folder, 'bridge.yaml'), 'utf8')
  const file = join(secrets, 'bridge.yaml')
  writeFileSync(file, text.replaceAll('/run/secrets/presence-bridge/', `${secrets}/`))
  return { text, ...loadSettings(file, {}) }
}

const SECRET = ofKind('Secret', objectsIn(join(ROOT, 'stand-alone/secret.example.yaml')))
const keys = SECRET.flatMap(({ stringData }) => Object.keys(stringData))

describe.each(['stand-alone', 'sidecar'])('%s', (folder) => {
  const list = kustomization.parse(parse(readFileSync(join(ROOT, folder, 'kustomization.yaml'), 'utf8')))
  const objects = list.resources.flatMap((file) => objectsIn(join(ROOT, folder, file)))
  const [set] = ofKind('StatefulSet', objects)
  if (set === undefined) throw new Error('There is no StatefulSet.')
  const pod = set.spec.template.spec
  const bridge = [...(pod.initContainers ?? []), ...pod.containers].find(({ name }) => name === 'presence-bridge')
  if (bridge === undefined) throw new Error('There is no bridge in the pod.')
  const { settings, findings, text } = settingsIn(folder, keys)

  test('every file in the folder is used, or says that it is an example', () => {
    const used = [...list.resources, ...(list.configMapGenerator[0]?.files ?? []), 'kustomization.yaml']
    const files = readdirSync(join(ROOT, folder)).filter((file) => !file.includes('.example.'))
    expect([...used].sort()).toEqual(files.sort())
  })

  test('the settings are taken without a finding, and name exactly the files of the Secret', () => {
    expect(findings).toEqual([])
    const named = [...text.matchAll(/\$\{file:\/run\/secrets\/presence-bridge\/([^}]+)\}/g)].map((found) => found[1])
    expect(named.sort()).toEqual([...keys].sort())
    expect(text).not.toMatch(/\$\{[A-Z_]+\}/)
  })

  test('the mapping file is right', () => {
    const file = join(ROOT, folder, 'mappings.yaml')
    const { findings, mapping } = loadMapping(readFileSync(file, 'utf8'), { file })
    expect(findings).toEqual([])
    expect(mapping).not.toBeNull()
    expect(settings?.mappings.endsWith('mappings.yaml')).toBe(true)
  })

  test('what is mounted is there, and where the settings look for it', () => {
    const volumes = [
      ...pod.volumes.map(({ name }) => name),
      ...set.spec.volumeClaimTemplates.map(({ metadata }) => metadata.name),
    ]
    const mounts = new Map((bridge.volumeMounts ?? []).map(({ name, mountPath }) => [name, mountPath]))
    expect([...mounts.keys()].sort()).toEqual(volumes.sort())
    expect(settings?.journal.path.startsWith(`${mounts.get('journal')}/`)).toBe(true)
    expect(text).toContain(`\${file:${mounts.get('secrets')}/`)
    // The image's CMD reads the settings from there, as a folder: what is mounted by subPath never changes.
    const command = image?.instructions.findLast(({ word }) => word === 'CMD')?.rest ?? ''
    expect(command).toContain(`"${mounts.get('settings')}/bridge.yaml"`)
    const configMap = pod.volumes.flatMap((volume) => ('configMap' in volume ? [volume.configMap.name] : []))
    expect(configMap).toEqual(list.configMapGenerator.map(({ name }) => name))
  })

  test('ports, probes and the image fit the settings and each other', () => {
    const ports = new Map((bridge.ports ?? []).map(({ name, containerPort }) => [name, containerPort]))
    expect(ports.get('companion')).toBe(settings?.companion?.listen.port)
    const { host, port } = settings?.ops.listen ?? { host: '', port: 0 }
    if (ports.has('ops')) expect({ host, port }).toEqual({ host: '0.0.0.0', port: ports.get('ops') })
    else expect(host).toBe('127.0.0.1')
    const paths = { startupProbe: '/livez', livenessProbe: '/livez', readinessProbe: '/readyz' } as const
    for (const [name, path] of Object.entries(paths)) {
      const { httpGet, exec } = bridge[name as keyof typeof paths] ?? {}
      if (httpGet !== undefined)
        expect({ path: httpGet.path, isPort: ports.has(httpGet.port) }).toEqual({ path, isPort: true })
      else expect(exec?.command.join(' ')).toContain(`http://127.0.0.1:${port}${path}'`)
    }
    expect(list.images.map(({ name, newTag }) => [name, newTag])).toEqual([[bridge.image, version]])
  })

  test('the process is given longer to end than it takes, and starts of any length are waited for', () => {
    const within = settings?.stop?.withinMs ?? STOP_DEFAULT.withinMs
    expect(pod.terminationGracePeriodSeconds * 1_000).toBeGreaterThanOrEqual(within + 5_000)
    const { periodSeconds = 0, failureThreshold = 0 } = bridge.startupProbe ?? {}
    expect(periodSeconds * failureThreshold).toBeGreaterThanOrEqual(60)
  })

  test('it runs as the user of the image, who owns the volume', () => {
    const user = image?.instructions.findLast(({ word }) => word === 'USER')?.rest
    const own: Partial<Container['securityContext']> = bridge.securityContext
    const all = pod.securityContext
    expect(`${own.runAsUser ?? all.runAsUser}:${own.runAsGroup ?? all.runAsGroup}`).toBe(user)
    expect(all.fsGroup).toBe(1000)
  })

  test('the volume has more room than the journal may take', () => {
    const [claim] = set.spec.volumeClaimTemplates
    const gigabytes = Number.parseInt(claim?.spec.resources.requests.storage ?? '0', 10)
    expect(gigabytes * 2 ** 30).toBeGreaterThan((settings?.journal.maxBytes ?? 0) * 2)
  })

  test('selectors find the pod, and services the ports', () => {
    const own = set.spec.template.metadata.labels
    expect(set.spec.selector.matchLabels).toEqual(own)
    const names = (bridge.ports ?? []).map(({ name }) => name)
    for (const { spec } of ofKind('Service', objects)) {
      expect(spec.selector).toEqual(own)
      for (const { targetPort } of spec.ports) expect(names).toContain(targetPort)
    }
    for (const { spec } of ofKind('PodDisruptionBudget', objects)) expect(spec.selector.matchLabels).toEqual(own)
    for (const { spec } of ofKind('NetworkPolicy', objects)) {
      expect(spec.podSelector.matchLabels).toEqual(own)
      for (const { port } of spec.ingress.flatMap(({ ports }) => ports)) expect(names).toContain(port)
    }
    for (const { spec } of ofKind('Ingress', objects))
      for (const { path, backend } of spec.rules.flatMap(({ http }) => http.paths)) {
        expect(path).toBe(settings?.companion?.path)
        const target = ofKind('Service', objects).find(({ metadata }) => metadata.name === backend.service.name)
        expect(target?.spec.ports.map(({ name }) => name)).toContain(backend.service.port.name)
      }
  })
})

test('the private port is let in from Prometheus only, and the platforms are all that is let out', () => {
  const [policy] = ofKind('NetworkPolicy', objectsIn(join(ROOT, 'stand-alone/network-policy.yaml')))
  const toOps = policy?.spec.ingress.filter(({ ports }) => ports.some(({ port }) => port === 'ops'))
  expect(toOps?.map(({ from }) => from)).toEqual([
    [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'monitoring' } } }],
  ])
  const out = policy?.spec.egress.flatMap(({ ports }) => ports.map(({ port }) => port))
  expect(out).toEqual([53, 53, 443, 7443])
})

/** Where the command line of Kubernetes is installed; it needs no cluster for this. */
const KUBECTL = 'kubectl'
const found = spawnSync(KUBECTL, ['kustomize', '--help']).status === 0
const ifFound = found ? test : test.skip
ifFound(`kubectl puts the examples together${found ? '' : ' (skipped: kubectl is not installed here)'}`, () => {
  for (const folder of ['stand-alone', 'sidecar']) {
    const { status, stdout, stderr } = spawnSync(KUBECTL, ['kustomize', join(ROOT, folder)], { encoding: 'utf8' })
    expect({ folder, status, stderr }).toEqual({ folder, status: 0, stderr: '' })
    const objects = parseAllDocuments(stdout).map((document) => document.toJS())
    const [settings] = objects.filter(({ kind }) => kind === 'ConfigMap')
    expect(Object.keys(settings.data).sort()).toEqual(['bridge.yaml', 'mappings.yaml'])
    expect(settings.metadata.name).toBe('presence-bridge')
    expect(stdout).toContain(`image: registry.example.com/presence-bridge:${version}`)
  }
})

test('a key that Kubernetes does not know would be found', () => {
  const [set] = objectsIn(join(ROOT, 'stand-alone/stateful-set.yaml'))
  expect(kubernetesObject.safeParse(set).success).toBe(true)
  expect(kubernetesObject.safeParse({ ...set, specs: {} }).success).toBe(false)
})
