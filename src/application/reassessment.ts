import { isOnRoll, placeIn } from '../domain/case/case.js'
import { caseDecider } from '../domain/case/decide.js'
import type { Cause } from '../domain/case/events.js'
import { DomainError } from '../domain/errors.js'
import { type Policy, programmeOf } from '../domain/policy/policy.js'
import type { Month } from '../domain/values/calendar.js'
import type { DivisionCode } from '../domain/values/division.js'
import { ActorId, CaseId, type Ordinal } from '../domain/values/identifiers.js'
import { codec } from '../event-store/codec.js'
import type { StoredEvent } from '../event-store/event-store.js'
import type { BulkParts } from './bulk/decide-on-roll.js'
import { reassessRoll } from './bulk/reassess-roll.js'
import type { Roll } from './bulk/roll-reader.js'
import type { Caller } from './caller.js'
import { handleCaseCommand } from './processes/cases.js'
import { caseStream } from './streams.js'

/** How far facts and policy have become decisions, kept where a restart finds it. */
export interface ReassessmentCheckpoint {
  /** `beforeFirst` when nothing was reassessed yet. */
  read(): Promise<Ordinal>
  write(through: Ordinal): Promise<void>
}

export interface ReassessmentParts extends BulkParts {
  readonly checkpoint: ReassessmentCheckpoint
}

/** What a pass did: cases that changed, and those that refused with the reason. */
export interface ReassessmentPass {
  readonly through: Ordinal
  readonly changed: number
  readonly refused: readonly { readonly caseId: CaseId; readonly code: DomainError['code'] }[]
}

/** Few: chunks of a run's lines are among them, some 60 KB each, and several times that parsed. */
const eventsAtOnce = 100

/**
 * Makes decisions of what was learned since the last pass, as far as the dated rules let it decide
 * itself: a standard set reassesses its roll, an income assessed its case. Each event is a request
 * of its own, so that a pass that a crash cut short adds nothing twice.
 */
export async function reassessThroughHead(parts: ReassessmentParts): Promise<ReassessmentPass> {
  let through = await parts.checkpoint.read()
  let changed = 0
  const refused: ReassessmentPass['refused'][number][] = []
  // Until nothing is left: the decisions of this pass are events after the head it began with, and
  // a run that froze before them would pay what they corrected.
  for (;;) {
    const events = await parts.store.readAll({ after: through, limit: eventsAtOnce })
    const last = events.at(-1)
    if (!last) return { through, changed, refused }
    const { policy } = await parts.policies.latest()
    for (const event of events) {
      const outcome = await reassessAfter(parts, event, policy)
      changed += outcome.changed
      refused.push(...outcome.refused)
    }
    through = last.ordinal
    await parts.checkpoint.write(through)
  }
}

type Outcome = Pick<ReassessmentPass, 'changed' | 'refused'>

const nothing: Outcome = { changed: 0, refused: [] }

function reassessAfter(
  parts: ReassessmentParts,
  stored: StoredEvent,
  policy: Policy,
): Promise<Outcome> | Outcome {
  switch (stored.type) {
    case 'StandardSet':
      return afterStandard(parts, stored)
    case 'IncomeAssessed':
      return decidesIncome(policy) ? afterIncome(parts, stored, policy) : nothing
    default:
      return nothing
  }
}

/** Who came onto the roll after the standard's month and before it was known was granted less. */
async function afterStandard(parts: ReassessmentParts, stored: StoredEvent): Promise<Outcome> {
  const { data } = codec.eventOf('standard', stored)
  const { division, document, from, programme } = data
  const caller = callerFor(stored, division)
  // Who comes later gets it with the entry, the position taken over or the move.
  const roll = { programmes: [programme], division, month: from, ordinal: stored.ordinal }
  const cause = { kind: 'standard' as const, note: `标准自${from}起调整`, document }
  const outcomes: Outcome[] = [
    await reassessRoll(parts, { roll, caller, cause, mode: 'automatic' }),
  ]
  for (const month of await parts.rolls.laterEntries(roll)) {
    const later = { roll: { ...roll, month }, caller: { ...caller, key: `${caller.key}/${month}` } }
    outcomes.push(await reassessRoll(parts, { ...later, cause, mode: 'automatic' }))
  }
  return {
    changed: outcomes.reduce((sum, { changed }) => sum + changed, 0),
    refused: outcomes.flatMap(({ refused }) => refused),
  }
}

/** Whether any rule lets an income decide: most ledgers need not look at their cases at all. */
function decidesIncome({ programmes }: Policy): boolean {
  return programmes.some(({ rules }) => rules.some(({ rule }) => rule.automatic.includes('income')))
}

async function afterIncome(
  parts: ReassessmentParts,
  stored: StoredEvent,
  policy: Policy,
): Promise<Outcome> {
  const event = codec.eventOf('case', stored)
  if (event.type !== 'IncomeAssessed') return nothing
  const caseId = CaseId.parse(stored.stream.slice('case-'.length))
  const { basis, from } = event.data
  const { state } = await parts.handler.load(caseStream(caseId), caseDecider(policy))
  const place = placeIn(state, from)
  if (!place || !isOnRoll(state, from)) return nothing
  const caller = callerFor(stored, place.division)
  const cause = { kind: 'income' as const, note: basis, document: null }
  return reassessCase(parts, { caseId, caller, cause, from })
}

async function reassessCase(
  parts: ReassessmentParts,
  of: {
    readonly caseId: CaseId
    readonly caller: Caller
    readonly cause: Cause
    readonly from: Month
  },
): Promise<Outcome> {
  const { caller, caseId, cause, from } = of
  const by = caller.actor.sub
  const command = { type: 'ReassessBenefit', from, cause, mode: 'automatic', by } as const
  try {
    const { changed } = await handleCaseCommand(parts, { caseId, command, caller })
    return { changed: changed ? 1 : 0, refused: [] }
  } catch (error) {
    if (error instanceof DomainError) return { changed: 0, refused: [{ caseId, code: error.code }] }
    throw error
  }
}

/** The ledger itself acts, by the rule, in the place that the event is about. */
const reassessor = ActorId.parse('reassessment')

function callerFor(stored: StoredEvent, division: DivisionCode): Caller {
  return {
    actor: { sub: reassessor, roles: [], division },
    key: `reassess/${stored.eventId}`,
    correlation: stored.correlation,
  }
}

/** A run that is about to be opened. */
export interface RunAhead extends Pick<Roll, 'programmes' | 'division'> {
  readonly period: Month
  readonly caller: Caller
}

/**
 * Brings the decisions of a roll up to its facts, its policy and its people's ages before a run
 * freezes it. Answers how many cases changed.
 */
export async function bringRollUpToDate(
  parts: ReassessmentParts,
  { caller, division, period, programmes }: RunAhead,
): Promise<number> {
  const { policy } = await parts.policies.latest()
  const byAge = programmes.filter((one) => programmeOf(policy, one).kind === 'age-band')
  let changed = 0
  if (byAge.length > 0) {
    const aged = await reassessRoll(parts, {
      roll: { programmes: byAge, division, month: period, ordinal: await parts.store.head() },
      caller,
      cause: { kind: 'age', note: '达到年龄档次', document: null },
      mode: 'automatic',
    })
    changed = aged.changed
  }
  return changed + (await reassessThroughHead(parts)).changed
}
