import { randomUUID } from 'node:crypto'
import { DomainError } from '../../domain/errors.js'
import { beforeFirst } from '../../domain/values/identifiers.js'
import type { Append, AppendOutcome } from '../event-store.js'
import type { PreparedAppend } from '../prepared-append.js'
import type { AppendAnswer, WireAppend } from './append-call.js'
import { BatchLane, type LanePlace } from './batch-lane.js'
import type { CountingReader } from './counting-reader.js'
import { serverStream, wireEvents } from './event-envelope.js'
import { sortFailure } from './failures.js'
import type { ClientHolder } from './ledger-client.js'
import type { CountedAppend, LogIndex, StreamAndKey } from './log-index.js'
import type { LogReads } from './log-reads.js'
import type { ServerClock } from './server-clock.js'
import { LateAnswer, pauseBefore, type Timing } from './timing.js'
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

/** An append of a batch on its way. */
interface Moving {
  readonly prepared: PreparedAppend
  readonly attempt: string
  readonly lane: BatchLane
  readonly place: LanePlace
  /** To be told that it was written, so that the next one of the batch may be. */
  readonly written: () => void
}

/** An append as it is sent: at an exact version, and told apart from others with its key. */
interface Sending extends Moving {
  readonly firstVersion: number
}

/** Appends under way at once: an answer must come in one call's time also for the last of them. */
const mostUnderWay = 128
/** How often another writer may come between before an append to any version is a conflict. */
const mostOvertakings = 20

/** Appends one after the other, and finds out what became of each. */
export class Appender {
  readonly #parts: AppenderParts
  readonly #turns = new Turns()
  readonly #slots = new Slots(mostUnderWay)

  constructor(parts: AppenderParts) {
    this.#parts = parts
  }

  /**
   * The outcomes of a batch, which is stored in its order: an append is written when the one
   * before it was, and both on one call.
   *
   * @throws DomainError `log-unreachable` where an outcome could not be found out: the same batch
   *   with the same keys can be sent again
   */
  async append(batch: readonly PreparedAppend[]): Promise<readonly AppendOutcome[]> {
    const results: Promise<AppendOutcome | undefined>[] = []
    const errors: unknown[] = []
    const lane = new BatchLane()
    const { index, reads } = this.#parts
    if (batch.length > 1)
      await reads.persistently(() => index.foresee(batch.map(({ append }) => append)))
    for (const prepared of batch) {
      const { give: written, given: wasWritten } = signal()
      const place = lane.enter()
      const moving: Moving = { prepared, attempt: randomUUID(), lane, place, written }
      const noted = (error: unknown): undefined => {
        errors.push(error)
        lane.lose(error)
      }
      const over = () => {
        lane.leave(place)
        written()
      }
      results.push(this.#appendInTurn(moving).catch(noted).finally(over))
      await wasWritten
      // What follows is not tried on a server that just gave no answer.
      if (errors.length > 0) break
    }
    const outcomes = await Promise.all(results)
    if (errors.length > 0) throw errors[0]
    return outcomes.flatMap((outcome) => outcome ?? [])
  }

  async #appendInTurn(moving: Moving): Promise<AppendOutcome> {
    const { key, stream } = moving.prepared.append
    const done = await this.#turns.take([`stream:${stream}`, `key:${key}`])
    try {
      for (let round = 1; round <= mostOvertakings; round += 1) {
        const outcome = await this.#tryOnce(moving)
        if (outcome) return outcome
        await pauseBefore(round, this.#parts.timing)
      }
      return conflictAt(await this.#versionOf(stream))
    } finally {
      done()
    }
  }

  /** One judgement and one sending; undefined when another writer came between. */
  async #tryOnce(moving: Moving): Promise<AppendOutcome | undefined> {
    const { attempt, prepared } = moving
    const { append } = prepared
    const countedBefore = this.#parts.index.end()?.ordinal ?? beforeFirst
    const looked = await this.#lookUp(append)
    if (looked.append) return outcomeOf(looked.append, moving)
    const storeClock = this.#parts.serverClock.refuses(append.recorded)
    if (storeClock !== undefined) return { kind: 'clock-refused', storeClock }
    const judged = await this.#judge(moving, looked.version)
    if (typeof judged !== 'number') return judged

    const sentAt = performance.now()
    const answer = await this.#send({ ...moving, firstVersion: judged + 1 })
    moving.lane.leave(moving.place)
    if (answer === 'wrong-version') {
      await this.#catchUp(append.stream)
      return undefined
    }
    const stored = await this.#parts.reader.until(`append:${append.key}`, () =>
      this.#parts.index.appendAfter(countedBefore, append.key),
    )
    if (stored.attempt === attempt)
      this.#parts.serverClock.stored(stored.createdMilliseconds, sentAt)
    return outcomeOf(stored, moving)
  }

  /** The version first and then the key, or both at once: no append of the key is missed. */
  #lookUp({ key, stream }: Append): Promise<StreamAndKey> {
    return this.#parts.reads.persistently(() => this.#parts.index.lookUp(stream, key))
  }

  /**
   * The version to append at, or the outcome of an append that does not fit the stream. What was
   * counted up to that version has no append of this key, and the server holds the version: so
   * two instances with one key store once.
   */
  async #judge(moving: Moving, version: number): Promise<number | AppendOutcome> {
    const { append } = moving.prepared
    if (fits(append, version)) return version
    await this.#catchUp(append.stream)
    const looked = await this.#lookUp(append)
    if (looked.append) return outcomeOf(looked.append, moving)
    return fits(append, looked.version) ? looked.version : conflictAt(looked.version)
  }

  /** Waits until all that the leader has of the stream was counted. */
  async #catchUp(stream: string): Promise<void> {
    const { reader, reads } = this.#parts
    const known = await this.#versionOf(stream)
    const last = await reads.persistently(async () => {
      const version = await reads.lastVersion(stream)
      // A read that the server ended early looks like one of no stream.
      if (version < known) throw new LateAnswer()
      return version
    })
    await reader.until(`stream:${stream}`, async () =>
      (await this.#parts.index.versionsOf([stream])).every((version) => version >= last)
        ? true
        : undefined,
    )
  }

  async #versionOf(stream: string): Promise<number> {
    const { index, reads } = this.#parts
    const [version = -1] = await reads.persistently(() => index.versionsOf([stream]))
    return version
  }

  /** Sends until the outcome is known: the same ids at the same version can be sent again. */
  async #send(sending: Sending): Promise<'stored' | 'wrong-version'> {
    const { timing } = this.#parts
    const end = performance.now() + timing.settleMilliseconds
    for (let attempt = 1; ; attempt += 1) {
      const failure = await this.#sendOnce(sending)
      if (failure === 'stored') return failure
      if (failure === 'wrong-version') {
        // The first time nothing of it can be there.
        const found = attempt === 1 ? failure : await this.#readBack(sending)
        if (found !== 'absent') return found
      }
      if (performance.now() > end) throw new DomainError('log-unreachable', { failure })
      await pauseBefore(attempt, timing)
    }
  }

  /** `stored`, `wrong-version`, or the name of a failure that leaves the outcome open. */
  async #sendOnce(sending: Sending): Promise<string> {
    const { events, append } = sending.prepared
    const { firstVersion } = sending
    const wire = {
      stream: serverStream(this.#parts.ledger, append.stream),
      after: firstVersion - 1,
      events: wireEvents(sending.prepared, sending),
    }
    try {
      const answer = await this.#write(sending, wire)
      if (answer === 'wrong-version') return answer
      // A stream that somebody deleted goes on at its old number, and no hash would be true.
      if (answer !== firstVersion + events.length - 1)
        throw new DomainError('log-broken', {
          expected: firstVersion + events.length - 1,
          found: answer,
        })
      return 'stored'
    } catch (error) {
      const failure = sortFailure(error)
      if (failure.kind === 'unknown') return failure.name
      throw failure.kind === 'refused' ? failure.error : error
    }
  }

  /** Writes it behind the others of its batch, and gives the server's answer. */
  async #write({ lane, place, written }: Moving, wire: WireAppend): Promise<AppendAnswer> {
    const { client, timing } = this.#parts
    for (;;) {
      const answer = await this.#slots.use(async () => {
        const call = await client.appends()
        if (!lane.write(place, call)) return undefined
        const answer = call.send(wire, timing.callMilliseconds)
        written()
        return answer
      })
      if (answer !== undefined) return answer
      await lane.change()
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
  { attempt, prepared }: Pick<Moving, 'attempt' | 'prepared'>,
): AppendOutcome {
  if (stored.requestHash !== prepared.append.requestHash) return { kind: 'key-reused' }
  const { ordinal, version } = stored
  return { kind: stored.attempt === attempt ? 'appended' : 'replayed', version, ordinal }
}

function conflictAt(version: number): AppendOutcome {
  return { kind: 'conflict', actual: version < 0 ? 'none' : version }
}

/** A promise without a value, and what fulfils it. */
function signal(): { readonly given: Promise<void>; readonly give: () => void } {
  let give = () => {}
  const given = new Promise<void>((resolve) => {
    give = resolve
  })
  return { given, give }
}

function fits({ expected }: Append, version: number): boolean {
  if (expected === 'none') return version < 0
  return expected === 'exists' ? version >= 0 : expected === version
}
