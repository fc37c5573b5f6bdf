/** An event as the fake server keeps it. */
export interface Recorded {
  readonly id: string
  readonly stream: string
  readonly revision: number
  readonly type: string
  readonly contentType: string
  readonly data: Uint8Array
  readonly metadata: Uint8Array
  readonly position: bigint
  readonly createdMilliseconds: number
}

export type Proposed = Pick<Recorded, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>

export type Expectation = number | 'any' | 'none' | 'exists'

export type AppendAnswer =
  | { readonly kind: 'stored'; readonly revision: number; readonly position: bigint }
  | { readonly kind: 'wrong-version'; readonly current: number }
  | { readonly kind: 'too-large' }

const largestAppend = 1_048_576

interface FakeStream {
  readonly events: Recorded[]
  /** Events below it were deleted; the number of the next one stays what it would have been. */
  firstRevision: number
  isDeleted: boolean
}

/**
 * The log of the fake server, in memory; several servers may share one, as a cluster does. It does
 * what a server 23.10.8 was seen to do, the surprising things too.
 */
export class RecordedLog {
  readonly all: Recorded[] = []
  readonly #streams = new Map<string, FakeStream>()
  #position = 0n
  /** Reads of all that the log holds. */
  readsFromStart = 0
  /** How far the server's clock is off, milliseconds. */
  clockOffset = 0

  constructor() {
    // A real server's log begins with events of its own.
    this.#store('$settings', [systemEvent('$settings')])
  }

  append(stream: string, expected: Expectation, proposed: readonly Proposed[]): AppendAnswer {
    const bytes = proposed.reduce((sum, { data }) => sum + data.length, 0)
    if (bytes > largestAppend) return { kind: 'too-large' }
    const known = this.#streams.get(stream)
    const current = this.currentRevision(stream)
    if (fits(expected, current)) {
      // Ids are not looked at: the same ones at the right revision are stored a second time.
      if (proposed.length === 0) return { kind: 'stored', revision: current, position: 0n }
      return this.#stored(this.#store(stream, proposed))
    }
    const earlier = repeated(known?.events ?? [], expected, proposed)
    return earlier.length > 0 ? this.#stored(earlier) : { kind: 'wrong-version', current }
  }

  /** -1 where there is no stream, or none any more. */
  currentRevision(stream: string): number {
    const known = this.#streams.get(stream)
    return !known || known.isDeleted ? -1 : (known.events.at(-1)?.revision ?? -1)
  }

  /** What can be read of a stream; undefined where there is none. */
  stream(name: string): readonly Recorded[] | undefined {
    const known = this.#streams.get(name)
    if (!known || known.isDeleted) return undefined
    return known.events.filter(({ revision }) => revision >= known.firstRevision)
  }

  /** An append with no_stream goes on at the old number. */
  deleteStream(name: string): void {
    const known = this.#streams.get(name)
    if (!known) return
    known.isDeleted = true
    known.firstRevision = known.events.length
    this.#store(`$$${name}`, [systemEvent('$metadata')])
  }

  /** The server's own events, which a ledger does not count. */
  addSystemEvent(): void {
    this.#store('$stats-127.0.0.1:2113', [systemEvent('$statsCollected')])
  }

  /** Takes the newest events away, as restoring an older backup does. */
  cutBack(count: number): void {
    for (const { stream } of this.all.splice(this.all.length - count, count))
      this.#streams.get(stream)?.events.pop()
    this.#position = (this.all.at(-1)?.position ?? 0n) + 1n
  }

  #stored(events: readonly Recorded[]): AppendAnswer {
    const last = events.at(-1)
    return { kind: 'stored', revision: last?.revision ?? -1, position: last?.position ?? 0n }
  }

  #store(stream: string, proposed: readonly Proposed[]): readonly Recorded[] {
    const known = this.#streams.get(stream) ?? { events: [], firstRevision: 0, isDeleted: false }
    this.#streams.set(stream, known)
    known.isDeleted = false
    const stored = proposed.map((event, index) => {
      const position = this.#position
      this.#position += BigInt(120 + event.data.length + event.metadata.length)
      const createdMilliseconds = Date.now() + this.clockOffset
      const revision = known.events.length + index
      return { ...event, stream, revision, position, createdMilliseconds }
    })
    known.events.push(...stored)
    this.all.push(...stored)
    return stored
  }
}

function fits(expected: Expectation, current: number): boolean {
  if (expected === 'any') return true
  if (expected === 'none') return current < 0
  return expected === 'exists' ? current >= 0 : current === expected
}

/** The events that the same ids stored before, at the place where they are expected now. */
function repeated(
  events: readonly Recorded[],
  expected: Expectation,
  proposed: readonly Proposed[],
): readonly Recorded[] {
  if (expected === 'any' || expected === 'exists') return []
  const first = expected === 'none' ? 0 : expected + 1
  const there = events.slice(first, first + proposed.length)
  const isSame = proposed.every(({ id }, index) => there[index]?.id === id)
  return isSame ? there : []
}

function systemEvent(type: string): Proposed {
  return {
    id: crypto.randomUUID(),
    type,
    contentType: 'application/json',
    data: Buffer.from('{}'),
    metadata: Buffer.from('{}'),
  }
}
