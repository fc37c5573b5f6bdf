import { decidePriceLink } from '../../../src/application/bulk/price-link.js'
import type { Caller } from '../../../src/application/caller.js'
import { month } from '../../../src/domain/values/calendar.js'
import type { ActorId, Ordinal } from '../../../src/domain/values/identifiers.js'
import { AmountFen } from '../../../src/domain/values/money.js'
import type { Append, EventStore, StoredEvent } from '../../../src/event-store/event-store.js'
import type { BenchPart } from '../bench.js'
import { approver, clerk, county, document, programmes } from '../invented-district.js'
import { appendEvery } from '../load-ledger.js'
import { measurement } from '../measurement.js'
import { caughtUp, timed } from '../timing.js'

const callerAs = (sub: ActorId): Caller => ({
  actor: { sub, roles: ['approver'], division: county },
  key: 'bench-price-subsidy',
  correlation: 'bench',
})

/** A price subsidy decided for everyone on the rolls, against a bulk append of its own events. */
export const priceSubsidy: BenchPart = {
  name: 'price-subsidy',
  async measure(bench) {
    const { bulk, projector, store } = await bench.service()
    const { log } = bench.place.beside
    const before = await store.head()
    await caughtUp(projector, before)
    const from = month('2012-02')
    const decision = {
      decisionId: 'bench-2012-02',
      from,
      to: from,
      division: county,
      method: { kind: 'fixed-monthly' as const, amountFen: AmountFen.parse(2400) },
      basis: { kind: 'document' as const },
      programmes: [...programmes],
      reference: 'on-roll-at-end' as const,
      document: { ...document, provenance: 'invented' as const },
    }
    await decidePriceLink(bulk, { decision, caller: callerAs(clerk), dryRun: true })
    await caughtUp(projector, await store.head())
    const start = performance.now()
    const { changed } = await decidePriceLink(bulk, { decision, caller: callerAs(approver) })
    const milliseconds = performance.now() - start
    await caughtUp(projector, await store.head())
    const visible = performance.now() - start
    const again = await appendAgain({ from: store, after: before, to: log })
    if (again.grants !== changed) throw new Error(`${changed} cases, ${again.grants} grants`)
    return [
      measurement({
        id: 'price-subsidy',
        what: `a price subsidy decided for ${changed} cases, against a bulk append of its events`,
        measured: milliseconds / 1000,
        limit: again.milliseconds / 1000,
        unit: 's',
        aim: null,
      }),
      measurement({
        id: 'price-subsidy-visible',
        what: `the same for ${changed} cases, until every read model has it, against the deciding`,
        measured: visible / 1000,
        limit: milliseconds / 1000,
        unit: 's',
        aim: null,
      }),
    ]
  },
}

/** Appends the grants to another log a page at a time: all at once would need all the memory. */
async function appendAgain(moved: {
  readonly from: EventStore
  readonly after: Ordinal
  readonly to: EventStore
}): Promise<{ readonly grants: number; readonly milliseconds: number }> {
  const sums = { grants: 0, milliseconds: 0 }
  for (let { after } = moved; ; ) {
    const events = await moved.from.readAll({ after, limit: 5000 })
    const last = events.at(-1)
    if (!last) return sums
    after = last.ordinal
    const appends = events.filter(({ type }) => type === 'SupplementGranted').map(again)
    sums.milliseconds += await timed(() => appendEvery(moved.to, appends))
    sums.grants += appends.length
  }
}

/** The same bytes to a stream of the same length of name, in a log where it is new. */
function again(event: StoredEvent): Append {
  const { actor, correlation, data, effective, recorded, schemaVersion, stream, type } = event
  return {
    stream,
    expected: 'none',
    events: [{ data, effective, schemaVersion, type }],
    key: `bench-price/${stream}`,
    requestHash: event.leafHash,
    recorded,
    actor,
    correlation,
  }
}
