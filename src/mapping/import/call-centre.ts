// A call-centre definition (XML) of Cisco's Webex Contact Center connectors. Three items of it are about presence; the connectors have named
// them differently, and both sets of names are known here (files read 2026: CiscoDevNet/webex-contact-center-crm-integrations,
// Salesforce/sfdc-callcenter-definition-file.xml, and webex/webex-contact-center-crm-connectors, salesforce/cti/OpenCTI.callCenter-meta.xml).
// Not verified: that the older connector's defaultOmniStateForCall is the CRM's status and defaultOmniStateForOmniChannel telephony's idle
// code, as the labels speak of "idle code" for both; and from which moment of the work on. The file that is made says so.

import { otherSide, type Side, sideName } from '../../domain/side.ts'
import { loosely } from '../nearest.ts'
import { type FoundBlock, type FoundEntry, type ImportSource, type ReadResult, unreadable } from './found.ts'
import { parseItems, type XmlItem } from './xml-items.ts'

const SWITCHES = names(['isOmniStateSyncEnabled', 'enableOmniChannelSync'])
/** By the side that shows the status while there is work on the other one. */
const STATUSES: Readonly<Record<Side, ReadonlySet<string>>> = {
  crm: names(['defaultOmniStateForCall', 'omniChannelNotReadyReason']),
  telephony: names(['defaultOmniStateForOmniChannel', 'wxCCIdleReasonCode']),
}
const UNSURE = names(['defaultOmniStateForCall', 'defaultOmniStateForOmniChannel'])

const NO_ROWS =
  'The connector paired no statuses: it set one on each side while there was work on the other. The rows are yours to write.'
const NOT_OURS =
  'None of its items is about presence: there is neither isOmniStateSyncEnabled nor enableOmniChannelSync nor what goes with them.'

export function readCallCentre({ file, text }: ImportSource): ReadResult {
  const parsed = parseItems(text)
  if (parsed.kind === 'unreadable') return parsed
  const toggle = parsed.items.find(({ name }) => SWITCHES.has(loosely(name)))
  const settings = parsed.items.flatMap((item) => {
    const side = sideOf(item)
    return side === null ? [] : [{ item, side }]
  })
  if (toggle === undefined && settings.length === 0) return unreadable(NOT_OURS)
  const on = loosely(toggle?.value ?? '') === 'true'
  const blocks: FoundBlock[] = []
  const entries: FoundEntry[] = []
  for (const { item, side } of settings) {
    const origin = { file, line: item.line }
    const known = blocks.some((block) => block.side === side)
    const nothing = item.value === '' && !on
    if (item.value === '' || known)
      entries.push({ kind: nothing ? 'note' : 'left_out', origin, words: unusable(item, side) })
    else blocks.push({ side, on, status: item.value, channels: null, from: 'accepted', origins: [origin] })
  }
  const others = parsed.items.length - settings.length - (toggle === undefined ? 0 : 1)
  const remarks = [
    NO_ROWS,
    ...(toggle === undefined ? ['Nothing says whether state sync is on; it is taken for off.'] : []),
    ...(settings.some(({ item }) => UNSURE.has(loosely(item.name)))
      ? ['Which of the two idle codes belongs to which side is taken from the names of the items; please check it.']
      : []),
    ...(others > 0 ? [`${others} other items of the definition are not about presence.`] : []),
  ]
  return { kind: 'found', found: { title: 'a call-centre definition', entries, blocks, remarks } }
}

function sideOf({ name }: XmlItem): Side | null {
  const word = loosely(name)
  if (STATUSES.crm.has(word)) return 'crm'
  return STATUSES.telephony.has(word) ? 'telephony' : null
}

function unusable({ name, value }: XmlItem, side: Side): string {
  if (value !== '') return `${name} ("${value}") says again what ${sideName(side)} shows meanwhile.`
  return `${name} is empty: nothing says what ${sideName(side)} shows while there is work in ${sideName(otherSide(side))}.`
}

function names(all: readonly string[]): ReadonlySet<string> {
  return new Set(all.map(loosely))
}
