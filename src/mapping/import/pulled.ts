// The platforms' statuses as they were read and put aside in a file, so that a mapping can be checked without the platforms.

import { z } from 'zod'
import type { Catalogue, CatalogueStatus, PlatformSetup } from '../../domain/platform.ts'
import { type BySide, type PlatformUserId, SIDES, type StatusId } from '../../domain/side.ts'

/** One side, with what it calls itself, and more of its set-up where it has more. */
export type Pulled = Catalogue & { readonly title: string; readonly setup?: PlatformSetup }

export type PulledFile = {
  readonly version: 1
  /** ISO 8601. */
  readonly readAt: string
} & Partial<BySide<Pulled>>

const statusId = z
  .string()
  .min(1)
  .transform((id) => id as StatusId)

const status = z.object({
  id: statusId,
  label: z.string(),
  apiName: z.string(),
  available: z
    .boolean()
    .nullable()
    .transform((available) => available ?? undefined),
  settable: z.boolean(),
  /** Ids of people. */
  grantedTo: z
    .array(z.string().transform((id) => id as PlatformUserId))
    .transform((ids) => new Set(ids))
    .optional(),
})

/** What is not known is left out, not undefined: the domain tells the two apart. */
const known = status.transform(({ grantedTo, ...one }): CatalogueStatus => {
  return grantedTo === undefined ? one : { ...one, grantedTo }
})

const setup = z.object({
  tables: z.array(
    z.object({
      title: z.string(),
      columns: z.array(z.string()),
      rows: z.array(z.array(z.string())),
      warnings: z.array(z.string()),
    }),
  ),
  setByItself: z.array(z.object({ status: statusId, when: z.string() })),
})

const side = z
  .object({ title: z.string(), statuses: z.array(known), channels: z.array(z.string()), setup: setup.optional() })
  .transform(({ setup: more, ...read }): Pulled => (more === undefined ? read : { ...read, setup: more }))

const pulledFile = z.object({
  version: z.literal(1),
  readAt: z.iso.datetime(),
  crm: side.optional(),
  telephony: side.optional(),
})

/** What is not known of a status is null, so that it stands in the file. */
export function pulledText(sides: Partial<BySide<Pulled>>, readAt: string): string {
  const plain = Object.fromEntries(
    SIDES.flatMap((name) => {
      const found = sides[name]
      if (found === undefined) return []
      const statuses = found.statuses.map(({ grantedTo, ...one }) => ({
        ...one,
        available: one.available ?? null,
        ...(grantedTo === undefined ? {} : { grantedTo: [...grantedTo] }),
      }))
      const more = found.setup === undefined ? {} : { setup: found.setup }
      return [[name, { title: found.title, statuses, channels: found.channels, ...more }]]
    }),
  )
  return `${JSON.stringify({ version: 1, readAt, ...plain }, null, 2)}\n`
}

/** A sentence where the text is something else. */
export function parsePulled(text: string): PulledFile | string {
  try {
    const found = pulledFile.safeParse(JSON.parse(text))
    if (!found.success) {
      const [issue] = found.error.issues
      return `it is no file of "catalogue --save" (${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''})`
    }
    const { version, readAt, crm, telephony } = found.data
    return { version, readAt, ...(crm === undefined ? {} : { crm }), ...(telephony === undefined ? {} : { telephony }) }
  } catch (error) {
    return `it is not JSON (${error instanceof Error ? error.message : String(error)})`
  }
}
