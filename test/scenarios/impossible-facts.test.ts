import t from 'tap'
import { county, fileOf, type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import { frontStreet, household, joining, openCase, paper, register, runBody } from './office.js'
import { golden } from './other-county-asking.js'

t.test('what can not be is refused by name', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const { caseId, head } = await household(ledger, { name: '郑在册' })
  const cased = `POST /v1/cases/${caseId}`
  const refused = async (
    by: Parameters<HttpLedger['refused']>[0],
    of: { readonly request: string; readonly body: object },
    told: object,
  ) => {
    const before = await ledger.head()
    t.match(await ledger.refused(by, of.request, { body: of.body }), told)
    t.equal(await ledger.head(), before, 'nothing is half-written')
  }

  await t.test('a run beyond the coming month', async () => {
    const open = (period: string) => ({ request: 'POST /v1/runs', body: runBody({ period }) })
    for (const period of ['2012-02', '2199-12'])
      await refused('payment-officer', open(period), {
        status: 422,
        code: 'period-ahead',
        facts: { period, latest: '2012-01' },
        detail: /period/,
      })
    await ledger.done('payment-officer', 'POST /v1/runs', runBody({ period: '2012-01' }))
  })

  await t.test('what has not happened yet', async () => {
    const step = { step: 'survey', passed: true, note: null }
    const today = { today: '2011-12-20' }
    const inFuture = (field: string) => ({
      status: 409,
      code: 'fact-in-future',
      facts: { field, ...today },
      detail: new RegExp(field),
    })
    const on = '2011-12-21'
    await refused('reviewer', { request: `${cased}/steps`, body: { ...step, on } }, inFuture('on'))
    const review = { on, level: 'town', kind: 'spot-check', result: 'unchanged', note: null }
    await refused('reviewer', { request: `${cased}/reviews`, body: review }, inFuture('on'))
    const death = `POST /v1/persons/${head.personId}/death`
    const died = { diedOn: on, source: '家属' }
    await refused('clerk', { request: death, body: died }, inFuture('diedOn'))
    const early = { ...step, on: '2011-11-30' }
    await refused(
      'reviewer',
      { request: `${cased}/steps`, body: early },
      { code: 'step-before-opening' },
    )
  })

  await t.test('a month further ahead than anybody decides', async () => {
    const exit = { lastMonth: '2199-12', reason: '误' }
    await refused(
      'approver',
      { request: `${cased}/exit`, body: exit },
      {
        status: 422,
        code: 'month-too-far-ahead',
        facts: { field: 'lastMonth', month: '2199-12', latest: '2013-12' },
      },
    )
    const opening = { programme: 'urban-dibao', division: frontStreet, urbanRural: 'urban' }
    await refused(
      'clerk',
      {
        request: 'POST /v1/cases',
        body: { ...opening, benefitClass: 'general', openedOn: '2099-12-01' },
      },
      { code: 'month-too-far-ahead', facts: { field: 'openedOn' } },
    )
    const supplement = {
      month: '2012-02',
      component: 'heating',
      measure: 'cash',
      amountFen: 100,
      persons: [head.personId],
      supplementId: 'heating-1',
      document: paper,
    }
    await refused(
      'approver',
      { request: `${cased}/supplements`, body: supplement },
      { code: 'month-too-far-ahead', facts: { field: 'month', latest: '2012-01' } },
    )
    const review = { level: 'town', kind: 'spot-check', result: 'unchanged', note: null }
    await ledger.done('reviewer', `${cased}/reviews`, { ...review, on: '2011-12-20' })
    await ledger.done('approver', `${cased}/supplements`, { ...supplement, month: '2012-01' })
  })

  await t.test('a date inside of what is said, and in a policy file', async () => {
    const rows = Buffer.from('户编号,金额\n1,300\n').toString('base64')
    const campaign = {
      campaignId: 'c',
      programme: 'festival-greeting',
      month: '2102-01',
      decidedOn: '2011-12-20',
      division: county,
      document: paper,
    }
    const asked = (over: object) => ({
      request: 'POST /v1/imports/campaigns',
      body: { campaign: { ...campaign, ...over }, file: { name: 'c.csv', contentBase64: rows } },
    })
    await refused('clerk', asked({}), {
      code: 'month-too-far-ahead',
      facts: { field: 'campaign.month' },
    })
    await refused('clerk', asked({ month: '2012-01', decidedOn: '1011-12-20' }), {
      status: 422,
      code: 'date-too-long-ago',
      facts: { field: 'campaign.decidedOn', earliest: '1900-01-01' },
    })
    const standard = await golden('StandardSet', { division: county, from: '2102-01' })
    const text = JSON.stringify({ kind: 'standards', items: [standard] })
    const files = [fileOf({ name: '标准.json', bytes: Buffer.from(text) })]
    await refused(
      'administrator',
      { request: 'POST /v1/imports/policy', body: { files } },
      { code: 'import-refused', errors: [{ field: '标准.json:1:from' }] },
    )
    const seen = { verifiedOn: '2011-12-19', method: '上门', validThrough: '2112-12' }
    await refused(
      'reviewer',
      { request: `POST /v1/persons/${head.personId}/life-verifications`, body: seen },
      { code: 'month-too-far-ahead', facts: { field: 'validThrough' } },
    )
  })

  await t.test('a birth date that is another one than the person’s', async () => {
    const old = await register(ledger, { name: '冯某', bornOn: '1990-05-05' })
    const allowance = await openCase(ledger, {
      programme: 'old-age-allowance',
      openedOn: '2011-12-20',
    })
    const member = joining({ ...old, bornOn: '1915-05-05' }, { from: '2012-01', head: true })
    await refused(
      'clerk',
      { request: `POST /v1/cases/${allowance}/members`, body: member },
      {
        status: 422,
        code: 'birth-date-differs',
        facts: { bornOn: '1915-05-05', registered: '1990-05-05' },
        detail: /circumstances\.bornOn/,
      },
    )
  })

  await t.test('a person without a name, or not of any century', async () => {
    const person = {
      name: '钱某',
      identityNumber: null,
      bornOn: '1960-01-01',
      sex: 'female',
      address: null,
      phone: null,
    }
    const request = 'POST /v1/persons'
    for (const name of ['   ', '\u200b', '\u3000\ufeff\u2060'])
      await refused('clerk', { request, body: { ...person, name } }, { code: 'name-blank' })
    for (const bornOn of ['2099-01-01', '2011-12-21', '1849-12-31', '0001-01-01'])
      await refused(
        'clerk',
        { request, body: { ...person, bornOn } },
        { status: 422, code: 'birth-date-out-of-range', facts: { bornOn } },
      )
    const correction = { details: { ...person, bornOn: '2099-01-01' }, reason: '更正' }
    await refused(
      'clerk',
      { request: `PUT /v1/persons/${head.personId}`, body: correction },
      { code: 'birth-date-out-of-range' },
    )
  })
})
