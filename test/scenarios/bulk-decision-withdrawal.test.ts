import t from 'tap'
import { approveDecision } from '../../src/application/bulk/two-hands.js'
import { bulkDecisionEvents } from '../../src/domain/bulk-decision/events.js'
import { callerOf } from '../application/setting.js'
import { county, type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import { household, paper } from './office.js'

const elsewhere = '990201000000'
const subsidy = {
  decisionId: 'price-2012-01',
  from: '2012-01',
  to: '2012-01',
  division: county,
  method: { kind: 'fixed-monthly', amountFen: 8_300 },
  basis: { kind: 'document' },
  programmes: ['urban-dibao'],
  reference: 'on-roll-at-end',
  document: paper,
}
const campaign = {
  campaignId: 'spring-2012',
  programme: 'festival-greeting',
  month: '2012-02',
  decidedOn: '2012-01-20',
  division: county,
  document: paper,
  unit: 'household',
  tiers: [{ programme: 'urban-dibao', amountFen: 50_000 }],
}
const why = { reason: '金额有误' }

async function idOfWaiting(ledger: HttpLedger): Promise<string> {
  const [row] = await ledger.rows('administrator', `/v1/bulk-decisions?division=${county}`)
  return String(row?.['bulkDecisionId'])
}

for (const [request, body] of [
  ['POST /v1/price-links', subsidy],
  ['POST /v1/campaigns', campaign],
] as const) {
  t.test(`what was prepared is withdrawn, and may be prepared anew: ${request}`, async (t) => {
    const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
    await household(ledger, { name: '钱一' })
    await ledger.advanceTo('2012-01-20')
    const prepare = (by: 'reviewer' | 'approver') =>
      ledger.done(by, request, { ...body, dryRun: true })
    const waiting = () => ledger.rows('auditor', `/v1/bulk-decisions?division=${county}`)
    await prepare('reviewer')
    const bulkDecisionId = await idOfWaiting(ledger)
    const withdrawal = `POST /v1/bulk-decisions/${bulkDecisionId}/withdrawal`

    await t.test('by whoever prepared it, or for an approver of the place', async (t) => {
      const refusal = (by: Parameters<typeof ledger.refused>[0], path = withdrawal) =>
        ledger.refused(by, path, { body: why })
      const far = await ledger.issue({ actor: 'far', roles: ['approver'], division: elsewhere })
      const other = { actor: 'other', roles: ['reviewer'] as const, division: county }
      const others = { status: 403, code: 'bulk-decision-prepared-by-others' }
      for (const by of [far, await ledger.issue(other)]) t.match(await refusal(by), others)
      for (const by of ['auditor', 'clerk'] as const)
        t.match(await refusal(by), { code: 'role-missing' })
      const unknown = `POST /v1/bulk-decisions/${'0'.repeat(64)}/withdrawal`
      t.match(await refusal('reviewer', unknown), { status: 404, code: 'bulk-decision-unknown' })
      const nameless = 'POST /v1/bulk-decisions/spring-2012/withdrawal'
      t.match(await refusal('reviewer', nameless), { status: 400 })
      t.match(await ledger.refused('reviewer', withdrawal, { body: { reason: '' } }), {
        status: 400,
      })
    })

    await t.test('it waits no longer, and nobody approves it', async (t) => {
      const mine = { bulkDecisionId, changed: true, withdrawnOf: ['reviewer-1'] }
      t.match(await ledger.done('reviewer', withdrawal, why), mine)
      const again = { bulkDecisionId, changed: false, withdrawnOf: [] }
      t.match(await ledger.done('reviewer', withdrawal, why), again)
      t.same(await waiting(), [])
      t.match(await ledger.refused('approver', request, { body }), {
        status: 409,
        code: 'bulk-decision-withdrawn',
        detail: /reviewer-1 于 2012-01-20 撤回（金额有误）/,
      })
    })

    await t.test('prepared anew it counts; an approver takes back everybody’s word', async (t) => {
      await prepare('reviewer')
      await prepare('approver')
      const both = { changed: true, withdrawnOf: ['reviewer-1', 'approver-1'] }
      t.match(await ledger.done('approver', withdrawal, why), both)
      t.same(await waiting(), [])
      await prepare('reviewer')
      t.match(await waiting(), [{ bulkDecisionId, preparedBy: 'reviewer-1' }])
      t.match(await ledger.done('approver', request, body), { changed: 1 })
      t.match(await ledger.refused('reviewer', withdrawal, { body: why }), {
        status: 409,
        code: 'bulk-decision-already-approved',
      })
    })
  })
}

t.test('what was approved and cut short then is listed, until it is sent again', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await household(ledger, { name: '钱一' })
  await ledger.advanceTo('2012-01-20')
  const head = await ledger.head()
  await ledger.done('reviewer', 'POST /v1/price-links', { ...subsidy, dryRun: true })
  const [prepared] = await ledger.eventsAfter(head)
  const { decision } = bulkDecisionEvents.BulkDecisionPrepared.data.parse(prepared?.data)
  await approveDecision(ledger.service.bulk, { caller: callerOf({ sub: 'approver-9' }), decision })

  const path = `/v1/bulk-decisions?division=${county}`
  const approved = { state: 'approved', preparedBy: 'reviewer-1', approvedBy: 'approver-9' }
  t.match(await ledger.rows('approver', path), [approved])
  const file = await ledger.call('approver', `GET ${path}&format=csv`)
  t.match(file.text, /\n已审批，未办完,物价补贴,price-2012-01,/)
  t.match(await ledger.done('approver', 'POST /v1/price-links', subsidy), { changed: 1 })
  t.same(await ledger.rows('approver', path), [])
})
