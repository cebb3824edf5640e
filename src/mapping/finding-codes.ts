// The catalogue of finding codes: what each means, in one sentence. A code, once released, is never reused for something else.

type Entry = { readonly severity: 'error' | 'warning'; readonly explains: string }

const error = (explains: string): Entry => ({ severity: 'error', explains })
const warning = (explains: string): Entry => ({ severity: 'warning', explains })

export const FINDING_CODES = {
  'file-too-large': error('The file is larger than a file written by a person can be.'),
  'empty-file': error('The file holds nothing but blanks and comments.'),
  'not-a-mapping': error('The file is a list or a single value where keys with values are expected.'),
  'several-documents': error('The file holds more than one YAML document.'),
  'yaml-syntax': error('The text is not YAML.'),
  'yaml-limits': error('The file is nested too deep, or aliases make it contain itself or grow beyond what is read.'),
  'unreadable-character': error('The file is not UTF-8 text, or holds a control character.'),
  'unknown-alias': error('An alias names an anchor that is not there.'),
  'duplicate-key': error('A key stands twice in the same mapping.'),
  'unknown-key': error('The format knows no such key here.'),
  'missing-key': error('A key that must be there is not.'),
  'wrong-type': error('A value is of another kind than expected, such as a list where a name belongs.'),
  'wrong-value': error('A value is of the right kind, but none of those that are allowed.'),
  'unknown-status': error('The platform has no status of this name.'),
  'ambiguous-status': error('The name is the label of one status and the API name of another, or matches several.'),
  'status-not-settable': error(
    'The status is a system state that can be observed but not set, and is used as a target.',
  ),
  'block-available': error('A block status is itself available, so the block would not block.'),
  'block-without-status': error('A block has no status of its own and there is no transition status to take it from.'),
  'block-offline': error('A block status is Offline: blocking would log the agent out.'),
  'transition-available': error('A transition status is itself available.'),
  'transition-incomplete': error('A transition has no status, or only one of for and then.'),
  'default-available': error('The default for unmapped statuses is itself available.'),
  'available-offline': error('Offline is listed as available.'),
  'two-names': error('One status is written with its label here and its API name or id there.'),
  'row-and-no-sync': error('A status stands both in a row and in no_sync.'),
  'duplicate-row': error('A row says the same as an earlier one.'),
  'duplicate-profile': error('Two profiles have the same name.'),
  'unknown-profile': error('No profile has this name.'),
  'person-twice': error('One person is named twice where only one pair, or a pair or an exclusion, can hold.'),
  'missing-variable': error('An environment variable or a file that a settings file refers to is not there.'),
  'plain-address': error(
    'An address of another machine is plain http or ws; secrets would cross the network readable.',
  ),
  'step-unclear': error('A step of a story does nothing, or several things at once.'),
  'proof-chase': error('One event makes the bridge write again and again: it would chase itself.'),
  'proof-blocked-available': error('A side can come to rest in an available status while a block is in force.'),
  'proof-both-available': error('Although exclusive is true, an agent can come to rest available on both sides.'),
  'not-proved': warning('The rules could not be explored to the end, so nothing is said about what was not reached.'),
  'written-secret': warning('A secret is written out in a settings file.'),
  'available-without-row': warning('An available status stands in no row, so nothing follows it.'),
  'available-disagrees': warning('The available list and the platform disagree about a status.'),
  'row-adds-nothing': warning('Earlier rows say all that this row says, so it is never reached.'),
  'two-primaries': warning('A status leads to different statuses in two rows; the first row wins.'),
  'ambiguous-way-back': warning('Several rows lead back from one status and none says that it is the first choice.'),
  'repeated-name': warning('A name stands twice in one list.'),
  'similar-status': warning('Two names of one side differ by so little that one is probably a slip.'),
  'odd-character': warning('A name has something in it that is hardly seen, such as a no-break space.'),
  'unknown-channel': warning('The platform has no channel of this name.'),
  'system-state-without-row': warning('The platform puts agents into a system state that no row mentions.'),
  'status-not-granted': warning('Some agents may not be put into a status that the bridge would write.'),
  'unknown-person': warning('Nobody on the platform has this name.'),
  'empty-profile': warning('A profile changes nothing.'),
  'profile-without-members': warning(
    'Nobody is in a profile: it names neither agents nor groups, or none that exist, or others come before it.',
  ),
  'agent-in-two-profiles': warning('An agent is listed in two profiles; the first one wins.'),
  'explicit-without-pairs': warning('People are matched by explicit pairs only, and there are none.'),
  'story-status-unknown': warning('A story names a status that the mapping never names but nearly does.'),
} as const satisfies Readonly<Record<string, Entry>>

export type FindingCode = keyof typeof FINDING_CODES

/** What is said because something is not there; not said while a part of the file could not be read, as it may stand in that part. */
export const CODES_OF_ABSENCE: ReadonlySet<FindingCode> = new Set<FindingCode>([
  'block-without-status',
  'transition-incomplete',
  'unknown-profile',
  'step-unclear',
  'available-without-row',
  'available-disagrees',
  'system-state-without-row',
  'empty-profile',
  'profile-without-members',
  'unknown-person',
  'explicit-without-pairs',
  'story-status-unknown',
])
