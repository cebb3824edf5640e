// What was removed of a person who is to be forgotten, in figures: said to whoever asked, and kept nowhere with the name.

export type Forgotten = {
  readonly decisions: number
  /** Of writes of these decisions. */
  readonly outcomes: number
  /** What was remembered to go on with. */
  readonly states: number
  /** Who they are: names and profile. */
  readonly people: number
  /** Pauses and an adapter's small memory of them. */
  readonly marks: number
  /** Events of the bridge itself that named them: kept, without the name. */
  readonly events: number
  /** Mapping files of before that name them: kept as they are, because records are read by them. */
  readonly mappings: number
  /** Whether the journal's log beside the file was emptied too; false: somebody is reading, and the next ones to be decided write over it. */
  readonly logEmptied: boolean
  /** What a running bridge needs to go on with them was left: who is paused, what blocks them. */
  readonly keptInStep: boolean
}
