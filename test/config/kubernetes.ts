// The shapes of the Kubernetes objects that we ship, as far as they matter to us: a key that does not belong there is found.

import { z } from 'zod'

const labels = z.record(z.string(), z.string())
const metadata = z.strictObject({
  name: z.string().regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/),
  namespace: z.string().optional(),
  labels: labels.optional(),
  annotations: labels.optional(),
})
const seconds = z.int().min(1)
const quantity = z.string().regex(/^\d+(m|Mi|Gi)$/)

const httpGet = z.strictObject({ path: z.string().startsWith('/'), port: z.string() })
const probe = z
  .strictObject({
    httpGet: httpGet.optional(),
    exec: z.strictObject({ command: z.array(z.string()).min(1) }).optional(),
    periodSeconds: seconds,
    timeoutSeconds: seconds.optional(),
    failureThreshold: z.int().min(1),
  })
  .refine(({ httpGet, exec }) => (httpGet === undefined) !== (exec === undefined), 'either httpGet or exec')

const restricted = z.strictObject({
  runAsUser: z.int().min(1).optional(),
  runAsGroup: z.int().min(1).optional(),
  allowPrivilegeEscalation: z.literal(false),
  readOnlyRootFilesystem: z.literal(true),
  capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }),
})

const container = z.strictObject({
  name: z.string(),
  image: z.string(),
  restartPolicy: z.literal('Always').optional(),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
  ports: z.array(z.strictObject({ name: z.string().max(15), containerPort: z.int().min(1).max(65_535) })).optional(),
  securityContext: restricted,
  resources: z.strictObject({
    requests: z.strictObject({ cpu: quantity, memory: quantity, 'ephemeral-storage': quantity.optional() }),
    limits: z.strictObject({ memory: quantity, 'ephemeral-storage': quantity.optional() }),
  }),
  startupProbe: probe.optional(),
  livenessProbe: probe.optional(),
  readinessProbe: probe.optional(),
  volumeMounts: z
    .array(
      z.strictObject({ name: z.string(), mountPath: z.string().startsWith('/'), readOnly: z.boolean().optional() }),
    )
    .optional(),
})
export type Container = z.infer<typeof container>

const podSpec = z.strictObject({
  automountServiceAccountToken: z.literal(false),
  enableServiceLinks: z.literal(false),
  terminationGracePeriodSeconds: seconds,
  securityContext: z.strictObject({
    runAsNonRoot: z.literal(true),
    runAsUser: z.int().min(1).optional(),
    runAsGroup: z.int().min(1).optional(),
    fsGroup: z.int(),
    fsGroupChangePolicy: z.literal('OnRootMismatch'),
    seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }),
  }),
  initContainers: z.array(container).optional(),
  containers: z.array(container).min(1),
  volumes: z.array(
    z.union([
      z.strictObject({ name: z.string(), configMap: z.strictObject({ name: z.string() }) }),
      z.strictObject({ name: z.string(), secret: z.strictObject({ secretName: z.string(), defaultMode: z.int() }) }),
    ]),
  ),
})

const statefulSet = z.strictObject({
  apiVersion: z.literal('apps/v1'),
  kind: z.literal('StatefulSet'),
  metadata,
  spec: z.strictObject({
    replicas: z.literal(1),
    serviceName: z.string(),
    selector: z.strictObject({ matchLabels: labels }),
    persistentVolumeClaimRetentionPolicy: z
      .strictObject({ whenDeleted: z.literal('Retain'), whenScaled: z.literal('Retain') })
      .optional(),
    template: z.strictObject({ metadata: z.strictObject({ labels }), spec: podSpec }),
    volumeClaimTemplates: z.array(
      z.strictObject({
        metadata,
        spec: z.strictObject({
          accessModes: z.tuple([z.enum(['ReadWriteOnce', 'ReadWriteOncePod'])]),
          resources: z.strictObject({ requests: z.strictObject({ storage: quantity }) }),
        }),
      }),
    ),
  }),
})

const service = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Service'),
  metadata,
  spec: z.strictObject({
    clusterIP: z.literal('None').optional(),
    publishNotReadyAddresses: z.boolean().optional(),
    selector: labels,
    ports: z.array(z.strictObject({ name: z.string(), port: z.int(), targetPort: z.string() })).min(1),
  }),
})

const ingress = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('Ingress'),
  metadata,
  spec: z.strictObject({
    ingressClassName: z.string(),
    tls: z.array(z.strictObject({ hosts: z.array(z.string()), secretName: z.string() })).min(1),
    rules: z.array(
      z.strictObject({
        host: z.string(),
        http: z.strictObject({
          paths: z.array(
            z.strictObject({
              path: z.string(),
              pathType: z.enum(['Exact', 'Prefix']),
              backend: z.strictObject({
                service: z.strictObject({ name: z.string(), port: z.strictObject({ name: z.string() }) }),
              }),
            }),
          ),
        }),
      }),
    ),
  }),
})

const peer = z.union([
  z.strictObject({ namespaceSelector: z.strictObject({ matchLabels: labels }) }),
  z.strictObject({ ipBlock: z.strictObject({ cidr: z.string(), except: z.array(z.string()).optional() }) }),
])
const allowed = z
  .array(z.strictObject({ protocol: z.enum(['TCP', 'UDP']), port: z.union([z.string(), z.int()]) }))
  .min(1)
const networkPolicy = z.strictObject({
  apiVersion: z.literal('networking.k8s.io/v1'),
  kind: z.literal('NetworkPolicy'),
  metadata,
  spec: z.strictObject({
    podSelector: z.strictObject({ matchLabels: labels }),
    policyTypes: z.tuple([z.literal('Ingress'), z.literal('Egress')]),
    ingress: z.array(z.strictObject({ from: z.array(peer).min(1), ports: allowed })),
    egress: z.array(z.strictObject({ to: z.array(peer).min(1), ports: allowed })),
  }),
})

const disruptionBudget = z.strictObject({
  apiVersion: z.literal('policy/v1'),
  kind: z.literal('PodDisruptionBudget'),
  metadata,
  spec: z.strictObject({
    minAvailable: z.literal(1),
    unhealthyPodEvictionPolicy: z.literal('AlwaysAllow'),
    selector: z.strictObject({ matchLabels: labels }),
  }),
})

const namespace = z.strictObject({ apiVersion: z.literal('v1'), kind: z.literal('Namespace'), metadata: metadata })
const secret = z.strictObject({
  apiVersion: z.literal('v1'),
  kind: z.literal('Secret'),
  metadata,
  type: z.literal('Opaque'),
  stringData: z.record(z.string(), z.string()),
})

export const kubernetesObject = z.discriminatedUnion('kind', [
  statefulSet,
  service,
  ingress,
  networkPolicy,
  disruptionBudget,
  namespace,
  secret,
])
export type KubernetesObject = z.infer<typeof kubernetesObject>

export const kustomization = z.strictObject({
  namespace: z.string(),
  resources: z.array(z.string()).min(1),
  configMapGenerator: z.tuple([z.strictObject({ name: z.string(), files: z.array(z.string()) })]),
  generatorOptions: z.strictObject({ disableNameSuffixHash: z.literal(true) }),
  labels: z.array(z.strictObject({ pairs: labels })).optional(),
  images: z.tuple([z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })]),
})
