import t from 'tap'
import { county, fileOf, type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import { byTwo } from '../support/two-hands.js'
import { backStreet, frontStreet, household, paper } from './office.js'

const subsidy = 'price-subsidy'
const rolls = ['urban-dibao', 'rural-dibao']

const terms = {
  from: '2011-01',
  programme: subsidy,
  division: county,
  terms: {
    cpiAtLeastBasisPoints: 350,
    foodAtLeastBasisPoints: 600,
    monthsRunning: 1,
    periodMonths: 1,
  },
  document: paper,
}

/** 525 yuan times the rise, half-up to the yuan. */
const method = {
  kind: 'standard-times-rise',
  standardFen: 52_500,
  floorFen: 0,
  rounding: 'half-up-to-yuan',
}

function decision(month: string, over: object = {}) {
  return {
    decisionId: `price-${month}`,
    from: month,
    to: month,
    division: county,
    method,
    basis: { kind: 'indices', termsOf: subsidy },
    programmes: rolls,
    reference: 'month-by-month',
    document: paper,
    ...over,
  }
}

async function publish(ledger: HttpLedger, month: string, rises: readonly [number, number]) {
  const [cpiRiseBasisPoints, foodRiseBasisPoints] = rises
  const about = { month, division: county, publishedOn: `${month}-28`, source: '统计公报' }
  const body = { ...about, cpiRiseBasisPoints, foodRiseBasisPoints }
  return ledger.done('approver', 'POST /v1/price-indices', body)
}

/** A reviewer prepares it, an approver has it carried out. */
const decideByTwo = (ledger: HttpLedger, body: object) =>
  byTwo(ledger, {
    request: 'POST /v1/price-links',
    body,
    hands: { prepares: 'reviewer', writes: 'approver' },
  })

t.test('a price subsidy by indices, decided once for every place', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2012-01-04' })
  const front = { name: '前街', division: frontStreet }
  const { caseId, head } = await household(ledger, front)
  await household(ledger, { name: '后街', division: backStreet })
  await ledger.advanceTo('2012-06-01')

  await t.test('its terms are policy: by import or by command, once', async (t) => {
    const refused = await ledger.refused('approver', 'POST /v1/price-links', {
      body: decision('2012-03'),
    })
    t.match(refused, { code: 'price-terms-missing-for-month' })
    const bytes = Buffer.from(JSON.stringify({ kind: 'price-terms', items: [terms] }))
    const file = { name: 'price-terms.json', bytes }
    t.match(await ledger.importPolicy([file]), { events: { PriceTermsSet: 1 } })
    t.match(await ledger.importPolicy([file]), { result: 'unchanged' })
    t.match(await byTwo(ledger, { request: 'POST /v1/price-terms', body: terms }), {
      result: 'unchanged',
    })
    const body = { files: [fileOf({ ...file, bytes: Buffer.from('{"kind":"price-terms"}') })] }
    const malformed = await ledger.refused('administrator', 'POST /v1/imports/policy', { body })
    t.match(malformed, { code: 'policy-file-malformed' })
  })

  await t.test('the index of a place that nobody defined is refused', async (t) => {
    const division = '990301999000'
    const about = { month: '2012-03', division, publishedOn: '2012-03-28', source: '统计公报' }
    const body = { ...about, cpiRiseBasisPoints: 450, foodRiseBasisPoints: null }
    const refused = await ledger.refused('approver', 'POST /v1/price-indices', { body })
    t.match(refused, { status: 422, code: 'division-unknown', facts: { division } })
  })

  await t.test(
    'without an index nothing is decided; below the threshold nothing is due',
    async (t) => {
      const body = decision('2012-03')
      const refused = await ledger.refused('approver', 'POST /v1/price-links', { body })
      t.match(refused, { code: 'price-index-missing', facts: { month: '2012-03' } })
      await publish(ledger, '2012-03', [349, 599])
      const none = await decideByTwo(ledger, body)
      t.match(none, { cases: 0, persons: 0, amountFen: 0 })
    },
  )

  await t.test('525 × 4.5 % is 24 yuan; of two indices the higher counts', async (t) => {
    await publish(ledger, '2012-04', [450, 599])
    const april = await decideByTwo(ledger, decision('2012-04'))
    t.match(april, {
      workings: { arithmetic: { exactFen: { numerator: 52_500 * 450, denominator: 10_000 } } },
    })
    t.match(april, { cases: 2, persons: 2, amountFen: 2 * 2_400, changed: 2, refused: [] })
    await publish(ledger, '2012-05', [450, 800])
    const may = await decideByTwo(ledger, decision('2012-05'))
    t.match(may, { cases: 2, amountFen: 2 * 4_200 })
  })

  await t.test('one prepares it and another sends it, as it stands by the indices', async (t) => {
    const post = 'POST /v1/price-links'
    await publish(ledger, '2012-01', [400, 599])
    const body = decision('2012-01')
    const refusal = (by: Parameters<typeof ledger.refused>[0], sent: object = body) =>
      ledger.refused(by, post, { body: sent })
    t.match(await refusal('approver'), { status: 409, code: 'bulk-decision-not-prepared' })
    await ledger.done('approver', post, { ...body, dryRun: true })
    const own = { status: 403, code: 'same-person-prepares-and-approves' }
    t.match(await refusal('approver'), own)
    t.match(await refusal('reviewer'), { status: 403, code: 'role-missing' })
    const waiting = () => ledger.rows('auditor', `/v1/bulk-decisions?division=${county}`)
    const dry = await ledger.done('reviewer', post, { ...body, dryRun: true })
    t.match(dry, { monthlyFen: 2_100, persons: 2 })
    t.match(await waiting(), [
      {
        state: 'prepared',
        name: 'price-2012-01',
        documentNumber: paper.number,
        documentIssuer: paper.issuer,
        from: '2012-01',
        months: 1,
        basis: 'indices',
        trigger: 'cpi',
        indices: `2012-01 CPI 4.00% 食品 5.99%; ${paper.number}; 2012-01 按 4.00%`,
        reference: 'month-by-month',
        monthlyFen: 2_100,
        amounts: /urban-dibao 21\.00/,
        ...{ grants: 2, persons: 2, amountFen: 4_200, refused: 0 },
        preparedBy: 'reviewer-1',
      },
      { name: 'price-2012-01', preparedBy: 'approver-1' },
    ])
    const file = await ledger.call(
      'approver',
      `GET /v1/bulk-decisions?division=${county}&format=csv`,
    )
    t.match(
      file.text,
      /^\uFEFF状态,决定,编号,文号,发文单位,决定日期,区划,起始月份,截止月份,月数,依据,/,
    )
    t.match(file.text, /\n待审批,物价补贴,price-2012-01,/)
    t.match(file.text, /依价格指数,居民消费价格,.*,逐月在册,21\.00,.*,2,2,42\.00,0,/)

    await publish(ledger, '2012-01', [500, 599])
    const stale = await refusal('approver')
    t.match(stale, { code: 'bulk-decision-not-prepared' }, 'it comes to another amount now')
    await ledger.done('reviewer', post, { ...body, dryRun: true })
    t.match(await ledger.done('approver', post, body), { monthlyFen: 2_600, persons: 2 })
    t.same(await waiting(), [], 'what was decided waits no longer')
  })

  await t.test('another decision that overlaps it in place and time is refused', async (t) => {
    const before = await ledger.head()
    const overlapping = [
      decision('2012-04', { decisionId: 'village', division: frontStreet }),
      decision('2012-04', { decisionId: 'county' }),
      decision('2012-04', {
        decisionId: 'quarter',
        from: '2012-02',
        division: frontStreet,
        basis: { kind: 'document' },
        method: { kind: 'fixed-monthly', amountFen: 8_300 },
        reference: 'on-roll-at-end',
      }),
    ]
    for (const body of overlapping) {
      const refused = await ledger.refused('approver', 'POST /v1/price-links', { body })
      const facts = { decisionId: 'price-2012-04', division: county }
      t.match(refused, { status: 409, code: 'price-already-decided', facts })
    }
    t.equal(await ledger.head(), before, 'and nothing is written')
  })

  await t.test('who moved between two decisions has the months they have not had', async (t) => {
    const byDocument = {
      basis: { kind: 'document' },
      method: { kind: 'fixed-monthly', amountFen: 8_300 },
      reference: 'on-roll-at-end',
    }
    const first = decision('2012-02', { ...byDocument, decisionId: 'front', division: frontStreet })
    t.match(await decideByTwo(ledger, first), { amountFen: 8_300 })
    const move = { from: '2012-03', division: backStreet, urbanRural: 'urban', reason: '迁居' }
    await ledger.done('clerk', `POST /v1/cases/${caseId}/move`, move)
    const second = { ...first, decisionId: 'back', division: backStreet, to: '2012-03' }
    const { personId } = head
    const expected = {
      persons: 2,
      amountFen: 3 * 8_300,
      alreadyGrantedCount: 1,
      alreadyGranted: [{ caseId, personId, month: '2012-02', decisionId: 'front' }],
    }
    const dryRun = { ...second, dryRun: true }
    t.match(await ledger.done('reviewer', 'POST /v1/price-links', dryRun), expected)
    t.match(await ledger.done('approver', 'POST /v1/price-links', second), expected)
    const again = await ledger.done('approver', 'POST /v1/price-links', second)
    t.match(again, { ...expected, changed: 0 })
  })

  await t.test('what can not be is refused, and prepared by nobody', async (t) => {
    const byDocument = {
      decisionId: 'slip',
      basis: { kind: 'document' },
      method: { kind: 'fixed-monthly', amountFen: 8_300 },
    }
    const slips = [
      [{ from: '2012-06', to: '2012-05' }, 'months-reversed'],
      [{ to: '2013-12' }, 'month-too-far-ahead'],
      [{ method: { kind: 'fixed-monthly', amountFen: 0 } }, 'supplement-without-amount'],
      [{ division: '990301999000' }, 'division-unknown'],
    ] as const
    const before = await ledger.head()
    for (const [slip, code] of slips) {
      const body = decision('2012-06', { ...byDocument, ...slip })
      for (const dryRun of [true, false]) {
        const sent = { body: { ...body, dryRun } }
        t.match(await ledger.refused('approver', 'POST /v1/price-links', sent), { code })
      }
    }
    t.equal(await ledger.head(), before)
  })

  await t.test('of two that come at once one is decided', async (t) => {
    const byDocument = {
      basis: { kind: 'document' },
      method: { kind: 'fixed-monthly', amountFen: 8_300 },
    }
    const of = (decisionId: string) => decision('2012-06', { ...byDocument, decisionId })
    for (const id of ['one', 'other'])
      await ledger.done('reviewer', 'POST /v1/price-links', { ...of(id), dryRun: true })
    const both = await Promise.all(
      ['one', 'other'].map((decisionId) => {
        const body = of(decisionId)
        return ledger.call('approver', 'POST /v1/price-links', { body })
      }),
    )
    t.strictSame(both.map(({ status }) => status).sort(), [200, 409])
    const waiting = await ledger.rows('auditor', `/v1/bulk-decisions?division=${county}`)
    t.same(
      waiting.filter(({ state }) => state !== 'prepared'),
      [],
      'the other one is not approved',
    )
  })
})
