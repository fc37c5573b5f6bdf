import { z } from 'zod'
import type { DivisionCode } from '../../domain/values/division.js'
import { beforeFirst, type Ordinal, ordinal } from '../../domain/values/identifiers.js'
import type { StoredEvent } from '../../event-store/event-store.js'
import { eventsWithin } from '../../projections/event-places.js'
import type { LedgerServices } from '../ledger-services.js'
import { largestPage } from '../paging.js'
import { listRoute, type Page } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

const Event = z.strictObject({
  ordinal: z.int(),
  stream: z.string(),
  version: z.int(),
  eventId: z.string(),
  type: z.string(),
  schemaVersion: z.int(),
  effective: z.string(),
  recorded: z.string(),
  actor: z.string(),
  correlation: z.string(),
  leafHash: z.string(),
  data: z.json(),
})

/**
 * The log itself, for auditors of the places that it is about: sealed fields stay sealed. A page
 * may hold fewer rows than asked for, none even, and still have a next one.
 */
export function eventRoute(services: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/events',
    tag: '台账 Ledger',
    summary: { zh: '事件流水', en: 'The log of your places in order, or one stream of it' },
    titleZh: '事件流水',
    roles: ['auditor'],
    params: nothing,
    query: z.strictObject({ stream: z.string().max(200).optional() }),
    body: noBody,
    row: Event,
    columns: [
      { key: 'ordinal', headerZh: '账序', headerEn: 'Ordinal', kind: 'count' },
      { key: 'stream', headerZh: '流', headerEn: 'Stream', kind: 'text' },
      { key: 'version', headerZh: '序号', headerEn: 'Version', kind: 'count' },
      { key: 'type', headerZh: '事件', headerEn: 'Type', kind: 'text' },
      { key: 'effective', headerZh: '生效', headerEn: 'Effective', kind: 'text' },
      { key: 'recorded', headerZh: '记录', headerEn: 'Recorded', kind: 'text' },
      { key: 'actor', headerZh: '经办', headerEn: 'Actor', kind: 'text' },
      { key: 'leafHash', headerZh: '摘要', headerEn: 'Leaf hash', kind: 'text' },
    ],
    scope: () => [],
    page: async ({ actor, query }, { after, asOf, limit }) => {
      const from = ordinal(Number(after?.[0] ?? beforeFirst))
      const source = await sourceOf(services, { ...query, upTo: asOf.ordinal })
      return pageOf(services, { source, from, limit, division: actor.division })
    },
  })
}

/** The events after an ordinal, up to the largest page. */
type Source = (after: Ordinal) => Promise<readonly StoredEvent[]>

/** Events that the read models don't know yet have no known place: they come later. */
async function sourceOf(
  { store }: LedgerServices,
  { stream, upTo }: { readonly stream?: string | undefined; readonly upTo: Ordinal },
): Promise<Source> {
  if (stream === undefined)
    return async (after) => {
      const events = await store.readAll({ after, limit: largestPage })
      return events.filter(({ ordinal: at }) => at <= upTo)
    }
  const events = (await store.readStream(stream)).filter(({ ordinal: at }) => at <= upTo)
  return async (after) => events.filter(({ ordinal: at }) => at > after).slice(0, largestPage)
}

interface Asked {
  readonly source: Source
  readonly from: Ordinal
  readonly limit: number
  readonly division: DivisionCode
}

/** In a log that is mostly about other places, a page ends after so many events. */
const eventsPassed = 20_000

async function pageOf(
  { model }: LedgerServices,
  { division, from, limit, source }: Asked,
): Promise<Page<z.infer<typeof Event>>> {
  const rows: z.infer<typeof Event>[] = []
  let passed = from
  for (let count = 0; count < eventsPassed; count += largestPage) {
    const events = await source(passed)
    const own = await eventsWithin(model, { events, division })
    rows.push(...own.map((event) => Event.parse(event)))
    const last = rows[limit - 1]
    if (last && rows.length > limit) return { rows: rows.slice(0, limit), next: [last.ordinal] }
    passed = events.at(-1)?.ordinal ?? passed
    if (events.length < largestPage) return { rows, next: null }
  }
  return { rows, next: [passed] }
}
