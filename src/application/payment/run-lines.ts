import { createHash, type Hash } from 'node:crypto'
import { DomainError } from '../../domain/errors.js'
import type { PaymentLine } from '../../domain/payment-run/events.js'
import type { Month } from '../../domain/values/calendar.js'
import type { RunId } from '../../domain/values/identifiers.js'
import { codec } from '../../event-store/codec.js'
import type { Append, EventStore } from '../../event-store/event-store.js'
import { canonicalJson } from '../../integrity/canonical-json.js'
import type { KeyedHashes } from '../../sealing/keyed-hashes.js'
import type { Caller } from '../caller.js'
import type { Clock } from '../clock.js'
import { paymentRunLinesStream } from '../streams.js'

/** Part of what makes a run's bytes: another number is another calculation version. */
export const bytesPerChunk = 60_000

/** Chunks that go to the log together. */
const chunksPerBatch = 8

/** The canonical text of a line: what the digest covers and what a comparison compares. */
export function lineText(line: PaymentLine): string {
  return canonicalJson(line)
}

/** SHA-256 over the canonical texts of a run's lines in order, each with a line feed. */
export class LinesDigest {
  readonly #hash: Hash = createHash('sha256')

  add(text: string): void {
    this.#hash.update(text).update('\n')
  }

  /** 64 hex digits; nothing may be added after it. */
  finish(): string {
    return this.#hash.digest('hex')
  }
}

export interface LinesWriterParts {
  readonly store: EventStore
  readonly clock: Clock
  readonly hashes: Pick<KeyedHashes, 'request'>
  readonly caller: Caller
  readonly runId: RunId
  readonly period: Month
}

/**
 * Cuts lines into chunks by bytes and appends them, each to its stream. A chunk's key is (run,
 * chunk), so lines that are derived again after a crash find their chunks there and go on; other
 * lines under the same key are refused as 'run-lines-differ'. One batch is being written while the
 * next one is collected.
 */
export class RunLinesWriter {
  readonly #parts: LinesWriterParts
  #lines: PaymentLine[] = []
  #digest = new LinesDigest()
  #bytes = 0
  #chunks = 0
  #waiting: Append[] = []
  #writing: Promise<void> = Promise.resolve()

  constructor(parts: LinesWriterParts) {
    this.#parts = parts
  }

  async add(line: PaymentLine, text: string): Promise<void> {
    const bytes = Buffer.byteLength(text) + 1
    if (this.#bytes + bytes > bytesPerChunk) await this.#closeChunk()
    this.#lines.push(line)
    this.#digest.add(text)
    this.#bytes += bytes
  }

  /** Appends what is left; the number of chunks. */
  async finish(): Promise<number> {
    await this.#closeChunk()
    await this.#flush()
    await this.#writing
    return this.#chunks
  }

  async #closeChunk(): Promise<void> {
    if (this.#lines.length === 0) return
    const [lines, linesDigest, chunk] = [this.#lines, this.#digest.finish(), this.#chunks]
    this.#waiting.push(appendOf(this.#parts, { chunk, lines, linesDigest }))
    this.#chunks += 1
    this.#lines = []
    this.#digest = new LinesDigest()
    this.#bytes = 0
    if (this.#waiting.length >= chunksPerBatch) await this.#flush()
  }

  /** Begins writing what waits; what was being written before is written when it resolves. */
  async #flush(): Promise<void> {
    const waiting = this.#waiting
    this.#waiting = []
    await this.#writing
    if (waiting.length === 0) return
    this.#writing = this.#write(waiting)
    // It is awaited only at the next flush; until then its failure must wait too.
    this.#writing.catch(() => undefined)
  }

  async #write(appends: readonly Append[]): Promise<void> {
    const outcomes = await this.#parts.store.append(appends)
    for (const outcome of outcomes) {
      if (outcome.kind === 'clock-refused')
        throw new DomainError('recorded-clock-refused', { storeClock: outcome.storeClock })
      if (outcome.kind !== 'appended' && outcome.kind !== 'replayed')
        throw new DomainError('run-lines-differ', { runId: this.#parts.runId })
    }
  }
}

function appendOf(
  { caller, clock, hashes, period, runId }: LinesWriterParts,
  of: { readonly chunk: number; readonly lines: PaymentLine[]; readonly linesDigest: string },
): Append {
  const { chunk, lines, linesDigest } = of
  const stream = paymentRunLinesStream({ runId, chunk })
  const data = { period, runId, chunk, lines }
  return {
    stream: stream.name,
    expected: 'none',
    events: [codec.encode(stream.kind, { type: 'PaymentLinesFrozen', data })],
    key: `lines/${runId}/${chunk}`,
    // The digest stands for the lines: making their text a second time would cost the most here.
    requestHash: hashes.request(canonicalJson({ stream: stream.name, period, linesDigest })),
    recorded: clock.now(),
    actor: caller.actor.sub,
    correlation: caller.correlation,
  }
}

/** The stored lines of a run, chunk by chunk, to the last one that is there. */
export async function* storedChunks(
  store: Pick<EventStore, 'readStream'>,
  runId: RunId,
): AsyncGenerator<readonly PaymentLine[]> {
  for (let chunk = 0; ; chunk += 1) {
    const stream = paymentRunLinesStream({ runId, chunk })
    const [stored] = await store.readStream(stream.name)
    if (!stored) return
    const frozen = codec.decode(stream.kind, stored)
    yield frozen.data.lines
  }
}

/** The stored lines of a run, one by one. */
export async function* storedLines(
  store: Pick<EventStore, 'readStream'>,
  runId: RunId,
): AsyncGenerator<PaymentLine> {
  for await (const lines of storedChunks(store, runId)) yield* lines
}
