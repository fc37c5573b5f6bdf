import { isDeepStrictEqual } from 'node:util'
import { DomainError } from '../../domain/errors.js'
import { beforeFirst, type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import { leafHash } from '../../integrity/leaf-hash.js'
import { eventIdOf } from '../event-id.js'
import type { Append, EventStore, LogQueries, StoredEvent } from '../event-store.js'
import { broken, type FiledAppend, readLogFile, writeLogFile } from './log-file.js'

export type OnMoved = (progress: { readonly done: number; readonly total: number }) => void

/** What was written or read: as many events, and the file's checksum where it was made. */
export interface LogMoved {
  readonly events: number
  readonly appends: number
}

const eventsAtOnce = 1000

export interface ExportParts {
  readonly store: Pick<EventStore, 'readAll' | 'head'>
  readonly queries: Pick<LogQueries, 'appendsIn'>
  readonly path: string
  readonly onProgress?: OnMoved
}

/**
 * Writes the log up to its newest event into a file.
 *
 * @throws DomainError log-event-altered: such a file could not be imported
 */
export async function exportLog(parts: ExportParts): Promise<LogMoved & { sha256: string }> {
  const head = await parts.store.head()
  let appends = 0
  async function* counted() {
    for await (const append of appendsUpTo(parts, head)) {
      appends += 1
      yield append
    }
  }
  const sha256 = await writeLogFile(parts.path, { appends: counted(), events: head + 1 })
  return { events: head + 1, appends, sha256 }
}

async function* appendsUpTo(
  { onProgress, queries, store }: ExportParts,
  head: Ordinal,
): AsyncGenerator<FiledAppend> {
  let open: StoredEvent[] = []
  for (let after: Ordinal = beforeFirst; after < head; ) {
    const limit = Math.min(eventsAtOnce, head - after)
    const events = await store.readAll({ after, limit })
    const upTo = ordinal(after + events.length)
    if (events.length === 0)
      throw new DomainError('log-broken', { expected: after + 1, found: 'the end of the log' })
    const marks = new Map(
      (await queries.appendsIn({ after, upTo })).map((mark) => [mark.ordinal, mark]),
    )
    for (const event of events) {
      assertUnaltered(event)
      open.push(event)
      const mark = marks.get(event.ordinal)
      if (!mark) continue
      yield { key: mark.key, requestHash: mark.requestHash, events: open }
      open = []
    }
    after = upTo
    onProgress?.({ done: after + 1, total: head + 1 })
  }
  if (open.length > 0)
    throw new DomainError('log-broken', { expected: 'an append', found: 'a part of one' })
}

function assertUnaltered(event: StoredEvent): void {
  if (leafHash(event) === event.leafHash) return
  const { ordinal: own, stream, version } = event
  throw new DomainError('log-event-altered', { ordinal: own, stream, version })
}

export interface ImportParts {
  /** Opened as for a simulated clock: what was recorded is long ago. */
  readonly store: EventStore
  readonly path: string
  /** What may refuse a file that was found whole. */
  readonly beforeWriting?: () => Promise<void>
  readonly onProgress?: OnMoved
}

/**
 * Writes a log file into a log that is empty, or that holds a beginning of the file: an import that
 * was broken off goes on. The whole file is checked before anything is written, each append must
 * get its old ordinal, and at the end every event is read back and compared.
 *
 * @throws DomainError log-not-empty, log-file-broken, log-broken
 */
export async function importLog(parts: ImportParts): Promise<LogMoved> {
  const { beforeWriting, onProgress, path, store } = parts
  const moved = await checkFile(path)
  await beforeWriting?.()
  const head = await store.head()
  await assertBegins(store, path, head)

  let batch: FiledAppend[] = []
  let waiting = 0
  let done = head + 1
  const write = async () => {
    await writeBatch(store, batch)
    done += waiting
    batch = []
    waiting = 0
    onProgress?.({ done, total: moved.events })
  }
  for await (const { append } of readLogFile(path)) {
    if ((append.events.at(-1)?.ordinal ?? beforeFirst) <= head) continue
    batch.push(append)
    waiting += append.events.length
    if (waiting >= eventsAtOnce) await write()
  }
  await write()
  await compareWithFile(store, path)
  return moved
}

/** Reads a file through: dense, hashes and ids right, appends of one stream each. */
async function checkFile(path: string): Promise<LogMoved> {
  let events = 0
  let appends = 0
  for await (const { append, line } of readLogFile(path)) {
    for (const [at, event] of append.events.entries()) {
      if (event.ordinal !== events) throw broken(line, `ordinal ${events} is missing`)
      if (event.eventId !== eventIdOf(append.key, at)) throw broken(line, 'an id is not of its key')
      if (leafHash(event) !== event.leafHash) throw broken(line, 'a leaf hash is another')
      events += 1
    }
    appends += 1
  }
  return { events, appends }
}

/** Refuses a log that holds anything but the beginning of the file. */
async function assertBegins(store: EventStore, path: string, head: Ordinal): Promise<void> {
  let filed: StoredEvent[] = []
  let upTo: number = beforeFirst
  try {
    for await (const { append } of readLogFile(path)) {
      if (upTo >= head) break
      filed.push(...append.events)
      upTo += append.events.length
      if (filed.length < eventsAtOnce && upTo < head) continue
      await compare(store, filed)
      filed = []
    }
  } catch (error) {
    if (!(error instanceof DomainError) || error.code !== 'log-broken') throw error
    upTo = beforeFirst
  }
  if (upTo !== head) throw new DomainError('log-not-empty', { events: head + 1 })
}

async function writeBatch(store: EventStore, batch: readonly FiledAppend[]): Promise<void> {
  if (batch.length === 0) return
  const outcomes = await store.append(batch.map(appendOf))
  for (const [at, outcome] of outcomes.entries()) {
    const expected = batch[at]?.events.at(-1)?.ordinal ?? -1
    const found = outcome.kind === 'appended' ? outcome.ordinal : outcome.kind
    if (found !== expected) throw new DomainError('log-broken', { expected, found })
  }
}

function appendOf({ events, key, requestHash }: FiledAppend): Append {
  const [first] = events
  if (!first) throw new DomainError('append-without-events', { stream: key })
  const { actor, correlation, recorded, stream, version } = first
  return {
    stream,
    expected: version === 0 ? 'none' : version - 1,
    events: events.map(({ data, effective, schemaVersion, type }) => {
      return { data, effective, schemaVersion, type }
    }),
    key,
    requestHash,
    recorded,
    actor,
    correlation,
  }
}

async function compareWithFile(store: EventStore, path: string): Promise<void> {
  let filed: StoredEvent[] = []
  for await (const { append } of readLogFile(path)) {
    filed.push(...append.events)
    if (filed.length < eventsAtOnce) continue
    await compare(store, filed)
    filed = []
  }
  await compare(store, filed)
}

async function compare(store: EventStore, filed: readonly StoredEvent[]): Promise<void> {
  const [first] = filed
  if (!first) return
  const after = ordinal(first.ordinal - 1)
  const stored: StoredEvent[] = []
  while (stored.length < filed.length) {
    const from = ordinal(after + stored.length)
    const page = await store.readAll({ after: from, limit: filed.length - stored.length })
    if (page.length === 0) break
    stored.push(...page)
  }
  for (const [at, event] of filed.entries())
    if (!isDeepStrictEqual(stored[at], event))
      throw new DomainError('log-broken', { expected: event.ordinal, found: 'another event' })
}
