import t, { type Test } from 'tap'
import { csvFile } from '../application/imports/import-files.js'
import { county, fileOf, type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import { testFolder } from '../support/postgres.js'
import { byTwo, importByTwo } from '../support/two-hands.js'
import {
  allocate,
  answerAll,
  approveEntry,
  backStreet,
  frontStreet,
  household,
  joining,
  linesOf,
  newIdentityNumber,
  openCase,
  paper,
  payMonth,
  recordSteps,
  register,
  releaseRun,
  setAccount,
} from './office.js'

const tea = 'tea-picker-allowance'
const greeting = 'first-flush-greeting'

function definition(programme: string, kind: string, nameZh: string) {
  const about = { programme, nameZh, nameEn: programme, kind, urbanRural: 'none', measure: 'cash' }
  return {
    from: '2012-01',
    definition: {
      ...about,
      unit: '人',
      excludes: kind === 'flat' ? ['urban-dibao'] : [],
      repeatable: kind === 'one-off',
      perCapitaSeries: null,
    },
  }
}

function rule(programme: string, component: string, changes: object = {}) {
  return {
    from: '2012-01',
    programme,
    division: county,
    rule: {
      rounding: 'half-up-to-yuan',
      incomeFormula: 'whole-household',
      minimumFen: 0,
      bandsFen: [],
      classified: [],
      ageBands: [],
      component,
      firstMonth: 'month-of-confirmation',
      monthsAfterDeath: 0,
      graceMonths: 0,
      automatic: ['death', 'standard'],
      reviewMonths: { general: 12 },
      holdWhenReviewOverdue: false,
      lifeVerificationMonths: 0,
      noticeDays: 0,
      steps: ['survey', 'confirmation'],
      offsetAllowed: false,
      capFen: null,
      ...changes,
    },
    document: paper,
  }
}

const standard = (from: string, amountFen: number) => ({
  from,
  programme: tea,
  division: county,
  benefitClass: 'general',
  amountFen,
  per: 'month',
  document: { ...paper, number: `茶〔${from.slice(0, 4)}〕${amountFen}号` },
})

const fileWith = (kind: string, items: readonly object[]) => ({
  name: `${kind}.json`,
  bytes: Buffer.from(JSON.stringify({ kind, items })),
})

const invented = [
  fileWith('standards', [standard('2012-01', 8_800)]),
  fileWith('rules', [
    rule(tea, 'allowance'),
    rule(greeting, 'campaign', { steps: [], capFen: 50_000 }),
  ]),
  fileWith('programmes', [
    definition(tea, 'flat', '采茶人津贴'),
    definition(greeting, 'one-off', '春茶慰问'),
  ]),
]

t.test('a programme that nobody has heard of needs no code', async (t) => {
  // From here on nothing can be read of the folder that the product was started in.
  process.chdir(await testFolder(t))
  const ledger = await startHttpLedger(t, { startsOn: '2012-01-04' })

  await t.test('it is imported, once', async (t) => {
    const wrong = fileWith('rules', [rule('tea', 'allowance'), { ...rule(tea, 'x'), extra: 1 }])
    const body = { files: [fileOf(wrong)], dryRun: false }
    const before = await ledger.head()
    const refusal = await ledger.refused('administrator', 'POST /v1/imports/policy', { body })
    t.match(refusal, { code: 'import-refused', facts: { count: 3 } })
    t.match(refusal.errors?.[0]?.field, /^rules\.json:1/)
    t.equal(await ledger.head(), before)
    t.match(await ledger.importPolicy(invented), {
      result: 'completed',
      events: { ProgrammeDefined: 2, RuleSet: 2, StandardSet: 1 },
    })
    const known = await ledger.head()
    t.match(await ledger.importPolicy([...invented].reverse()), { result: 'unchanged' })
    t.equal(await ledger.head(), known)
  })

  const picker = await register(ledger, { name: '许采茶', bornOn: '1970-04-04' })
  await setAccount(ledger, picker)
  const caseId = await openCase(ledger, {
    openedOn: '2012-01-05',
    programme: tea,
    urbanRural: 'none',
  })

  await t.test('somebody enters it, by the steps of its own rule', async (t) => {
    const join = joining(picker, { from: '2012-01', head: true })
    await ledger.done('clerk', `POST /v1/cases/${caseId}/members`, join)
    await recordSteps(ledger, caseId, { on: '2012-01-10', steps: ['survey', 'confirmation'] })
    await approveEntry(ledger, caseId, '2012-01-12')
    t.match(await explained(ledger, caseId, '2012-01'), { amountFen: 8_800, onRoll: true })
    const both = await openCase(ledger, { openedOn: '2012-01-05' })
    const refusal = await ledger.refused('clerk', `POST /v1/cases/${both}/members`, { body: join })
    t.equal(refusal.code, 'enrolment-conflict', 'its exclusions hold')
  })

  await t.test('it is paid, and counted', async (t) => {
    await allocate(ledger, { amountFen: 100_000_000, programmes: [tea] })
    await payMonth(ledger, { period: '2012-01', programmes: [tea] })
    const of = `division=${county}&programme=${tea}`
    const paid = await ledger.rows('statistician', `/v1/totals/paid?${of}&month=2012-01`)
    t.match(paid, [{ programme: tea, component: 'allowance', amountFen: 8_800 }])
    const moved = await ledger.read('statistician', `/v1/movements?${of}&from=2012-01&to=2012-01`)
    t.match(moved, { entry: { households: 1, persons: 1, amountFen: 8_800 } })
  })

  await t.test('a figure for a later month leaves the months before it alone', async (t) => {
    await ledger.importPolicy([fileWith('standards', [standard('2012-03', 10_000)])])
    for (const period of ['2012-02', '2012-03']) {
      await ledger.advanceTo(`${period}-05`)
      const runId = await payMonth(ledger, { period, programmes: [tea] })
      const [line] = await linesOf(ledger, runId)
      t.match(line, { amountFen: period === '2012-02' ? 8_800 : 10_000, months: period })
    }
    t.match(await explained(ledger, caseId, '2012-01'), { amountFen: 8_800 })
    t.match(await explained(ledger, caseId, '2012-03'), {
      amountFen: 10_000,
      workings: { standards: [{ document: { number: '茶〔2012〕10000号' } }] },
    })
  })

  await t.test('a greeting of a list is paid once to everybody on it', async (t) => {
    await paidGreeting(t, ledger)
  })

  await t.test('a figure that came late reaches who entered after its month', async (t) => {
    await ledger.advanceTo('2012-05-04')
    const first = await household(ledger, { name: '早者' })
    const later = await household(ledger, {
      name: '迟者',
      division: backStreet,
      confirmedOn: '2012-03-20',
    })
    const raised = { from: '2012-02', programme: 'urban-dibao', division: county, document: paper }
    const figure = { ...raised, amountFen: 36_000, per: 'month', benefitClass: 'general' }
    const prepares = await ledger.issue({ actor: 'both-1', roles: ['administrator', 'approver'] })
    await ledger.done(prepares, 'POST /v1/standards', { ...figure, dryRun: true })
    const oneself = await ledger.refused(prepares, 'POST /v1/standards', { body: figure })
    t.equal(oneself.code, 'same-person-prepares-and-approves')
    await byTwo(ledger, {
      request: 'POST /v1/standards',
      body: figure,
      hands: { prepares, writes: 'approver' },
    })
    await allocate(ledger, { amountFen: 100_000_000 })
    const runId = await releaseRun(ledger, { period: '2012-04' })
    await answerAll(ledger, runId)
    const amounts = new Map(
      (await linesOf(ledger, runId)).map((line) => [line['caseId'], line['amountFen']]),
    )
    t.equal(amounts.get(first.caseId), 35_000 + 3 * 36_000)
    t.equal(amounts.get(later.caseId), 36_000)
  })

  await t.test('money waits for a sign of life where the rule says so', async (t) => {
    const yearly = rule(tea, 'allowance', { lifeVerificationMonths: 3 })
    await ledger.importPolicy([fileWith('rules', [{ ...yearly, from: '2012-04' }])])
    const held = await releaseRun(ledger, { period: '2012-04', programmes: [tea] })
    t.match(await linesOf(ledger, held), [{ heldFor: 'life-verification-overdue' }])
    await answerAll(ledger, held)
    const seen = { verifiedOn: '2012-05-02', method: '入户', validThrough: '2012-05' }
    await ledger.done('clerk', `POST /v1/persons/${picker.personId}/life-verifications`, seen)
    const paid = await payMonth(ledger, { period: '2012-05', programmes: [tea] })
    t.match(await linesOf(ledger, paid), [{ amountFen: 2 * 10_000, heldFor: null }])
    const over = await releaseRun(ledger, { period: '2012-06', programmes: [tea] })
    t.match(await linesOf(ledger, over), [{ heldFor: 'life-verification-overdue' }])
  })
})

async function explained(ledger: HttpLedger, caseId: string, month: string) {
  return ledger.read('auditor', `/v1/cases/${caseId}/explanation?month=${month}`)
}

async function paidGreeting(t: Test, ledger: HttpLedger): Promise<void> {
  const numbers = ['1950-01-01', '1951-02-02'].map(newIdentityNumber)
  const file = csvFile('名单.csv', [
    ['身份证号', '姓名', '住址', '区划代码', '档次', '金额'],
    ...numbers.map((number, at) => [number, `茶农${at}`, '某路', frontStreet, '一档', '300.00']),
  ])
  const campaign = {
    campaignId: 'first-flush-2012',
    programme: greeting,
    month: '2012-03',
    division: county,
    document: paper,
    decidedOn: '2012-03-01',
  }
  const body = { campaign, file: fileOf(file) }
  const taken = await importByTwo(ledger, { what: 'campaigns', body })
  t.match(taken, { result: 'completed', events: { SupplementGranted: 2 } })
  const again = await importByTwo(ledger, { what: 'campaigns', body })
  t.match(again, { result: 'unchanged' })
  const wish = { period: '2012-03', kind: 'one-off', programmes: [greeting] }
  const held = await releaseRun(ledger, wish)
  t.match(await ledger.read('auditor', `/v1/runs/${held}`), {
    decisions: { prepared: { lineCount: 0, heldCount: 2, heldFen: 60_000 } },
  })
  const accounts = csvFile('账户.csv', [
    ['身份证号', '开户银行', '银行账号', '户名', '启用日期'],
    ...numbers.map((number, at) => [
      number,
      '示例银行',
      `62220000000${at}`,
      `茶农${at}`,
      '2012-01-01',
    ]),
  ])
  t.match(await importByTwo(ledger, { what: 'accounts', body: { file: fileOf(accounts) } }), {
    events: { PayeeAccountSet: 2 },
  })
  await allocate(ledger, { amountFen: 60_000, programmes: [greeting] })
  const paid = await payMonth(ledger, wish)
  t.match(await ledger.read('auditor', `/v1/runs/${paid}`), {
    number: 2,
    creditedFen: 60_000,
    decisions: { prepared: { lineCount: 2 }, closed: { differences: [] } },
  })
}
