import { z } from 'zod'
import { PlainDate } from '../../domain/values/calendar.js'
import { registerFacts } from '../../projections/registers/queries.js'
import type { Column } from '../exports/column.js'
import type { LedgerServices } from '../ledger-services.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

const DeathListEntry = z.strictObject({
  receivedOn: PlainDate,
  source: z.string(),
  rows: z.int(),
  matched: z.int(),
  unmatched: z.int(),
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

/** Lists of deaths as they were received: how many, of whom how many were known. Names nobody. */
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
    page: async (_, { after }) => {
      if (after) return { rows: [], next: null }
      const { rows } = await registerFacts(model, { types: ['DeathListReceived'] })
      return { rows: rows.map(({ data, ordinal }) => entry({ ...data, ordinal })), next: null }
    },
  })
}

function entry({
  matched,
  ...list
}: Omit<DeathListEntry, 'matched' | 'remarks'> & {
  readonly matched: readonly unknown[]
  readonly remarks: readonly string[]
}): DeathListEntry {
  const { ordinal, receivedOn, remarks, rows, source, unmatched } = list
  return {
    receivedOn,
    source,
    rows,
    matched: matched.length,
    unmatched,
    remarks: [...remarks],
    ordinal,
  }
}
