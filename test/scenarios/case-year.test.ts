import t, { type Test } from 'tap'
import { county, type HttpLedger, numberIn, startHttpLedger } from '../support/http-ledger.js'
import { byTwo } from '../support/two-hands.js'
import {
  allocate,
  approveEntry,
  assessIncome,
  backStreet,
  confirmChange,
  frontStreet,
  joining,
  linesOf,
  openCase,
  payMonth,
  recordSteps,
  register,
  reviewCase,
  setAccount,
} from './office.js'

const year = `division=${county}&programme=urban-dibao`

t.test('one year in the life of a case', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-01' })
  await allocate(ledger, { amountFen: 100_000_000 })
  const head = await register(ledger, { name: '王大山', bornOn: '1940-05-10' })
  const wife = await register(ledger, { name: '李秀英', bornOn: '1962-03-08' })
  const grandchild = await register(ledger, { name: '王小丫', bornOn: '2003-09-01' })
  const niece = await register(ledger, { name: '王春花', bornOn: '1985-02-02' })
  await setAccount(ledger, head, '6222000000001')
  await setAccount(ledger, wife, '6222000000002')
  const caseId = await openCase(ledger, { openedOn: '2011-12-01' })
  const cased = `/v1/cases/${caseId}`
  const paidInMonth = async (period: string) => {
    const runId = await payMonth(ledger, { period })
    const lines = await linesOf(ledger, runId)
    const paid = lines.filter((line) => line['heldFor'] === null)
    return { runId, lines, amountFen: paid.reduce((sum, line) => sum + fenOf(line), 0) }
  }

  await t.test('it is opened, looked into, and approved by another person', async (t) => {
    const members = [
      joining(head, { from: '2012-01', head: true, classifications: ['over-seventy'] }),
      joining(wife, { from: '2012-01' }),
      joining(grandchild, { from: '2012-01', classifications: ['minor'] }),
    ]
    for (const member of members) await ledger.done('clerk', `POST ${cased}/members`, member)
    await assessIncome(ledger, caseId, { from: '2012-01', monthlyIncomeFen: 40_000 })
    await ledger.advanceTo('2011-12-20')
    const entry = { confirmedOn: '2011-12-10', reason: '符合条件' }
    const tooSoon = await ledger.refused('approver', `POST ${cased}/entry`, { body: entry })
    t.match(tooSoon, { code: 'verification-step-missing', facts: { step: 'survey' } })
    await recordSteps(ledger, caseId, { on: '2011-12-05' })
    const notice = await ledger.refused('approver', `POST ${cased}/entry`, { body: entry })
    t.match(notice, { code: 'public-notice-too-short', facts: { days: 5, needed: 7 } })
    const both = await ledger.issue({ actor: 'clerk-1', roles: ['clerk', 'approver'] })
    const later = { body: { ...entry, confirmedOn: '2011-12-20' } }
    const oneself = await ledger.refused(both, `POST ${cased}/entry`, later)
    t.equal(oneself.code, 'same-person-prepares-and-approves')
    const approved = await approveEntry(ledger, caseId, '2011-12-20')
    t.strictSame(approved['events'], ['EntryApproved', 'BenefitGranted'])
  })

  await t.test('winter: it is paid 3 × 350 − 400 + 30 + 20', async (t) => {
    for (const period of ['2012-01', '2012-02']) {
      await ledger.advanceTo(`${period}-05`)
      t.equal((await paidInMonth(period)).amountFen, 70_000)
    }
  })

  await t.test('spring: a niece joins, income rises, they move', async (t) => {
    await ledger.advanceTo('2012-03-02')
    await ledger.done('clerk', `POST ${cased}/members`, joining(niece, { from: '2012-03' }))
    await confirmChange(ledger, caseId, { from: '2012-03', kind: 'members', note: '侄女迁入' })
    t.equal((await paidInMonth('2012-03')).amountFen, 105_000)

    await ledger.advanceTo('2012-04-02')
    await assessIncome(ledger, caseId, { from: '2012-04', monthlyIncomeFen: 60_000 })
    t.match(await explained(ledger, `${cased}/explanation?month=2012-04`), { amountFen: 105_000 })
    const both = await ledger.issue({ actor: 'clerk-1', roles: ['clerk', 'approver'] })
    const cause = { kind: 'income', note: '打工收入', document: null }
    const body = { from: '2012-04', cause }
    const oneself = await ledger.refused(both, `POST ${cased}/reassessment`, { body })
    t.equal(oneself.code, 'same-person-prepares-and-approves')
    await confirmChange(ledger, caseId, { from: '2012-04', kind: 'income', note: '打工收入' })
    t.equal((await paidInMonth('2012-04')).amountFen, 85_000)

    await ledger.advanceTo('2012-05-02')
    const move = { from: '2012-05', division: backStreet, urbanRural: 'urban', reason: '搬迁' }
    await ledger.done('clerk', `POST ${cased}/move`, move)
    const { lines, amountFen } = await paidInMonth('2012-05')
    t.equal(amountFen, 85_000)
    t.match(lines, [{ division: backStreet, persons: 4 }])
  })

  await t.test('the head dies: the household goes on, and its new head is paid', async (t) => {
    await ledger.advanceTo('2012-05-25')
    const death = { diedOn: '2012-05-20', source: '家属申报' }
    const died = await ledger.done('clerk', `POST /v1/persons/${head.personId}/death`, death)
    t.match(died, { consequences: [{ caseId, kind: 'decided' }] })
    const next = { from: '2012-06', personId: wife.personId, reason: '户主去世' }
    await ledger.done('clerk', `POST ${cased}/head`, next)
    await ledger.advanceTo('2012-06-05')
    const { lines, amountFen } = await paidInMonth('2012-06')
    t.equal(amountFen, 47_000, '3 × 350 − 600 + 20')
    t.match(lines, [{ payee: wife.personId, persons: 3 }])
    const june = await ledger.read('statistician', `/v1/movements?${year}&from=2012-06&to=2012-06`)
    t.match(june, {
      opening: { households: 1, persons: 4 },
      entry: { households: 0, persons: 0 },
      exit: { households: 0, persons: 1 },
      closing: { households: 1, persons: 3 },
    })
  })

  let beforeJuly = 0
  await t.test('summer: a raised standard reaches it by itself', async (t) => {
    beforeJuly = await ledger.head()
    await ledger.advanceTo('2012-07-04')
    const raised = { from: '2012-07', amountFen: 39_000, per: 'month', benefitClass: 'general' }
    const document = {
      number: '丙民发〔2012〕30号',
      issuer: '示例丙区民政局',
      provenance: 'invented',
    }
    const of = { programme: 'urban-dibao', division: county, document }
    const standard = { ...raised, ...of }
    const unseen = await ledger.refused('administrator', 'POST /v1/standards', { body: standard })
    t.equal(unseen.code, 'import-not-prepared')
    t.match(await byTwo(ledger, { request: 'POST /v1/standards', body: standard }), {
      result: 'completed',
    })
    t.equal((await paidInMonth('2012-07')).amountFen, 59_000, '3 × 390 − 600 + 20')
    const now = await explained(ledger, `${cased}/explanation?month=2012-07`)
    t.match(now, { amountFen: 59_000, workings: { standards: [{ monthlyFen: 39_000, document }] } })
    const then = `${cased}/explanation?month=2012-07&knownAt=${beforeJuly}`
    t.match(await explained(ledger, then), {
      amountFen: 47_000,
      workings: { standards: [{ monthlyFen: 35_000 }] },
    })
  })

  await t.test('a review, a hold, and a lift that pays what was due', async (t) => {
    await ledger.advanceTo('2012-08-03')
    const overdue = `/v1/reviews?${year}&on=2012-08-03&overdueOnly=true`
    t.match(await ledger.rows('reviewer', overdue), [{ caseId, overdue: true }])
    const review = { on: '2012-08-03', level: 'town', kind: 'scheduled', result: 'unchanged' }
    await ledger.done('reviewer', `POST ${cased}/reviews`, { ...review, note: null })
    t.same(await ledger.rows('reviewer', overdue), [])
    const hold = { from: '2012-08', holdId: 'hold-1', reason: '核对中' }
    await ledger.done('clerk', `POST ${cased}/holds`, hold)
    const august = await paidInMonth('2012-08')
    t.equal(august.amountFen, 0)
    t.match(august.lines, [{ heldFor: '核对中', amountFen: 59_000 }])
    await ledger.advanceTo('2012-09-03')
    const lift = { from: '2012-09', holdId: 'hold-1', reason: '核对无误' }
    const early = { body: { ...lift, from: '2012-07' } }
    t.match(await ledger.refused('clerk', `POST ${cased}/holds/lifting`, early), {
      status: 422,
      code: 'lifting-before-hold',
      detail: /自 2012-08 起/,
    })
    await ledger.done('clerk', `POST ${cased}/holds/lifting`, lift)
    t.match(await ledger.done('clerk', `POST ${cased}/holds/lifting`, lift), { changed: false })
    const other = { body: { ...lift, from: '2012-10' } }
    t.match(await ledger.refused('clerk', `POST ${cased}/holds/lifting`, other), {
      status: 409,
      code: 'hold-already-lifted',
      detail: /自 2012-09 起解除/,
    })
    const september = await paidInMonth('2012-09')
    t.match(september.lines, [{ months: '2012-08、2012-09', amountFen: 118_000 }])
  })

  await t.test('autumn: the niece leaves, heating is granted, the case ends', async (t) => {
    await ledger.advanceTo('2012-10-02')
    const leaving = { lastMonth: '2012-09', personId: niece.personId, reason: '出嫁' }
    await ledger.done('clerk', `POST ${cased}/members/leaving`, leaving)
    await confirmChange(ledger, caseId, { from: '2012-10', kind: 'members', note: '侄女出嫁' })
    t.equal((await paidInMonth('2012-10')).amountFen, 20_000, '2 × 390 − 600 + 20')
    await ledger.advanceTo('2012-11-02')
    t.match(await ledger.refused('approver', `POST ${cased}/supplements`, { body: heating }), {
      code: 'nothing-prepared',
    })
    await reviewCase(ledger, caseId, '2012-11-01')
    await ledger.done('approver', `POST ${cased}/supplements`, heating)
    t.equal((await paidInMonth('2012-11')).amountFen, 30_000)
    const exit = { lastMonth: '2012-11', reason: '收入超标' }
    const ended = await ledger.done('approver', `POST ${cased}/exit`, exit)
    t.strictSame(ended['events'], ['ExitApproved'])
    const again = await ledger.done('approver', `POST ${cased}/exit`, exit)
    t.match(again, { changed: false, events: [] })
    await ledger.advanceTo('2012-12-03')
    t.same((await paidInMonth('2012-12')).lines, [])
  })

  await t.test('the year adds up for everybody', async (t) => {
    await addsUp(t, ledger, { caseId, heads: [head.personId, wife.personId] })
  })
})

const heating = {
  month: '2012-11',
  component: 'heating',
  measure: 'cash',
  amountFen: 10_000,
  persons: [],
  supplementId: 'heating-2012',
  document: { number: '丙民发〔2012〕41号', issuer: '示例丙区民政局', provenance: 'invented' },
}

const fenOf = (line: Readonly<Record<string, unknown>>) => numberIn(line, 'amountFen')

async function explained(ledger: HttpLedger, path: string) {
  return ledger.read('auditor', path)
}

interface Year {
  readonly caseId: string
  readonly heads: readonly [string, string]
}

async function addsUp(t: Test, ledger: HttpLedger, { caseId, heads }: Year): Promise<void> {
  const span = 'from=2012-01&to=2012-12'
  const whole = await ledger.read('statistician', `/v1/movements?${year}&${span}`)
  t.match(whole, {
    opening: { households: 0, persons: 0 },
    entry: { households: 1, persons: 4 },
    exit: { households: 1, persons: 4 },
    transferIn: { households: 0, persons: 0 },
    transferOut: { households: 0, persons: 0 },
    closing: { households: 0, persons: 0 },
  })
  const front = `/v1/movements?division=${frontStreet}&programme=urban-dibao&${span}`
  t.match(await ledger.read('statistician', front), {
    entry: { households: 1, persons: 4 },
    transferOut: { households: 1, persons: 4 },
    exit: { households: 0, persons: 0 },
    closing: { households: 0, persons: 0 },
  })
  const back = `/v1/movements?division=${backStreet}&programme=urban-dibao&from=2012-01&to=2012-11`
  t.match(await ledger.read('statistician', back), {
    transferIn: { households: 1, persons: 4 },
    exit: { households: 0, persons: 2 },
    closing: { households: 1, persons: 2 },
  })

  const owed = async (month: string) => sumOf(await ledger.rows('auditor', owedPath(month)))
  const months = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11].map((at) => `2012-${`${at}`.padStart(2, '0')}`)
  const owedInAll = (await Promise.all(months.map(owed))).reduce((sum, fen) => sum + fen, 0)
  const november = `/v1/totals/paid?${year}&month=2012-11`
  const paid = await ledger.rows('auditor', november)
  t.equal(owedInAll, 689_000)
  t.equal(
    paid.reduce((sum, row) => sum + numberIn(row, 'cumulativeFen'), 0),
    owedInAll,
    'every month was paid, and none twice',
  )
  const inAugust = await ledger.rows('auditor', `/v1/totals/paid?${year}&month=2012-08`)
  t.equal(sumOf(inAugust), 0)
  t.equal(sumOf(await ledger.rows('auditor', `/v1/totals/paid?${year}&month=2012-09`)), 118_000)
  const forAugust = `/v1/totals/paid?${year}&month=2012-08&by=month-for`
  t.equal(sumOf(await ledger.rows('auditor', forAugust)), 59_000)

  const perCapita = await ledger.read('statistician', `/v1/totals/per-capita?${year}&month=2012-03`)
  t.match(perCapita, { paidFen: 105_000, persons: 4, perCapitaFen: 26_250 })
  const unpaid = await ledger.read('statistician', `/v1/totals/per-capita?${year}&month=2012-08`)
  t.match(unpaid, { paidFen: 0, perCapitaFen: null, definition: /尚未发放/ })
  t.same(await ledger.rows('clerk', `/v1/rolls?${year}&month=2012-12`), [])
  const roll = await ledger.rows('clerk', `/v1/rolls?${year}&month=2012-11`)
  t.match(roll, [{ caseId, headName: '李秀英', personCount: 2, monthlyAmountFen: 20_000 }])

  const events = await ledger.rows('auditor', `/v1/events?stream=case-${caseId}&limit=200`)
  t.equal(events[0]?.['type'], 'CaseOpened')
  t.equal(events.filter(({ type }) => type === 'EntryApproved').length, 1)
  t.equal(events.filter(({ type }) => type === 'ExitApproved').length, 1)
  t.same(
    events.map(({ version }) => version),
    events.map((_, at) => at),
  )
  t.notMatch(JSON.stringify(events), /王大山|李秀英|王小丫/)
  const accesses = await ledger.rows('auditor', `/v1/personal-data-accesses?person=${heads[1]}`)
  t.ok(accesses.length > 0)
  t.match(accesses[0], { purpose: '办理业务', division: county })
}

const owedPath = (month: string) => `/v1/totals/owed?${year}&month=${month}`

const sumOf = (rows: readonly Readonly<Record<string, unknown>>[]) =>
  rows.reduce((sum, row) => sum + fenOf(row), 0)
