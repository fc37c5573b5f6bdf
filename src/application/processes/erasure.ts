import { DomainError } from '../../domain/errors.js'
import type { PersonCommand } from '../../domain/person/commands.js'
import { personDecider } from '../../domain/person/decide.js'
import type { PersonEvent } from '../../domain/person/events.js'
import { type Month, monthOf, shanghaiDateOf } from '../../domain/values/calendar.js'
import type { CaseId, Ordinal, PersonId, RunId } from '../../domain/values/identifiers.js'
import type { Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { personStream } from '../streams.js'
import type { ProcessParts } from './parts.js'
import { handlePersonCommand } from './people.js'

/** Tells what has yet to be paid to somebody, as head of a household or for another. */
export interface UnpaidReader {
  /** Errors: 'projection-behind'. */
  unpaidOf(asked: {
    readonly personId: PersonId
    readonly ordinal: Ordinal
    readonly month: Month
  }): Promise<{
    /** A line of a run that stands, of which the bank has said nothing. */
    readonly line: UnansweredLine | undefined
    /** The first month that is owed and that no line pays. */
    readonly owed: { readonly caseId: CaseId; readonly month: Month } | undefined
  }>
}

interface UnansweredLine {
  readonly runId: RunId
  readonly period: Month
  readonly line: number
  readonly caseId: CaseId
}

/** Finds the records that were merged into one. */
export interface DuplicateReader {
  /** Errors: 'projection-behind'. */
  mergedInto(personId: PersonId, ordinal: Ordinal): Promise<readonly PersonId[]>
}

export interface ErasureParts extends ProcessParts {
  readonly unpaid: UnpaidReader
  readonly duplicates: DuplicateReader
}

export interface Erasing {
  readonly personId: PersonId
  readonly reason: string
  readonly caller: Caller
}

/**
 * Erases a person: the key is destroyed, and nothing that was sealed for them can be read again.
 * Hashes and amounts stay. Records that were merged into theirs go first. Who is enrolled, or has
 * money to come, is refused: a bank file can't be written without the name and the account.
 *
 * @throws DomainError `person-still-enrolled`, `person-still-owed`, `payment-line-unanswered`
 */
export async function erasePerson(
  parts: ErasureParts,
  { caller, personId, reason }: Erasing,
): Promise<Handled<PersonEvent>> {
  const erasedOn = shanghaiDateOf(parts.clock.now())
  const command: PersonCommand = { type: 'ErasePerson', erasedOn, reason }
  if (await isFirst(parts, { personId, command })) await assertPaid(parts, personId, erasedOn)
  for (const duplicate of await parts.duplicates.mergedInto(personId, await parts.store.head()))
    await eraseRecord(parts, { caller, reason, personId: duplicate, step: `erase-${duplicate}` })
  return eraseRecord(parts, { caller, reason, personId, step: 'erase' })
}

async function eraseRecord(
  parts: ErasureParts,
  { caller, personId, reason, step }: Erasing & { readonly step: string },
): Promise<Handled<PersonEvent>> {
  const erasedOn = shanghaiDateOf(parts.clock.now())
  const erased = await handlePersonCommand(parts, {
    personId,
    command: { type: 'ErasePerson', erasedOn, reason },
    request: { type: 'ErasePerson', reason },
    caller,
    step,
  })
  await parts.vault.destroy([personId])
  return erased
}

/** False when they are erased already. Refuses what their own stream refuses. */
async function isFirst(
  { handler, policies }: ProcessParts,
  of: { readonly personId: PersonId; readonly command: PersonCommand },
): Promise<boolean> {
  const decider = personDecider((await policies.latest()).policy)
  const { state } = await handler.load(personStream(of.personId), decider)
  return decider.decide(of.command, state).length > 0
}

async function assertPaid(
  { store, unpaid }: ErasureParts,
  personId: PersonId,
  on: Parameters<typeof monthOf>[0],
): Promise<void> {
  const ordinal = await store.head()
  const { line, owed } = await unpaid.unpaidOf({ personId, ordinal, month: monthOf(on) })
  if (line) throw new DomainError('payment-line-unanswered', { ...line })
  if (owed) throw new DomainError('person-still-owed', { ...owed })
}
