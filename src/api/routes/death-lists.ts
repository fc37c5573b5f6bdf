import { z } from 'zod'
import { PlainDate } from '../../domain/values/calendar.js'
import { levelOf } from '../../domain/values/division.js'
import { personsWithin } from '../../projections/places-now.js'
import { type RegisterFact, registerFacts } from '../../projections/registers/queries.js'
import type { Column } from '../exports/column.js'
import type { LedgerServices } from '../ledger-services.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

const DeathListEntry = z.strictObject({
  receivedOn: PlainDate,
  source: z.string(),
  /** Of the whole list: null for who works for less than a province. */
  rows: z.int().nullable(),
  matched: z.int(),
  unmatched: z.int().nullable(),
  remarks: z.array(z.string()),
  ordinal: z.int(),
})
type DeathListEntry = z.infer<typeof DeathListEntry>

const columns: readonly Column<DeathListEntry>[] = [
  { key: 'receivedOn', headerZh: '收到日期', headerEn: 'Received', kind: 'date' },
  { key: 'source', headerZh: '来源', headerEn: 'Source', kind: 'text' },
  { key: 'rows', headerZh: '人数', headerEn: 'Rows', kind: 'count' },
  { key: 'matched', headerZh: '在册人数', headerEn: 'Matched', kind: 'count' },
  { key: 'unmatched', headerZh: '不在册人数', headerEn: 'Unmatched', kind: 'count' },
  { key: 'remarks', headerZh: '附注', headerEn: 'Remarks', kind: 'text' },
]

/**
 * Lists of deaths as they were received: how many, of whom how many were known. Names nobody. Who
 * works for a county sees the lists with persons of the county in them, and counts those alone.
 */
export function deathLists({ model }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/death-lists',
    tag: '导入 Imports',
    summary: { zh: '死亡名单', en: 'Lists of deaths as received, with their own remarks' },
    titleZh: '死亡名单',
    roles: ['clerk', 'approver', 'auditor', 'statistician', 'administrator'],
    params: nothing,
    query: nothing,
    body: noBody,
    row: DeathListEntry,
    columns,
    scope: () => [],
    page: async ({ actor: { division } }, { after }) => {
      if (after) return { rows: [], next: null }
      const { rows: lists } = await registerFacts(model, { types: ['DeathListReceived'] })
      const persons = lists.flatMap(({ data }) => data.matched.map(({ personId }) => personId))
      const own = await personsWithin(model, { persons, division })
      const isWhole = levelOf(division) === 'province'
      const entries = lists.map((list) => entryOf(list, { own, isWhole }))
      return { rows: entries.filter(({ matched }) => isWhole || matched > 0), next: null }
    },
  })
}

interface Seen {
  readonly own: ReadonlySet<string>
  readonly isWhole: boolean
}

function entryOf(
  { data, ordinal }: RegisterFact<'DeathListReceived'>,
  { isWhole, own }: Seen,
): DeathListEntry {
  const { receivedOn, remarks, rows, source, unmatched } = data
  const matched = isWhole ? data.matched : data.matched.filter(({ personId }) => own.has(personId))
  const whole = isWhole
    ? { rows, unmatched, remarks: [...remarks] }
    : { rows: null, unmatched: null, remarks: [] }
  return { receivedOn, source, matched: matched.length, ...whole, ordinal }
}
