// The bridge's own notification channels, kept over a restart: whoever starts again uses them instead of making more.

import * as z from 'zod'

/** Small durable memory. */
export type Marks = { get(key: string): string | undefined; set(key: string, value: string): void }

const KEY = 'genesys-cloud.channels'

/** A channel that was made; `expiresAt` in ms since 1970. */
const Made = z.object({
  id: z.string(),
  connectUri: z.url(),
  expiresAt: z.number(),
  lifeMs: z.number().positive(),
})
export type Made = Readonly<z.infer<typeof Made>>

const Remembered = z.array(Made)

export function rememberedChannels(marks: Marks | undefined): readonly Made[] {
  try {
    const read = Remembered.safeParse(JSON.parse(marks?.get(KEY) ?? '[]'))
    return read.success ? read.data : []
  } catch {
    return []
  }
}

export function writeChannels(marks: Marks, channels: readonly Made[]): void {
  const text = JSON.stringify(channels)
  if (marks.get(KEY) !== text) marks.set(KEY, text)
}
