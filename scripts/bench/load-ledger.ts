import { type LedgerService, openService } from '../../src/compose/service.js'
import { type Instant, instant } from '../../src/domain/values/calendar.js'
import type { Ordinal } from '../../src/domain/values/identifiers.js'
import type { Append, EventStore } from '../../src/event-store/event-store.js'
import type { Bench } from './bench.js'
import type { BenchPlace } from './bench-place.js'
import { clerk, districtStreams, type StreamEvents } from './invented-district.js'
import { type Household, householdStreams, keyOfStream } from './invented-households.js'
import { copiedOut, copyIn, makeScratchTable } from './scratch-table.js'
import { timed } from './timing.js'

/** What filling the log took. */
export interface Filling {
  readonly events: number
  readonly appendMilliseconds: number
  /** Households that wait for their approval: the last ones. */
  readonly pending: readonly Household[]
}

/** And the same rows copied into a table like it. */
export interface Loaded extends Filling {
  readonly copyMilliseconds: number
}

/** A share of the households waits for approval, for what grants are measured on. */
const pendingShare = 0.1
const mostPending = 8000
const householdsAtOnce = 1000

/**
 * Fills the log through the port with a district and its households. After each batch, the same
 * rows go by COPY into a table with the same columns, checks and indexes.
 */
export async function loadLedger({ options, place }: Bench): Promise<Loaded> {
  const scratch = await makeScratchTable(place.admin, 'ledger.events', 'events')
  let copyMilliseconds = 0
  const filling = await fillLog(place, options.cases, async (before) => {
    const rows = await copiedOut(
      place.admin,
      `SELECT * FROM ledger.events WHERE ordinal > ${before} ORDER BY ordinal`,
    )
    copyMilliseconds += await timed(() => copyIn(place.admin, scratch, rows))
  })
  await place.admin.query(`DROP TABLE ${scratch}`)
  return { ...filling, copyMilliseconds }
}

/** Fills the log through the port, wherever it is; `appended` is called after each batch. */
export async function fillLog(
  place: BenchPlace,
  cases: number,
  appended: (headBefore: Ordinal) => Promise<void> = async () => undefined,
): Promise<Filling> {
  const service = await openService(place.config, { log: place.log, name: '测试台账' })
  try {
    await service.projector.stop()
    await appendAll(service, districtStreams(), 0)
    const pending = Math.min(mostPending, Math.ceil(cases * pendingShare))
    const households = Array.from({ length: cases + pending }, (_, at) => ({
      at,
      pending: at >= cases,
    }))
    let appendMilliseconds = 0
    const start = await service.store.head()
    for (let from = 0; from < households.length; from += householdsAtOnce) {
      const streams = await householdStreams(
        households.slice(from, from + householdsAtOnce),
        service.processes.vault,
      )
      const before = await service.store.head()
      appendMilliseconds += await appendAll(service, streams, from)
      await appended(before)
    }
    const events = (await service.store.head()) - start
    return { appendMilliseconds, events, pending: households.slice(cases) }
  } finally {
    await service.close()
  }
}

const startOfTime = Date.parse('2012-01-26T00:00:00.000Z')

/** Milliseconds of the append alone; what it is made of was made before. */
async function appendAll(
  { store, processes }: Pick<LedgerService, 'store' | 'processes'>,
  streams: readonly StreamEvents[],
  minute: number,
): Promise<number> {
  const recorded = instant(new Date(startOfTime + minute * 60_000).toISOString())
  const requestHash = processes.hashes.request('bench')
  const appends = streams.map((of) => appendOf(of, { recorded, requestHash }))
  return timed(() => appendEvery(store, appends))
}

function appendOf(
  { events, stream }: StreamEvents,
  of: { readonly recorded: Instant; readonly requestHash: string },
): Append {
  return {
    stream,
    expected: 'none',
    events,
    key: keyOfStream(stream),
    actor: clerk,
    correlation: 'bench',
    ...of,
  }
}

/** Appends of one batch; a batch is checked as a whole before anything of it is stored. */
const appendsAtOnce = 1000

/**
 * Appends in batches, every one of which has to succeed. Two are under way, so that the log checks
 * one while the database stores the other.
 */
export async function appendEvery(
  store: Pick<EventStore, 'append'>,
  appends: readonly Append[],
): Promise<void> {
  let underWay: Promise<void> = Promise.resolve()
  for (let from = 0; from < appends.length; from += appendsAtOnce) {
    const before = underWay
    underWay = appendAtOnce(store, appends.slice(from, from + appendsAtOnce))
    // It is awaited with the next batch; until then its failure must wait too.
    underWay.catch(() => undefined)
    await before
  }
  await underWay
}

async function appendAtOnce(
  store: Pick<EventStore, 'append'>,
  appends: readonly Append[],
): Promise<void> {
  const outcomes = await store.append(appends)
  const other = outcomes.find(({ kind }) => kind !== 'appended')
  if (other) throw new Error(`an append of the bench was answered ${other.kind}`)
}
