import { z } from 'zod'
import { importEvents } from '../../domain/import/events.js'
import { PlainDate } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import {
  ActorId,
  CaseId,
  ImportId,
  type Ordinal,
  ordinal,
  PersonId,
} from '../../domain/values/identifiers.js'
import { payeeChangesWaiting } from '../../projections/people/payee-changes.js'
import { importsWaiting, writeOffsWaiting } from '../../projections/registers/waiting.js'
import type { Role } from '../auth/actor.js'
import type { LedgerServices } from '../ledger-services.js'
import type { Keyset } from '../paging.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

/** What somebody prepared or proposed, and what waits for another person to see and decide. */
export function waitingRoutes(services: LedgerServices): readonly Route[] {
  return [payeeChanges(services), imports(services), writeOffs(services)]
}

const Query = z.strictObject({
  division: DivisionCode.describe('区划：及其下级 the subtree of this division'),
})

interface Face {
  readonly url: string
  readonly tag: string
  readonly zh: string
  readonly en: string
  readonly roles: readonly Role[]
}

function listOf({ en, roles, tag, url, zh }: Face) {
  return {
    method: 'GET',
    url,
    tag,
    summary: { zh, en },
    titleZh: zh,
    roles,
    params: nothing,
    query: Query,
    body: noBody,
    scope: ({ query }: { readonly query: z.infer<typeof Query> }) => [query.division],
  } as const
}

const ofProposal = [
  { key: 'proposedBy', headerZh: '申请人', headerEn: 'Proposed by', kind: 'text' },
  { key: 'recorded', headerZh: '申请时间', headerEn: 'Recorded', kind: 'text' },
] as const

const WaitingPayeeChange = z.strictObject({
  personId: PersonId,
  name: z.string().nullable(),
  kind: z.enum(['account', 'payee']),
  proposal: z.int(),
  from: PlainDate,
  proposedBy: ActorId,
  recorded: z.string(),
})

function payeeChanges({ model, names }: LedgerServices): Route {
  const words = { account: '收款账户', payee: '收款人' }
  return listRoute({
    ...listOf({
      url: '/v1/payee-changes',
      tag: '人员 Persons',
      zh: '待确认收款变更',
      en: 'Accounts and payees that wait for another person',
      roles: ['clerk', 'reviewer', 'approver', 'payment-officer', 'auditor'],
    }),
    row: WaitingPayeeChange,
    columns: [
      { key: 'personId', headerZh: '人员', headerEn: 'Person', kind: 'text' },
      { key: 'name', headerZh: '姓名', headerEn: 'Name', kind: 'text' },
      { key: 'kind', headerZh: '变更', headerEn: 'What', kind: 'text', words },
      { key: 'proposal', headerZh: '申请编号', headerEn: 'Proposal', kind: 'count' },
      { key: 'from', headerZh: '生效日期', headerEn: 'From', kind: 'date' },
      ...ofProposal,
    ],
    personal: ({ personId }) => [personId],
    page: async ({ query: { division: within } }, { after, limit }) => {
      const found = await payeeChangesWaiting(model, { within, after: ordinalIn(after), limit })
      const opened = await names.namesOf(found.map(({ personId }) => personId))
      const rows = found.map(({ ordinal: _, ...row }) => ({
        ...row,
        name: opened.get(row.personId) ?? null,
      }))
      return { rows, next: nextOf(found, limit) }
    },
  })
}

const { fileDigest, kind } = importEvents.ImportPrepared.data.shape
const WaitingImport = z.strictObject({
  importId: ImportId,
  kind,
  rows: z.int(),
  division: DivisionCode,
  preparedBy: ActorId,
  preparedOn: PlainDate,
  recorded: z.string(),
  started: z.boolean(),
  fileDigest,
})

const kindWords = {
  policy: '政策',
  cases: '家庭',
  members: '成员',
  accounts: '账户',
  deaths: '死亡名单',
  campaign: '专项名单',
} as const

function imports({ model }: LedgerServices): Route {
  return listRoute({
    ...listOf({
      url: '/v1/imports',
      tag: '导入 Imports',
      zh: '待确认导入',
      en: 'Imports that were prepared and wait for another person',
      roles: ['clerk', 'approver', 'administrator', 'auditor'],
    }),
    row: WaitingImport,
    columns: [
      { key: 'importId', headerZh: '导入编号', headerEn: 'Import', kind: 'text' },
      { key: 'kind', headerZh: '内容', headerEn: 'Kind', kind: 'text', words: kindWords },
      { key: 'rows', headerZh: '行数', headerEn: 'Rows', kind: 'count' },
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'preparedBy', headerZh: '经办人', headerEn: 'Prepared by', kind: 'text' },
      { key: 'preparedOn', headerZh: '经办日期', headerEn: 'Prepared on', kind: 'date' },
      { key: 'started', headerZh: '已开始写入', headerEn: 'Begun', kind: 'text' },
      { key: 'fileDigest', headerZh: '文件摘要', headerEn: 'SHA-256 of the file', kind: 'text' },
    ],
    page: async ({ query: { division: within } }, { after, limit }) => {
      const found = await importsWaiting(model, { within, after: ordinalIn(after), limit })
      return { rows: found.map(({ ordinal: _, ...row }) => row), next: nextOf(found, limit) }
    },
  })
}

const WaitingWriteOff = z.strictObject({
  caseId: CaseId,
  amountFen: z.int(),
  reason: z.string(),
  proposedOn: PlainDate,
  proposedBy: ActorId,
  recorded: z.string(),
})

function writeOffs({ model }: LedgerServices): Route {
  return listRoute({
    ...listOf({
      url: '/v1/write-off-proposals',
      tag: '追缴 Recoveries',
      zh: '待审批核销',
      en: 'Write-offs that wait for a second person',
      roles: ['payment-officer', 'approver', 'auditor'],
    }),
    row: WaitingWriteOff,
    columns: [
      { key: 'caseId', headerZh: '个案', headerEn: 'Case', kind: 'text' },
      { key: 'amountFen', headerZh: '核销金额（元）', headerEn: 'Amount (yuan)', kind: 'yuan' },
      { key: 'reason', headerZh: '理由', headerEn: 'Reason', kind: 'text' },
      { key: 'proposedOn', headerZh: '申请日期', headerEn: 'Proposed on', kind: 'date' },
      ...ofProposal,
    ],
    page: async ({ query: { division: within } }, { after, limit }) => {
      const found = await writeOffsWaiting(model, { within, after: ordinalIn(after), limit })
      return { rows: found.map(({ ordinal: _, ...row }) => row), next: nextOf(found, limit) }
    },
  })
}

function ordinalIn(after: Keyset | null): Ordinal | undefined {
  return after === null ? undefined : ordinal(Number(after[0]))
}

function nextOf(rows: readonly { readonly ordinal: Ordinal }[], limit: number): Keyset | null {
  const last = rows.at(-1)
  return last && rows.length === limit ? [last.ordinal] : null
}
