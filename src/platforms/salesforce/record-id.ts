// Salesforce record ids come in 15 characters (case matters) and in 18 (three more that tell the case). Here they are always 18.

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/** The 18-character form of an id; anything that is not a 15-character id is given back as it is. */
export function longId(id: string): string {
  if (!/^[A-Za-z0-9]{15}$/.test(id)) return id
  return id + [0, 5, 10].map((start) => letterOf(id.slice(start, start + 5))).join('')
}

/** Whether the text may stand in a query as an id. */
export function isRecordId(id: string): boolean {
  return /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/.test(id)
}

function letterOf(part: string): string {
  const bits = [...part].reduce((sum, character, index) => sum + (/[A-Z]/.test(character) ? 2 ** index : 0), 0)
  return ALPHABET.charAt(bits)
}
