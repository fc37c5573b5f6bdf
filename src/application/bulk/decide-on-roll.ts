import type { CaseCommand } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import type { CaseEvent } from '../../domain/case/events.js'
import { DomainError } from '../../domain/errors.js'
import type { Policy } from '../../domain/policy/policy.js'
import type { CaseId } from '../../domain/values/identifiers.js'
import { codec } from '../../event-store/codec.js'
import type { Append } from '../../event-store/event-store.js'
import { canonicalJson } from '../../integrity/canonical-json.js'
import { appendKeyOf, assertWithinScope, type Caller } from '../caller.js'
import type { CommandHandlerParts } from '../command-handler.js'
import { handleCaseOfRoll, settleCase } from '../processes/cases.js'
import type { ProcessParts } from '../processes/parts.js'
import { caseStream } from '../streams.js'
import { pagesOf, type Roll, type RollCase, type RollReader } from './roll-reader.js'

export type BulkParts = Pick<ProcessParts, 'handler' | 'policies'> &
  Pick<CommandHandlerParts, 'store' | 'clock' | 'hashes'> & { readonly rolls: RollReader }

/** How far a bulk decision has come; called after every chunk. */
export interface BulkProgress {
  readonly examined: number
  readonly changed: number
}

export interface BulkOptions {
  /** Counts and refuses as it would, and writes nothing. */
  readonly dryRun?: boolean
  readonly onProgress?: (progress: BulkProgress) => void
}

/** One decision about every case of a roll. */
export interface RollDecision extends BulkOptions {
  readonly roll: Roll
  readonly caller: Caller
  /** With the caller and the case it makes the append key: a case is decided once. */
  readonly step: string
  /** What to ask of a page of cases, in their order; null for a case that is left alone. */
  readonly commandsFor: (cases: readonly RollCase[]) => Promise<readonly (CaseCommand | null)[]>
  /** Told of each case in turn what was decided, or would be in a dry run. */
  readonly onDecided?: (decided: Decided) => void
  /** Told what a case refused. */
  readonly onRefused?: (command: CaseCommand) => void
}

export interface Decided {
  readonly on: RollCase
  readonly command: CaseCommand
  readonly events: readonly CaseEvent[]
}

export interface RefusedCase {
  readonly caseId: CaseId
  readonly code: DomainError['code']
}

export interface BulkOutcome extends BulkProgress {
  /** Cases that refused; the others were decided. No more than the first thousand. */
  readonly refused: readonly RefusedCase[]
  readonly refusedCount: number
}

/** Cases decided and appended at once: interactive work waits no longer than for one chunk. */
const casesPerChunk = 500
const refusedKept = 1000

/** The work under way: counts, and what every chunk needs. */
interface Work extends RollDecision {
  readonly policy: Policy
  readonly refused: RefusedCase[]
  examined: number
  changed: number
  refusedCount: number
}

/**
 * Decides about every case of a roll in chunks, each case under a key of its own: after a crash
 * the same request goes through the roll again and adds what is missing. A case that refuses is
 * listed and stops nobody else.
 */
export async function decideOnRoll(parts: BulkParts, decision: RollDecision): Promise<BulkOutcome> {
  assertWithinScope(decision.caller.actor, decision.roll.division)
  const { policy } = await parts.policies.latest()
  const counts = { examined: 0, changed: 0, refusedCount: 0 }
  const work: Work = { ...decision, policy, refused: [], ...counts }
  let underWay: Promise<void> = Promise.resolve()
  for await (const page of pagesOf(parts.rolls, decision.roll, casesPerChunk)) {
    const commands = await decision.commandsFor(page)
    const decided = page.flatMap((on, at) => decide(work, on, commands[at] ?? null))
    await underWay
    // The next page is read and decided while the log writes this one.
    underWay = finishChunk(parts, work, { examined: page.length, decided })
    underWay.catch(() => undefined)
  }
  await underWay
  const { changed, examined, refused, refusedCount } = work
  return { changed, examined, refused, refusedCount }
}

async function finishChunk(
  parts: BulkParts,
  work: Work,
  chunk: { readonly examined: number; readonly decided: readonly Decided[] },
): Promise<void> {
  const { decided, examined } = chunk
  const changed = work.dryRun ? decided.length : await write(parts, work, decided)
  work.examined += examined
  work.changed += changed
  for (const one of decided) work.onDecided?.(one)
  work.onProgress?.({ examined: work.examined, changed: work.changed })
}

function decide(work: Work, on: RollCase, command: CaseCommand | null): readonly Decided[] {
  if (!command) return []
  try {
    const events = caseDecider(work.policy).decide(command, on.state)
    return events.length === 0 ? [] : [{ on, command, events }]
  } catch (error) {
    refuse(work, { on, command }, error)
    return []
  }
}

function refuse(
  work: Work,
  { command, on: { caseId } }: Omit<Decided, 'events'>,
  error: unknown,
): void {
  if (!(error instanceof DomainError)) throw error
  work.refusedCount += 1
  work.onRefused?.(command)
  if (work.refused.length < refusedKept) work.refused.push({ caseId, code: error.code })
}

/** Appends a chunk; answers how many cases changed. */
async function write(parts: BulkParts, work: Work, decided: readonly Decided[]): Promise<number> {
  if (decided.length === 0) return 0
  const outcomes = await parts.store.append(decided.map((one) => appendFor(parts, work, one)))
  let changed = 0
  for (const [at, one] of decided.entries())
    if (await settle(parts, work, { one, outcome: outcomes[at]?.kind ?? 'conflict' })) changed += 1
  return changed
}

/** The same key and request as the command handler's, so that either recognizes the other's. */
function appendFor(
  { clock, hashes }: BulkParts,
  { caller, step }: Work,
  { on, command, events }: Decided,
): Append {
  const stream = caseStream(on.caseId)
  return {
    stream: stream.name,
    expected: on.state.version,
    events: events.map((event) => codec.encode('case', event)),
    key: appendKeyOf(caller, stepOf(step, on.caseId)),
    requestHash: hashes.request(canonicalJson({ stream: stream.name, request: command })),
    recorded: clock.now(),
    actor: caller.actor.sub,
    correlation: caller.correlation,
  }
}

function stepOf(step: string, caseId: CaseId): string {
  return `${step}/${caseId}`
}

/** Brings one case to its end: decided anew where it had gone on, members let go where it ended. */
async function settle(
  parts: BulkParts,
  work: Work,
  { one, outcome }: { readonly one: Decided; readonly outcome: string },
): Promise<boolean> {
  const { command, events, on } = one
  const { caller } = work
  const step = stepOf(work.step, on.caseId)
  try {
    if (outcome === 'conflict' || outcome === 'key-reused')
      return (await handleCaseOfRoll(parts, { caseId: on.caseId, command, caller, step })).changed
    if (outcome === 'clock-refused') throw new DomainError('recorded-clock-refused')
    if (events.some(({ type }) => type === 'ExitApproved'))
      await settleCase(parts, { caseId: on.caseId, command, caller, step })
    return outcome === 'appended'
  } catch (error) {
    refuse(work, one, error)
    return false
  }
}
