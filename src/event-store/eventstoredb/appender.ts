import { randomUUID } from 'node:crypto'
import { NO_STREAM } from '@eventstore/db-client'
import { DomainError } from '../../domain/errors.js'
import type { Append, AppendOutcome } from '../event-store.js'
import type { PreparedAppend } from '../prepared-append.js'
import type { CountingReader } from './counting-reader.js'
import { proposedEvents, serverStream } from './event-envelope.js'
import { sortFailure } from './failures.js'
import type { ClientHolder } from './ledger-client.js'
import type { CountedAppend, LogIndex } from './log-index.js'
import type { LogReads } from './log-reads.js'
import type { ServerClock } from './server-clock.js'
import { pauseBefore, type Timing } from './timing.js'
import { Slots, Turns } from './turns.js'

export interface AppenderParts {
  readonly client: ClientHolder
  readonly reads: LogReads
  readonly reader: CountingReader
  readonly index: LogIndex
  readonly ledger: string
  readonly serverClock: ServerClock
  readonly timing: Timing
}

/** An append as it is sent: at an exact version, and told apart from others with its key. */
interface Sending {
  readonly prepared: PreparedAppend
  readonly firstVersion: number
  readonly attempt: string
}

/** Calls at once; a server takes 100 a connection, and a call that waits there would seem late. */
const mostCalls = 64
/** How often another writer may come between before an append to any version is a conflict. */
const mostOvertakings = 20

/** Appends one after the other, and finds out what became of each. */
export class Appender {
  readonly #parts: AppenderParts
  readonly #turns = new Turns()
  readonly #slots = new Slots(mostCalls)

  constructor(parts: AppenderParts) {
    this.#parts = parts
  }

  /**
   * The outcomes of a batch, which is stored in its order. An append is sent when the one before
   * it was answered; its ordinal may be waited for later.
   *
   * @throws DomainError `log-unreachable` where an outcome could not be found out: the same batch
   *   with the same keys can be sent again
   */
  async append(batch: readonly PreparedAppend[]): Promise<readonly AppendOutcome[]> {
    const results: Promise<AppendOutcome | undefined>[] = []
    const errors: unknown[] = []
    for (const prepared of batch) {
      let wasAnswered = () => {}
      const answered = new Promise<void>((resolve) => {
        wasAnswered = resolve
      })
      const noted = (error: unknown) => void errors.push(error)
      results.push(this.#appendInTurn(prepared, wasAnswered).catch(noted).finally(wasAnswered))
      await answered
      // What follows is not tried on a server that just gave no answer.
      if (errors.length > 0) break
    }
    const outcomes = await Promise.all(results)
    if (errors.length > 0) throw errors[0]
    return outcomes.flatMap((outcome) => outcome ?? [])
  }

  async #appendInTurn(prepared: PreparedAppend, wasAnswered: () => void): Promise<AppendOutcome> {
    const { key, stream } = prepared.append
    const done = await this.#turns.take([`stream:${stream}`, `key:${key}`])
    const attempt = randomUUID()
    try {
      for (let round = 1; round <= mostOvertakings; round += 1) {
        const outcome = await this.#tryOnce({ prepared, attempt }, wasAnswered)
        if (outcome) return outcome
        await pauseBefore(round, this.#parts.timing)
      }
      const actual = await this.#parts.index.versionOf(stream)
      return { kind: 'conflict', actual: actual < 0 ? 'none' : actual }
    } finally {
      done()
    }
  }

  /** One judgement and one sending; undefined when another writer came between. */
  async #tryOnce(
    { prepared, attempt }: Pick<Sending, 'prepared' | 'attempt'>,
    wasAnswered: () => void,
  ): Promise<AppendOutcome | undefined> {
    const { append } = prepared
    const known = await this.#knownOutcome(append, attempt)
    if (known) return known
    const storeClock = this.#parts.serverClock.refuses(append.recorded)
    if (storeClock !== undefined) return { kind: 'clock-refused', storeClock }
    const judged = await this.#judge(append, attempt)
    if (typeof judged !== 'number') return judged

    const sentAt = performance.now()
    const sending = { prepared, firstVersion: judged + 1, attempt }
    const answer = await this.#send(sending)
    wasAnswered()
    if (answer === 'wrong-version') {
      await this.#catchUp(append.stream)
      return undefined
    }
    const stored = await this.#parts.reader.until(`append:${append.key}`, () =>
      this.#parts.index.appendOf(append.key),
    )
    if (stored.attempt === attempt)
      this.#parts.serverClock.stored(stored.createdMilliseconds, sentAt)
    return outcomeOf(stored, { append, attempt })
  }

  async #knownOutcome(append: Append, attempt: string): Promise<AppendOutcome | undefined> {
    const known = await this.#parts.index.appendOf(append.key)
    return known && outcomeOf(known, { append, attempt })
  }

  /**
   * The version to append at, or the outcome of an append that does not fit the stream. What was
   * counted up to that version has no append of this key, and the server holds the version: so
   * two instances with one key store once.
   */
  async #judge(append: Append, attempt: string): Promise<number | AppendOutcome> {
    const { index } = this.#parts
    const version = await index.versionOf(append.stream)
    if (fits(append, version)) return version
    await this.#catchUp(append.stream)
    const known = await this.#knownOutcome(append, attempt)
    if (known) return known
    const actual = await index.versionOf(append.stream)
    if (fits(append, actual)) return actual
    return { kind: 'conflict', actual: actual < 0 ? 'none' : actual }
  }

  /** Waits until all that the leader has of the stream was counted. */
  async #catchUp(stream: string): Promise<void> {
    const { index, reader, reads } = this.#parts
    const last = await reads.persistently(() => reads.lastVersion(stream))
    await reader.until(`stream:${stream}`, async () =>
      (await index.versionOf(stream)) >= last ? true : undefined,
    )
  }

  /** Sends until the outcome is known: the same ids at the same version can be sent again. */
  async #send(sending: Sending): Promise<'stored' | 'wrong-version'> {
    const { timing } = this.#parts
    const end = performance.now() + timing.settleMilliseconds
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#sendOnce(sending)
      if (failure === 'stored' || failure === 'wrong-version') return failure
      const found = await this.#readBack(sending)
      if (found !== 'absent') return found
      if (performance.now() > end) throw new DomainError('log-unreachable', { failure })
      await pauseBefore(attempt, timing)
    }
  }

  /** `stored`, `wrong-version`, or the name of a failure that leaves the outcome open. */
  async #sendOnce(sending: Sending): Promise<string> {
    const { prepared, firstVersion } = sending
    const stream = serverStream(this.#parts.ledger, prepared.append.stream)
    const expectedRevision = firstVersion === 0 ? NO_STREAM : BigInt(firstVersion - 1)
    const events = proposedEvents(prepared, sending)
    try {
      const { nextExpectedRevision } = await this.#slots.use(() =>
        this.#parts.client.call((client) =>
          client.appendToStream(stream, events, { expectedRevision, requiresLeader: true }),
        ),
      )
      // A stream that somebody deleted goes on at its old number, and no hash would be true.
      if (Number(nextExpectedRevision) !== firstVersion + events.length - 1)
        throw new DomainError('log-broken', {
          expected: firstVersion + events.length - 1,
          found: String(nextExpectedRevision),
        })
      return 'stored'
    } catch (error) {
      const failure = sortFailure(error)
      if (failure.kind === 'wrong-version') return failure.kind
      if (failure.kind === 'unknown') return failure.name
      throw failure.kind === 'refused' ? failure.error : error
    }
  }

  /** What stands where the append belongs, told by the ids; absent also when nobody answers. */
  async #readBack(sending: Sending): Promise<'stored' | 'wrong-version' | 'absent'> {
    const { events, append } = sending.prepared
    try {
      const found = await this.#parts.reads.streamPage(append.stream, {
        from: sending.firstVersion,
        count: events.length,
      })
      if (found.length === 0) return 'absent'
      const isOurs = events.every(({ eventId }, at) => found[at]?.event.eventId === eventId)
      return isOurs ? 'stored' : 'wrong-version'
    } catch (error) {
      if (sortFailure(error).kind === 'unknown') return 'absent'
      throw error
    }
  }
}

/** What the first append with the key means for this one. */
function outcomeOf(
  stored: CountedAppend,
  { append, attempt }: { readonly append: Append; readonly attempt: string },
): AppendOutcome {
  if (stored.requestHash !== append.requestHash) return { kind: 'key-reused' }
  const { ordinal, version } = stored
  return { kind: stored.attempt === attempt ? 'appended' : 'replayed', version, ordinal }
}

function fits({ expected }: Append, version: number): boolean {
  if (expected === 'none') return version < 0
  return expected === 'exists' ? version >= 0 : expected === version
}
