// The format of stories, in a `tests:` block or a file of their own.

import { z } from 'zod'
import { REASONS } from '../domain/reason.ts'
import { SIDES } from '../domain/side.ts'
import { END_STATES, OPEN_STATES } from '../domain/work.ts'
import * as f from './fields.ts'

const status = f.text('a status name')
const side = f.choice(SIDES)
const [firstReason, ...otherReasons] = Object.keys(REASONS)
const reason = f.choice([firstReason ?? 'mapped', ...otherReasons])
const count = f.wholeNumber({ min: 0, max: 1000 })
/** More than a mass log-out needs (R22), few enough for a story to be played in no time. */
const COLLEAGUES_MAX = 50
const afresh = f.either('true or fresh', [
  z.literal(true, { error: () => 'true' }),
  z.literal('fresh', { error: () => 'fresh' }),
])
const last = z.literal('last', { error: () => 'last' }).meta({ title: 'last' })
/** Item ids are often plain numbers; they are compared as text. */
const item = f.either('an id for the work item', [
  f.text('an id for the work item'),
  z.number({ error: () => 'an id for the work item' }),
])

const work = f.mapping('a mapping such as { side: crm, id: c1, channel: chat, state: offered }', {
  side: f.required(side, 'Where the work is.'),
  id: f.required(item, 'The id of the work item; the same id is the same item.'),
  channel: f.optional(f.text('a channel name'), 'The channel or medium; without it, it is not known (yet).'),
  state: f.required(f.choice([...OPEN_STATES, ...END_STATES]), 'The state that the platform reports.'),
})

const link = f.mapping('a mapping such as { side: telephony, up: false }', {
  side: f.required(side, 'Whose event stream.'),
  up: f.required(f.yesNo(), 'false cuts the stream, true brings it back.'),
  writes: f.optional(f.yesNo(), 'Whether writes still work while the stream is cut.', { default: true }),
})

const writeResult = f.mapping('a mapping such as { side: crm, next: refused }', {
  side: f.required(side, 'Whose answers.'),
  next: f.required(
    f.choice(['transient', 'refused', 'ignored', 'rate_limited']),
    'What the platform answers to the next writes.',
  ),
  times: f.optional(f.wholeNumber({ min: 1, max: 100 }), 'To how many writes.', { default: 1 }),
  after: f.optional(f.wholeNumber({ min: 0, max: 100 }), 'How many writes it accepts before.', { default: 0 }),
})

const EXAMPLE_OF_SOMEBODY = 'a mapping such as { side: telephony, status: Offline }'
const somebody = {
  side: f.required(side, 'On which side.'),
  status: f.required(status, 'Which status.'),
}

const rumour = f.mapping(EXAMPLE_OF_SOMEBODY, {
  ...somebody,
  about: f.optional(
    f.choice(['agent', 'everybody']),
    'Of whom it is reported; everybody: of the colleagues and then of the agent.',
    { default: 'agent' },
  ),
})

const expectation = f.mapping('a mapping such as { crm: Busy, reason: mapped }', {
  crm: f.optional(status, 'What the CRM shows after the step.'),
  telephony: f.optional(status, 'What telephony shows after the step.'),
  reason: f.optional(
    f.oneOrMore('a reason code or a list of them', reason),
    'Reason codes that are among those of the step’s decisions.',
  ),
  writes: f.optional(
    f.bySide('counts by side', count, {
      crm: 'Writes that the CRM accepted in this step.',
      telephony: 'Writes that telephony accepted in this step.',
    }),
    'How many writes the platforms accepted since the step began.',
  ),
  blocked: f.optional(f.anyNumber('a list of sides', side), 'Exactly the sides with a block in force; [] for none.'),
})

/** What may also happen at the same instant as something else. */
const happenings = {
  crm: f.optional(status, 'Someone sets this status in the CRM; Offline logs out.'),
  telephony: f.optional(status, 'Someone sets this status in telephony; Offline logs out.'),
  by: f.optional(f.choice(['agent', 'supervisor', 'system']), 'Who sets the status.', { default: 'agent' }),
  work: f.optional(work, 'The platform reports work.'),
  link: f.optional(link, 'The platform’s event stream is cut or comes back.'),
  write_result: f.optional(writeResult, 'What the platform answers to the next writes.'),
  repeat: f.optional(last, 'The last event of each side is delivered again, the CRM’s first.'),
  stranger: f.optional(
    f.mapping(EXAMPLE_OF_SOMEBODY, somebody),
    'Somebody whom the mapping file does not match with anybody sets a status.',
  ),
  colleagues: f.optional(f.mapping(EXAMPLE_OF_SOMEBODY, somebody), 'All colleagues of the story set a status.'),
  rumour: f.optional(rumour, 'The event stream reports a status that the platform itself does not show.'),
}

const stepAtOnce = f.mapping(
  'a step that can happen together with others: crm, telephony, work, link, write_result, repeat, stranger, colleagues or rumour',
  happenings,
)

const step = f.mapping('a step such as { crm: On Queue }', {
  ...happenings,
  wait: f.optional(f.duration(), 'Virtual time passes.'),
  together: f.optional(
    f.list('a list of steps', stepAtOnce),
    'Steps that happen at the same instant, before the bridge hears of any.',
  ),
  restart: f.optional(
    afresh,
    'The daemon is killed and started again with its stored state; fresh: without it, as on its first day.',
  ),
  reload: f.optional(f.text('the name of a mapping file'), 'Another mapping takes over; relative to this file.'),
  expect: f.optional(expectation, 'What holds after the whole step; what is not named is not checked.'),
})

export const story = f.mapping('a story with a name and steps', {
  name: f.required(f.text('the name of the story'), 'What the story shows, as a sentence.'),
  profile: f.optional(f.text('the name of a profile'), 'The profile whose rules apply; without it, the top level’s.'),
  start: f.optional(
    f.bySide('a status for each side', status, { crm: 'Where the CRM starts.', telephony: 'Where telephony starts.' }),
    'The statuses before the first step, adopted without writes; a side left out is Offline.',
  ),
  colleagues: f.optional(
    f.wholeNumber({ min: 0, max: COLLEAGUES_MAX }),
    'How many other agents there are; they start like the agent. What is expected is always about the one agent.',
    { default: 0 },
  ),
  steps: f.required(f.list('a list of steps', step), 'What happens, 10 s apart.'),
})

export const storiesFile = f.mapping('a stories file', {
  mappings: f.optional(
    f.text('the name of a mapping file'),
    'The mapping file that the stories run against; relative to this file.',
  ),
  stories: f.required(f.list('a list of stories', story), 'The stories.'),
})

export type StoryInput = z.infer<typeof story>
export type StepInput = z.infer<typeof step>
