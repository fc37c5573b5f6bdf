import { DomainError } from '../../domain/errors.js'
import type { BankAnswer } from '../../domain/payment-run/events.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import type { RunId } from '../../domain/values/identifiers.js'
import { codec } from '../../event-store/codec.js'
import { eventIdOf } from '../../event-store/event-id.js'
import type { Append, EventStore } from '../../event-store/event-store.js'
import { canonicalJson } from '../../integrity/canonical-json.js'
import type { KeyedHashes } from '../../sealing/keyed-hashes.js'
import type { Caller } from '../caller.js'
import type { Clock } from '../clock.js'
import { paymentRunAnswersStream } from '../streams.js'
import { LineStandings } from './match-answers.js'
import { bytesPerChunk, storedLines } from './run-lines.js'

type Reading = Pick<EventStore, 'readStream'>

/** One answer file of a run: its number, and what its bytes hash to. */
export interface AnswerFile {
  readonly runId: RunId
  readonly file: number
  readonly fileDigest: string
}

/** Where every line of a run stands after its first `files` answer files. */
export async function standingsOf(
  store: Reading,
  of: { readonly runId: RunId; readonly lines: number; readonly files: number },
): Promise<LineStandings> {
  const standings = new LineStandings(of.lines)
  for await (const line of storedLines(store, of.runId)) standings.addLine(line)
  for (let file = 1; file <= of.files; file += 1)
    for await (const answer of storedAnswers(store, { runId: of.runId, file }))
      standings.apply(answer)
  return standings
}

async function* storedAnswers(
  store: Reading,
  of: { readonly runId: RunId; readonly file: number },
): AsyncGenerator<BankAnswer> {
  for (let chunk = 0; ; chunk += 1) {
    const stream = paymentRunAnswersStream({ ...of, chunk })
    const [stored] = await store.readStream(stream.name)
    if (!stored) return
    yield* codec.eventOf(stream.kind, stored).data.answers
  }
}

/** Whether something of an answer file is there. */
export async function hasBegun(
  store: Reading,
  of: Pick<AnswerFile, 'runId' | 'file'>,
): Promise<boolean> {
  const stream = paymentRunAnswersStream({ ...of, chunk: 0 })
  return (await store.readStream(stream.name)).length > 0
}

/**
 * The date that a file was begun with and not finished; null when nothing of it is there.
 *
 * @throws DomainError `answers-unfinished` when the place of this file holds part of another one
 */
export async function unfinishedFileDate(
  store: Reading,
  of: AnswerFile,
): Promise<PlainDate | null> {
  const stream = paymentRunAnswersStream({ ...of, chunk: 0 })
  const [stored] = await store.readStream(stream.name)
  if (!stored) return null
  if (stored.eventId !== eventIdOf(keyOf(of, 0), 0)) throw unfinished(of)
  return codec.eventOf(stream.kind, stored).data.answeredOn
}

function unfinished({ runId, file }: AnswerFile): DomainError {
  return new DomainError('answers-unfinished', { runId, file })
}

function keyOf({ runId, fileDigest }: AnswerFile, chunk: number): string {
  return `answers/${runId}/${fileDigest}/${chunk}`
}

export interface AnswersWriterParts extends AnswerFile {
  readonly store: EventStore
  readonly clock: Clock
  readonly hashes: Pick<KeyedHashes, 'request'>
  readonly caller: Caller
  readonly answeredOn: PlainDate
}

/** Files answers in chunks keyed by (run, file's digest, chunk), so that a crash resumes. */
export class AnswersWriter {
  readonly #parts: AnswersWriterParts
  #answers: BankAnswer[] = []
  #bytes = 0
  #chunks = 0

  constructor(parts: AnswersWriterParts) {
    this.#parts = parts
  }

  async add(answer: BankAnswer): Promise<void> {
    const bytes = Buffer.byteLength(canonicalJson(answer)) + 1
    if (this.#bytes + bytes > bytesPerChunk) await this.#closeChunk()
    this.#answers.push(answer)
    this.#bytes += bytes
  }

  /** Files what is left; the number of chunks. */
  async finish(): Promise<number> {
    await this.#closeChunk()
    return this.#chunks
  }

  async #closeChunk(): Promise<void> {
    if (this.#answers.length === 0) return
    const append = appendOf(this.#parts, this.#chunks, this.#answers)
    const [outcome] = await this.#parts.store.append([append])
    if (outcome?.kind === 'clock-refused')
      throw new DomainError('recorded-clock-refused', { storeClock: outcome.storeClock })
    if (outcome?.kind !== 'appended' && outcome?.kind !== 'replayed') throw unfinished(this.#parts)
    this.#chunks += 1
    this.#answers = []
    this.#bytes = 0
  }
}

function appendOf(
  parts: AnswersWriterParts,
  chunk: number,
  answers: readonly BankAnswer[],
): Append {
  const { answeredOn, caller, clock, file, hashes, runId } = parts
  const stream = paymentRunAnswersStream({ runId, file, chunk })
  const data = { answeredOn, runId, file, chunk, answers: [...answers] }
  return {
    stream: stream.name,
    expected: 'none',
    events: [codec.encode(stream.kind, { type: 'BankAnswersFiled', data })],
    key: keyOf(parts, chunk),
    requestHash: hashes.request(canonicalJson({ stream: stream.name, request: data })),
    recorded: clock.now(),
    actor: caller.actor.sub,
    correlation: caller.correlation,
  }
}
