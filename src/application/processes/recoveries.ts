import { openingOf, placeIn } from '../../domain/case/case.js'
import { evolveCase, noCase } from '../../domain/case/facts.js'
import { DomainError } from '../../domain/errors.js'
import type { RecoveryCommand } from '../../domain/recovery/commands.js'
import { recoveryDecider } from '../../domain/recovery/decide.js'
import type { RecoveryEvent } from '../../domain/recovery/events.js'
import type { Recovery } from '../../domain/recovery/recovery.js'
import { endOfTime, shanghaiDateOf } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { CaseId, Ordinal } from '../../domain/values/identifiers.js'
import { codec } from '../../event-store/codec.js'
import { assertWithinScope, type Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { assertDatesInReach } from '../dates-in-reach.js'
import { caseStream, recoveryStream } from '../streams.js'
import type { ProcessParts } from './parts.js'

/** None of these takes from a later payment, so no rule on offsets is needed. */
const decider = recoveryDecider({ offsetAllowed: false })

type OfficersCommand = Exclude<RecoveryCommand, { type: 'CompareWithPaid' | 'ApplyOffset' }>

export interface RecoveryRequest {
  readonly caseId: CaseId
  readonly command: OfficersCommand
  readonly caller: Caller
  /** What was asked: the command also holds the day on which it is decided. */
  readonly request: unknown
  readonly expectedVersion?: number
}

/**
 * What officers decide about a recovery, for the place where its case is now.
 *
 * @throws DomainError of the recovery; `case-unknown`, `division-outside-scope`, `fact-in-future`
 */
export async function handleRecoveryCommand(
  parts: Pick<ProcessParts, 'handler' | 'clock'>,
  { caseId, command, ...request }: RecoveryRequest,
): Promise<Handled<RecoveryEvent>> {
  const place = await placeOfRecovery(parts, caseId)
  assertWithinScope(request.caller.actor, place)
  assertDatesInReach(command, shanghaiDateOf(parts.clock.now()))
  return parts.handler.handle({ ...request, stream: recoveryStream(caseId), decider, command })
}

/** Where the case of a recovery is now. Refuses 'case-unknown'. */
export async function placeOfRecovery(
  { handler }: Pick<ProcessParts, 'handler'>,
  caseId: CaseId,
): Promise<DivisionCode> {
  const stream = caseStream(caseId)
  const { state } = await handler.load(stream, { initial: noCase, evolve: evolveCase })
  const place = openingOf(state) && placeIn(state, endOfTime)
  if (!place) throw new DomainError('case-unknown', { caseId })
  return place.division
}

/** A step of a recovery, as the log has it. */
export interface RecoveryStep {
  readonly ordinal: Ordinal
  readonly recorded: string
  readonly actor: string
  readonly event: RecoveryEvent
}

export interface RecoveryHistory {
  readonly state: Recovery
  readonly version: number
  readonly steps: readonly RecoveryStep[]
}

/** A recovery with all that was decided about it; without steps where nothing was ever found. */
export async function recoveryHistory(
  { store }: Pick<ProcessParts, 'store'>,
  caseId: CaseId,
): Promise<RecoveryHistory> {
  const { kind, name } = recoveryStream(caseId)
  const stored = await store.readStream(name)
  const steps = stored.map((one) => ({
    ordinal: one.ordinal,
    recorded: one.recorded,
    actor: one.actor,
    event: codec.eventOf(kind, one),
  }))
  const state = steps.reduce((sum, { event }) => decider.evolve(sum, event), decider.initial)
  return { state, version: stored.length - 1, steps }
}
