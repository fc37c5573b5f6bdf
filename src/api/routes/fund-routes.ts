import { z } from 'zod'
import { payerOf } from '../../application/payment/payer-of-county.js'
import { payerStream } from '../../application/streams.js'
import { payerDecider } from '../../domain/fund/decide.js'
import { payerEvents } from '../../domain/fund/events.js'
import { balancesOf, type FundBalance } from '../../domain/fund/payer.js'
import type { Policy } from '../../domain/policy/policy.js'
import { monthOf } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { callerOf, type LedgerServices, outcomeOf } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'
import { listNames } from './run-documents.js'

const tag = '发放 Payment runs'
const Allocation = payerEvents.FundAllocated.data
const County = DivisionCode.describe('县（区）区划 The county whose payer has the funds')

/** What money there is to release runs from. */
export function fundRoutes(services: LedgerServices): readonly Route[] {
  return [allocation(services), balances(services)]
}

function allocation({ processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/funds',
    tag,
    summary: { zh: '资金到账', en: 'Allocate a fund to a county’s payer' },
    roles: ['payment-officer', 'administrator'],
    params: nothing,
    body: Allocation.extend({ county: County }),
    result: z.strictObject({ changed: z.boolean() }),
    scope: ({ body }) => [body.county],
    execute: async ({ actor, body: { county, ...allocation } }, context) => {
      const handled = await processes.handler.handle({
        stream: payerStream(county),
        decider: payerDecider,
        command: { type: 'AllocateFund', ...allocation },
        caller: callerOf(actor, context),
      })
      return outcomeOf(handled, { changed: handled.changed })
    },
  })
}

const Balance = Allocation.omit({ document: true, programmes: true }).extend({
  programmes: z.string().describe('可用项目 The programmes that it may pay for'),
  documentNumber: z.string(),
  reservedFen: z.int().describe('已预留 Put aside for runs that are not released'),
  spentFen: z.int().describe('已放款 Sent to banks, less what came back'),
  leftFen: z.int().describe('余额 What is left'),
})
type Balance = z.infer<typeof Balance>

function balances({ processes, store }: LedgerServices): Route {
  return listRoute({
    method: 'GET',
    url: '/v1/funds',
    tag,
    summary: { zh: '资金余额', en: 'The funds of a county and what is left of each, now' },
    titleZh: '资金余额',
    roles: ['payment-officer', 'approver', 'auditor', 'statistician', 'administrator'],
    params: nothing,
    query: z.strictObject({ county: County }),
    body: noBody,
    scope: ({ query }) => [query.county],
    row: Balance,
    columns: [
      { key: 'fundId', headerZh: '资金编号', headerEn: 'Fund', kind: 'text' },
      { key: 'programmes', headerZh: '可用项目', headerEn: 'Programmes', kind: 'text' },
      { key: 'source', headerZh: '来源', headerEn: 'Source', kind: 'text' },
      { key: 'documentNumber', headerZh: '文号', headerEn: 'Document', kind: 'text' },
      { key: 'allocatedOn', headerZh: '到账日期', headerEn: 'Allocated on', kind: 'date' },
      { key: 'amountFen', headerZh: '到账金额（元）', headerEn: 'Allocated (yuan)', kind: 'yuan' },
      { key: 'reservedFen', headerZh: '已预留（元）', headerEn: 'Put aside (yuan)', kind: 'yuan' },
      { key: 'spentFen', headerZh: '已放款（元）', headerEn: 'Spent (yuan)', kind: 'yuan' },
      { key: 'leftFen', headerZh: '余额（元）', headerEn: 'Left (yuan)', kind: 'yuan' },
    ],
    page: async ({ query: { county } }, { after, asOf, limit }) => {
      const { state } = await payerOf({ store }, county)
      const policy = await processes.policies.policyAt(asOf.ordinal)
      const all = balancesOf(state)
      const from = after === null ? 0 : Number(after[0])
      const next = from + limit < all.length ? [from + limit] : null
      return { rows: all.slice(from, from + limit).map((one) => rowOf(one, policy)), next }
    },
  })
}

function rowOf({ fund, ...money }: FundBalance, policy: Policy): Balance {
  const { document, programmes, ...said } = fund
  const names = listNames(policy, monthOf(fund.allocatedOn))
  return {
    ...said,
    ...money,
    programmes: programmes.map((code) => names.programme(code)).join('、'),
    documentNumber: document.number,
  }
}
