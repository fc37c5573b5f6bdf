import t from 'tap'
import { csvFile, type Rows } from '../application/imports/import-files.js'
import { county, fileOf, startHttpLedger } from '../support/http-ledger.js'
import { handsOfProvince } from '../support/two-hands.js'
import {
  allocate,
  backStreet,
  household,
  register,
  releaseRun,
  setAccount,
  street,
} from './office.js'

const place = `division=${county}`
const elsewhere = '990201000000'
const account = { from: '2012-01-01', bank: '示例银行', account: '777788889999' }

t.test('payee changes wait in a list, until another person or an import ends it', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const { head } = await household(ledger, { name: '钱一' })
  const newcomer = await register(ledger, { name: '新来', bornOn: '1990-09-09' })
  const waiting = (by: Parameters<typeof ledger.rows>[0], query = place) =>
    ledger.rows(by, `/v1/payee-changes?${query}&purpose=${encodeURIComponent('核对待确认变更')}`)
  t.same(await waiting('reviewer'), [], 'what was confirmed waits no longer')

  const to = `POST /v1/persons/${head.personId}`
  const { proposal } = await ledger.done('clerk', `${to}/accounts`, { ...account, holder: '钱一' })
  const payee = { from: '2012-01-01', payee: newcomer.personId, reason: '监护人代领' }
  await ledger.done('clerk', `${to}/payee`, payee)
  const own = { ...account, holder: '新来' }
  await ledger.done('clerk', `POST /v1/persons/${newcomer.personId}/accounts`, own)

  await t.test('by place, oldest first, a page at a time, and as a file', async (t) => {
    t.match(await waiting('reviewer'), [
      { personId: head.personId, name: '钱一', kind: 'account', proposal, proposedBy: 'clerk-1' },
      { personId: head.personId, kind: 'payee', proposal: 3, from: '2012-01-01' },
      { personId: newcomer.personId, name: '新来', kind: 'account' },
    ])
    const pages: unknown[] = []
    let cursor = ''
    do {
      const path = `/v1/payee-changes?${place}&limit=2&purpose=${encodeURIComponent('核对')}${cursor}`
      const { json } = await ledger.call('approver', `GET ${path}`)
      pages.push(json['rows'])
      cursor = typeof json['nextCursor'] === 'string' ? `&cursor=${json['nextCursor']}` : ''
    } while (cursor !== '')
    t.match(pages, [[{ kind: 'account' }, { kind: 'payee' }], [{ name: '新来' }]])
    const purpose = `purpose=${encodeURIComponent('核对')}`
    const file = await ledger.call(
      'auditor',
      `GET /v1/payee-changes?${place}&${purpose}&format=csv`,
    )
    t.match(file.text, /^\uFEFF人员,姓名,变更,申请编号,生效日期,申请人,申请时间/)
    t.match(file.text, /,钱一,收款账户,2,2012-01-01,clerk-1,/)
    t.notMatch(file.text, /777788889999/, 'no account number')
  })

  await t.test('only those of one’s places, with a purpose that is logged', async (t) => {
    const town = await waiting('reviewer', `division=${street}`)
    t.equal(town.length, 3, 'those of the town, and who has no case yet')
    t.match(await waiting('reviewer', `division=${backStreet}`), [{ name: '新来' }])
    const far = await ledger.issue({ actor: 'far-1', roles: ['reviewer'], division: elsewhere })
    const path = `GET /v1/payee-changes?${place}`
    t.match(await ledger.refused(far, path), { code: 'division-outside-scope' })
    t.match(await waiting(far, `division=${elsewhere}`), [{ name: '新来' }])
    t.match(await ledger.refused('statistician', path), { code: 'role-missing' })
    const accesses = await ledger.rows(
      'auditor',
      `/v1/personal-data-accesses?person=${head.personId}`,
    )
    t.match(accesses[0], { route: 'GET /v1/payee-changes', purpose: '核对待确认变更' })
  })

  await t.test('what an import overtook waits no longer, and can not be confirmed', async (t) => {
    const rows = [
      '身份证号,开户银行,银行账号,户名,启用日期',
      `${head.identityNumber},示例银行,6222111,钱一,2012-01-01`,
    ]
    const contentBase64 = Buffer.from(`${rows.join('\n')}\n`).toString('base64')
    const body = { file: { name: '账户.csv', contentBase64 } }
    const accounts = 'POST /v1/imports/accounts'
    await ledger.done('administrator', accounts, { ...body, dryRun: true })
    t.match(await ledger.done('approver', accounts, body), { events: { PayeeAccountSet: 1 } })

    const confirm = `${to}/payee-changes/confirmation`
    const late = await ledger.refused('reviewer', confirm, { body: { proposal } })
    t.match(late, { status: 409, code: 'payee-change-stale', facts: { proposal } })
    t.match(await ledger.read('reviewer', `/v1/persons/${head.personId}/payee-changes`), {
      changes: [{ stale: false }, { proposal, stale: true }, { kind: 'payee', stale: false }],
    })
    t.match(await waiting('reviewer'), [{ kind: 'payee' }, { name: '新来' }])
    const again = { ...account, holder: '钱一' }
    const anew = await ledger.done('clerk', `${to}/accounts`, again)
    t.equal((await waiting('reviewer')).length, 3)
    t.match(await ledger.done('reviewer', confirm, { proposal: anew['proposal'] }), {
      changed: true,
    })
    t.match(await waiting('reviewer'), [{ kind: 'payee' }, { name: '新来' }])
  })
})

t.test('imports wait in a list until a second person has them written', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const head = await register(ledger, { name: '钱一', bornOn: '1960-03-04' })
  await setAccount(ledger, head)
  const waiting = (by: Parameters<typeof ledger.rows>[0], query = place) =>
    ledger.rows(by, `/v1/imports?${query}`)
  t.same(await waiting('approver'), [], 'the policy of the ledger is written')

  const rows = [
    '身份证号,开户银行,银行账号,户名,启用日期',
    `${head.identityNumber},示例银行,6222111,钱一,2012-01-01`,
  ]
  const contentBase64 = Buffer.from(`${rows.join('\n')}\n`).toString('base64')
  const body = { file: { name: '账户.csv', contentBase64 } }
  const accounts = 'POST /v1/imports/accounts'
  const { importId } = await ledger.done('administrator', accounts, { ...body, dryRun: true })
  const prepared = {
    importId,
    kind: 'accounts',
    rows: 1,
    division: county,
    preparedBy: 'administrator-1',
    preparedOn: '2011-12-20',
    started: false,
  }
  for (const by of ['approver', 'clerk', 'administrator', 'auditor'] as const)
    t.match(await waiting(by), [prepared], by)
  const far = await ledger.issue({ actor: 'far-1', roles: ['approver'], division: elsewhere })
  t.same(await waiting(far, `division=${elsewhere}`), [])
  t.match(await ledger.refused(far, `GET /v1/imports?${place}`), { code: 'division-outside-scope' })
  const file = await ledger.call('approver', `GET /v1/imports?${place}&format=csv`)
  t.match(file.text, /,账户,1,\d{12},administrator-1,2011-12-20,否,[0-9a-f]{64}/)
  await ledger.done('approver', accounts, body)
  t.same(await waiting('approver'), [])
})

t.test('what somebody of the province prepared waits where its rows are', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const { head } = await household(ledger, { name: '钱一' })
  const { prepares } = await handsOfProvince(ledger)
  const far = await ledger.issue({ actor: 'far-1', roles: ['approver'], division: elsewhere })
  const file = (name: string, rows: Rows) => fileOf(csvFile(name, rows))
  const accounts = file('账户.csv', [
    ['身份证号', '开户银行', '银行账号', '户名'],
    [head.identityNumber ?? '', '示例银行', '6222111', '钱一'],
  ])
  const cases = file('户.csv', [
    ['户编号', '项目', '区划', '申请日期'],
    ['省-1', 'urban-dibao', backStreet, '2011-12-01'],
  ])
  const dryRun = true
  const requests = [
    ['POST /v1/imports/accounts', { file: accounts }],
    ['POST /v1/imports/households', { cases }],
  ] as const
  for (const [request, body] of requests) await ledger.done(prepares, request, { ...body, dryRun })

  const by = { preparedBy: 'province-administrator', division: '990000000000' }
  const both = [
    { kind: 'cases', ...by },
    { kind: 'accounts', ...by },
  ]
  for (const query of [place, `division=${street}`])
    t.match(await ledger.rows('approver', `/v1/imports?${query}`), both)
  t.match(await ledger.rows(prepares, '/v1/imports?division=990000000000'), both)
  t.same(await ledger.rows(far, `/v1/imports?division=${elsewhere}`), [])
  for (const [request, body] of requests)
    t.match(await ledger.done('approver', request, body), { result: 'completed' })
  t.same(await ledger.rows('approver', `/v1/imports?${place}`), [])
})

t.test('a prepared import is withdrawn, waits no longer, and may be prepared anew', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const head = await register(ledger, { name: '钱一', bornOn: '1960-03-04' })
  await setAccount(ledger, head)
  const rows = [
    '身份证号,开户银行,银行账号,户名,启用日期',
    `${head.identityNumber},示例银行,6222111,钱一,2012-01-01`,
  ]
  const contentBase64 = Buffer.from(`${rows.join('\n')}\n`).toString('base64')
  const body = { file: { name: '账户.csv', contentBase64 } }
  const accounts = 'POST /v1/imports/accounts'
  const prepare = () => ledger.done('administrator', accounts, { ...body, dryRun: true })
  const { importId } = await prepare()
  const withdrawal = `POST /v1/imports/${importId}/withdrawal`
  const why = { reason: '账号有误' }
  const far = await ledger.issue({ actor: 'far-1', roles: ['approver'], division: elsewhere })
  const preparedByOthers = { status: 403, code: 'import-prepared-by-others' }
  for (const by of ['clerk', far] as const)
    t.match(await ledger.refused(by, withdrawal, { body: why }), preparedByOthers)
  t.match(await ledger.refused('auditor', withdrawal, { body: why }), { code: 'role-missing' })
  const unknown = `POST /v1/imports/${head.personId}/withdrawal`
  t.match(await ledger.refused('clerk', unknown, { body: why }), { code: 'import-unknown' })
  t.match(await ledger.refused('clerk', withdrawal, { body: { reason: '' } }), { status: 400 })

  const mine = { importId, changed: true, withdrawnOf: ['administrator-1'] }
  t.match(await ledger.done('administrator', withdrawal, why), mine)
  const noMore = { importId, changed: false, withdrawnOf: [] }
  t.match(await ledger.done('administrator', withdrawal, why), noMore)
  t.same(await ledger.rows('approver', `/v1/imports?${place}`), [])
  const refused = await ledger.refused('approver', accounts, { body })
  t.match(refused, { code: 'import-not-prepared' })

  t.match(await prepare(), { importId, result: 'would-change' })
  t.match(await ledger.rows('approver', `/v1/imports?${place}`), [{ importId }])
  t.match(await ledger.done('approver', withdrawal, why), mine, 'by an approver of the place')
  t.same(await ledger.rows('approver', `/v1/imports?${place}`), [])
  await prepare()
  t.match(await ledger.done('approver', accounts, body), { result: 'completed' })
  t.match(await ledger.refused('administrator', withdrawal, { body: why }), {
    status: 409,
    code: 'import-already-begun',
  })
})

t.test('write-offs wait in a list until a second person decides', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  const { caseId } = await household(ledger, { name: '李退' })
  await ledger.advanceTo('2012-01-05')
  await releaseRun(ledger, { period: '2012-01' })
  const exit = { lastMonth: '2011-12', reason: '收入超标' }
  await ledger.done('approver', `POST /v1/cases/${caseId}/exit`, exit)
  await ledger.advanceTo('2012-02-05')
  await releaseRun(ledger, { period: '2012-02' })
  const waiting = (query = place) => ledger.rows('approver', `/v1/write-off-proposals?${query}`)
  t.same(await waiting(), [])

  const of = `POST /v1/recoveries/${caseId}`
  const propose = { amountFen: 30_000, reason: '无力偿还' }
  const more = { amountFen: 35_000, reason: '已去世' }
  await ledger.done('payment-officer', `${of}/write-off-proposal`, propose)
  await ledger.done('payment-officer', `${of}/write-off-proposal`, more)
  const proposed = { caseId, ...more, proposedBy: 'payment-officer-1', proposedOn: '2012-02-05' }
  t.match(await waiting(), [proposed])
  t.equal((await waiting()).length, 1, 'the latest only')
  t.same(await waiting(`division=${backStreet}`), [])
  await ledger.done('approver', `${of}/write-offs`, more)
  t.same(await waiting(), [])
})
