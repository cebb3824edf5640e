// The mapping file's format: the one source of its types, of the JSON Schema that editors use and of the reference page.
// It checks shapes only; what the values mean together is checked elsewhere.

import { z } from 'zod'
import { DEFAULTS } from './defaults.ts'
import * as f from './fields.ts'
import { story } from './story-schema.ts'

const status = f.text('a status name')
const statuses = f.oneOrMore('a status name or a list of them', status)
const statusesOrNone = f.anyNumber('a list of status names', status)
const person = f.text('a user name or an e-mail address')
const people = f.list('a list of user names or e-mail addresses', person)

const available = f.mapping('the available statuses of both sides', {
  crm: f.required(statusesOrNone, 'Statuses in which the CRM pushes new work to the agent.', {
    examples: [['On Queue']],
  }),
  telephony: f.required(statusesOrNone, 'Statuses in which the telephony platform pushes new work to the agent.', {
    examples: [['On Queue']],
  }),
})

const row = f.mapping('a row such as { crm: Lunch, telephony: Meal }', {
  crm: f.required(statuses, 'The CRM status or statuses of the row.', { examples: ['Break', ['Break', 'Coaching']] }),
  telephony: f.required(statuses, 'The telephony status or statuses of the row.', { examples: ['Break'] }),
  direction: f.optional(
    f.choice(['both', 'to_crm', 'to_telephony']),
    'Which side follows: both ways, or only the one named.',
    { default: DEFAULTS.direction },
  ),
})

const transition = f.either('a status name, or { status, for, then }', [
  status,
  f.mapping('a status name, or { status, for, then }', {
    status: f.optional(status, 'The transition status. In a profile it may be left out: the top level’s holds.'),
    for: f.optional(f.duration(), 'How long the transition lasts; without it, until something changes.'),
    // biome-ignore lint/suspicious/noThenProperty: the file format's word; nothing awaits a schema's shape.
    then: f.optional(status, 'The status that follows when the time is over.'),
  }),
])

const block = f.either('off, on, or a mapping such as { channels: [chat] }', [
  f.choice(['off', 'on']),
  f.yesNo(),
  f.mapping('off, on, or a mapping such as { channels: [chat] }', {
    channels: f.optional(
      f.anyNumber('a list of channels', f.text('a channel name')),
      'Channels (CRM service channels or telephony media) whose work counts; without it, all.',
      { examples: [['chat', 'case']] },
    ),
    from: f.optional(f.choice(['offered', 'accepted']), 'The state from which work counts.', {
      default: DEFAULTS.from,
    }),
    min_items: f.optional(
      f.wholeNumber({ min: 1, max: 100 }),
      'How many items must count before the side is blocked.',
      {
        default: DEFAULTS.minItems,
      },
    ),
    wrap_up: f.optional(f.yesNo(), 'Whether work in wrap-up still counts.', { default: DEFAULTS.wrapUp }),
    status: f.optional(status, 'The status shown while blocked; without it, the transition status of this side.'),
    release_after: f.optional(f.duration(), 'How long the block is held after the work ended.', {
      default: DEFAULTS.releaseAfter,
    }),
    on_override: f.optional(
      f.choice(['reassert', 'allow']),
      'What happens when the agent picks an available status while blocked: write the block status again, or give way.',
      { default: DEFAULTS.onOverride },
    ),
  }),
])

const mode = f.choice(['live', 'shadow'])

/** The keys that stand at the top level and in a profile alike. */
const rules = {
  mode: f.optional(mode, 'live writes to the platforms; shadow decides and records only.', { default: DEFAULTS.mode }),
  available: f.optional(available, 'Statuses in which each platform pushes new work.'),
  exclusive: f.optional(
    f.yesNo(),
    'true: the check also demands that no agent is ever at rest available on both sides.',
    {
      default: DEFAULTS.exclusive,
    },
  ),
  mapped: f.optional(
    f.either('a list of rows', [row, z.array(row, { error: () => 'a list of rows' })]),
    'What belongs together. The order matters: the first match is the primary one.',
    { examples: [[{ crm: 'Lunch', telephony: 'Meal' }]] },
  ),
  transition: f.optional(
    f.bySide('the transition of each side', transition, {
      crm: 'Where the CRM goes when the agent leaves a mapped telephony status for an unmapped one.',
      telephony: 'Where telephony goes when the agent leaves a mapped CRM status for an unmapped one.',
    }),
    'Where the other side goes when an agent leaves a mapped status.',
    { examples: [{ crm: 'Transition', telephony: 'Available' }] },
  ),
  unmapped: f.optional(
    f.bySide(
      'ignore, or a status of the other side, for each side',
      f.text('ignore, or a status name of the other side'),
      {
        crm: 'When an unmapped CRM status is chosen: ignore, or the telephony status to set.',
        telephony: 'When an unmapped telephony status is chosen: ignore, or the CRM status to set.',
      },
    ),
    'What a change between unmapped statuses does to the other side; ignore (the default) leaves it alone.',
  ),
  no_sync: f.optional(
    f.bySide('lists of status names by side', statusesOrNone, {
      crm: 'CRM statuses that never move telephony.',
      telephony: 'Telephony statuses that never move the CRM.',
    }),
    'Statuses that lead nowhere, not even to the transition status.',
  ),
  login: f.optional(f.choice(['follow', 'lead']), 'Whether a side that logs in follows the other one or leads it.', {
    default: DEFAULTS.login,
  }),
  startup: f.optional(
    f.choice(['adopt', 'crm', 'telephony']),
    'For agents never seen before: take both statuses as they are, or make the other side follow the one named.',
    { default: DEFAULTS.startup },
  ),
  conflict: f.optional(
    f.mapping('a mapping such as { prefer: latest, window: 2s }', {
      prefer: f.optional(f.choice(['latest', 'crm', 'telephony', 'less_available']), 'Which of two changes wins.', {
        default: DEFAULTS.prefer,
      }),
      window: f.optional(f.duration(), 'How far apart two changes may be to count as one conflict.', {
        default: DEFAULTS.window,
      }),
    }),
    'What happens when both sides change at once.',
  ),
  blocking: f.optional(
    f.bySide('the blocking of each side', block, {
      crm: 'Keeps the agent out of available CRM statuses while telephony work is open.',
      telephony: 'Keeps the agent out of available telephony statuses while CRM work is open.',
    }),
    'Blocks by the side that is blocked. A side left out, or off, is never blocked; on takes all defaults.',
    { examples: [{ telephony: { channels: ['chat', 'case'], release_after: '5s' }, crm: 'off' }] },
  ),
  limits: f.optional(
    f.mapping('a mapping of limits', {
      writes_per_minute: f.optional(
        f.wholeNumber({ min: 1, max: 1000 }),
        'Writes for one agent in a minute before the breaker trips.',
        {
          default: DEFAULTS.writesPerMinute,
        },
      ),
      freeze: f.optional(f.duration(), 'How long the breaker keeps an agent from being written to.', {
        default: DEFAULTS.freeze,
      }),
      mass_logout: f.optional(
        f.percentage(),
        'The share of a side’s agents whose log-out within 10 s is checked before it is believed.',
        {
          default: DEFAULTS.massLogout,
        },
      ),
    }),
    'Guards against writing too much.',
  ),
  confirm_within: f.optional(f.duration(), 'How long a platform may take to report a write back before it is read.', {
    default: DEFAULTS.confirmWithin,
  }),
}

const agents = f.mapping('a mapping such as { match_by: email }', {
  match_by: f.optional(
    f.choice(['email', 'username', 'employee_id', 'explicit']),
    'What is the same for one person in both systems; explicit matches the pairs only.',
    { default: DEFAULTS.matchBy },
  ),
  pairs: f.optional(
    f.list(
      'a list of pairs',
      f.mapping('a pair such as { crm: …, telephony: … }', {
        crm: f.required(person, 'The person’s user name or e-mail address in the CRM.'),
        telephony: f.required(person, 'The same person’s user name or e-mail address in telephony.'),
        profile: f.optional(
          f.text('the name of a profile'),
          'The profile that this person is in, whatever the profiles say.',
        ),
      }),
    ),
    'People whose names differ between the two systems.',
  ),
  exclude: f.optional(people, 'People who are left alone.', { examples: [['admin@acme.example']] }),
})

const group = f.text('the name of a group')

const profile = f.mapping('a profile with a name', {
  name: f.required(f.text('the name of the profile'), 'The name of the profile; stories and pairs use it.'),
  agents: f.optional(people, 'Who is in the profile.'),
  where: f.optional(
    f.mapping('a mapping such as { department: Support }', {
      department: f.optional(group, 'The person’s department.'),
      division: f.optional(group, 'The person’s division.'),
      team: f.optional(group, 'The person’s team.'),
    }),
    'Who is in the profile, by groups: all that are given must fit.',
  ),
  ...rules,
})

export const mappingFile = f.mapping('a mapping file', {
  version: f.optional(z.literal(1, { error: () => '1' }).meta({ title: '1' }), 'The version of this format.', {
    default: 1,
  }),
  ...rules,
  available: f.required(available, 'Statuses in which each platform pushes new work.'),
  mapped: f.required(
    f.either('a list of rows', [row, z.array(row, { error: () => 'a list of rows' })]),
    'What belongs together. The order matters: the first match is the primary one.',
    { examples: [[{ crm: 'Lunch', telephony: 'Meal' }]] },
  ),
  agents: f.optional(agents, 'How the people of the two systems are matched.'),
  profiles: f.optional(
    f.list('a list of profiles', profile),
    'Groups that need other rules. A key replaces the same key of the top level; inside blocking, transition, unmapped, no_sync, conflict and limits only what is named.',
  ),
  tests: f.optional(
    f.list('a list of stories', story),
    'Stories: the admin’s own tests, run by `presence-bridge test`.',
  ),
})

export type MappingFile = z.infer<typeof mappingFile>
type ProfileInput = z.infer<typeof profile>
export type RulesInput = Pick<ProfileInput, keyof typeof rules>
