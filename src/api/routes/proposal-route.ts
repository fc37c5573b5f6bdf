import { z } from 'zod'
import { type ProposedCase, proposalsPage } from '../../application/bulk/proposals.js'
import { Cause } from '../../domain/case/events.js'
import { programmeOf } from '../../domain/policy/policy.js'
import { Month } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { UrbanRural } from '../../domain/values/document.js'
import { CaseId, ProgrammeCode } from '../../domain/values/identifiers.js'
import type { LedgerServices } from '../ledger-services.js'
import { sentencesOf } from '../problem.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

const words = {
  adjustment: '调整',
  exit: '退出',
  unchanged: '金额不变，待确认',
  return: '恢复在册',
  undecidable: '不能核定',
} as const

const reasonWords: Readonly<Record<Cause['kind'], string>> = {
  income: '收入变化',
  members: '成员变化',
  standard: '标准或规则调整',
  age: '年龄',
  death: '死亡',
  review: '复核',
  class: '类别变化',
  correction: '更正',
}

const Proposal = z.strictObject({
  caseId: CaseId,
  division: DivisionCode,
  programme: ProgrammeCode,
  urbanRural: UrbanRural,
  what: z.enum(['adjustment', 'exit', 'unchanged', 'return', 'undecidable']),
  from: Month.describe('起始月 the first month that would change'),
  nowFen: z.int().describe('现月保障金 what the decisions in force give in that month'),
  thenFen: z.int().nullable().describe('核定后 null where it can not be decided'),
  months: z.array(Month).describe('变化月份 every month from which something would change'),
  lastMonth: Month.nullable().describe('退出前最后月份 where the case would leave the roll'),
  reasons: z.array(Cause.shape.kind),
  retractsVersion: z
    .int()
    .nullable()
    .describe(
      '恢复在册：撤销该序号的退出 a return is decided by retracting this event of the case',
    ),
  refusalCode: z.string().nullable(),
  refusal: z.string().nullable().describe('不能核定的原因 why it can not be decided, what to do'),
})

/** Cases whose recorded facts wait for a person's decision: computed when asked, never stored. */
export function proposalRoute({ bulk, processes }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/proposals',
    tag: '批量决定 Bulk decisions',
    summary: {
      zh: '待核定个案',
      en:
        'Cases with changes that a person has to decide, with the amount now and then; a page ' +
        'may be short or empty and have a next one',
    },
    titleZh: '待核定个案',
    roles: ['clerk', 'reviewer', 'approver', 'auditor'],
    params: nothing,
    query: z.strictObject({
      division: DivisionCode.describe('区划：及其下级 the subtree of this division'),
      programme: ProgrammeCode,
      month: Month.describe('自该月起核定 the month from which it would be decided'),
    }),
    body: noBody,
    scope: ({ query }) => [query.division],
    row: Proposal,
    columns: [
      { key: 'caseId', headerZh: '个案', headerEn: 'Case', kind: 'text' },
      { key: 'division', headerZh: '区划', headerEn: 'Division', kind: 'text' },
      { key: 'programme', headerZh: '项目', headerEn: 'Programme', kind: 'text' },
      { key: 'what', headerZh: '拟核定', headerEn: 'What', kind: 'text', words },
      { key: 'from', headerZh: '起始月', headerEn: 'From', kind: 'month' },
      { key: 'nowFen', headerZh: '现月保障金（元）', headerEn: 'Now (yuan)', kind: 'yuan' },
      { key: 'thenFen', headerZh: '核定后（元）', headerEn: 'Then (yuan)', kind: 'yuan' },
      { key: 'months', headerZh: '变化月份', headerEn: 'Months', kind: 'text' },
      { key: 'lastMonth', headerZh: '最后在册月', headerEn: 'Last month', kind: 'month' },
      { key: 'reasons', headerZh: '原因', headerEn: 'Why', kind: 'text', words: reasonWords },
      { key: 'retractsVersion', headerZh: '撤销序号', headerEn: 'Retract', kind: 'count' },
      { key: 'refusal', headerZh: '不能核定的原因', headerEn: 'Refused', kind: 'text' },
    ],
    page: async ({ actor, query }, { after, asOf, limit }) => {
      const { division, month, programme } = query
      const { policy } = await processes.policies.latest()
      programmeOf(policy, programme)
      const { found, next } = await proposalsPage(bulk, {
        roll: { programmes: [programme], division, month, ordinal: asOf.ordinal },
        by: actor.id,
        after: after === null ? null : CaseId.parse(after[0]),
        limit,
      })
      return { rows: found.map(rowOf), next: next === null ? null : [next] }
    },
  })
}

function rowOf({ months, on, reasons, refusal, ...proposal }: ProposedCase) {
  const { caseId, division, programme, urbanRural } = on
  return {
    ...{ caseId, division, programme, urbanRural },
    ...proposal,
    months: [...months],
    reasons: [...reasons],
    refusalCode: refusal?.code ?? null,
    refusal: refusal && sentencesOf(refusal).zh,
  }
}
