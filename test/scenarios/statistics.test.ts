import { Readable } from 'node:stream'
import ExcelJS from 'exceljs'
import t from 'tap'
import { z } from 'zod'
import { Role } from '../../src/api/auth/actor.js'
import { county, type HttpLedger, numberIn, startHttpLedger } from '../support/http-ledger.js'
import { allocate, backStreet, household, payMonth, register, setAccount } from './office.js'

const place = `division=${county}`
const dibao = `${place}&programme=urban-dibao`

t.test('figures without a person, for who may not see one', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  const one = await household(ledger, { name: '钱一' })
  await household(ledger, { name: '李二', division: backStreet, incomeFen: 5_000 })
  await ledger.advanceTo('2012-01-05')
  const runId = await payMonth(ledger, { period: '2012-01' })
  const known = await ledger.head()
  await ledger.advanceTo('2012-02-02')
  const late = { lastMonth: '2011-12', reason: '不符合条件' }
  await ledger.done('approver', `POST /v1/cases/${one.caseId}/exit`, late)

  await t.test('a statistician sees sums and nobody', async (t) => {
    const { personId } = one.head
    for (const path of [
      `/v1/rolls?${dibao}&month=2012-01`,
      `/v1/rolls?${dibao}&month=2012-01&format=csv`,
      `/v1/persons/${personId}`,
      `/v1/cases/${one.caseId}`,
      `/v1/cases/${one.caseId}/explanation?month=2012-01`,
      `/v1/movements/rows?${dibao}&month=2012-01`,
      `/v1/runs/${runId}/sheet`,
      `/v1/runs/${runId}/lines`,
      '/v1/events',
    ])
      t.match(await ledger.refused('statistician', `GET ${path}`), {
        status: 403,
        code: 'role-missing',
      })
    const search = { body: { name: '钱一' } }
    const refusal = await ledger.refused('statistician', 'POST /v1/persons/search', search)
    t.equal(refusal.status, 403)
    const both = await ledger.issue({ actor: 'both-1', roles: ['statistician', 'clerk'] })
    t.match(await ledger.refused(both, `GET /v1/persons/${personId}`), {
      status: 403,
      code: 'personal-data-refused',
    })
    t.match(await ledger.refused(both, `GET /v1/rolls?${dibao}&month=2012-01`), { status: 403 })
    const sums = await ledger.call('statistician', `GET /v1/rolls/counts?${dibao}&month=2012-02`)
    t.notMatch(sums.text, new RegExp(`${personId}|${one.caseId}|钱一`))
    t.match(sums.json['rows'], [{ households: 1, persons: 1, division: backStreet }])
  })

  await t.test('what was known then stays answerable', async (t) => {
    const count = async (at: string) => {
      const path = `/v1/rolls/counts?${dibao}&month=2012-01${at}`
      const rows = await ledger.rows('statistician', path)
      return rows.reduce((sum, row) => sum + numberIn(row, 'persons'), 0)
    }
    t.equal(await count(''), 1, 'now: one of them was never entitled')
    t.equal(await count(`&knownAt=${known}`), 2)
    t.equal(await count('&knownAt=2012-01-20T00:00:00.000Z'), 2)
    t.equal(await count('&knownAt=2012-02-02T02:00:00.000Z'), 1)
    t.equal(await count('&knownAt=2012-01-20'), 2, 'a day, to its end in China')
    t.equal(await count('&knownAt=2012-02-02T10:00:00%2B08:00'), 1, 'a moment with its zone')
    const paid = (at: string) =>
      ledger.rows('statistician', `/v1/totals/paid?${dibao}&month=2012-01${at}`)
    t.same(await paid(''), await paid(`&knownAt=${known}`), 'what was paid was paid')
    const later = `/v1/rolls/counts?${dibao}&month=2012-01&knownAt=2030-01-01`
    t.match(await ledger.refused('statistician', `GET ${later}`), { code: 'instant-not-reached' })
    const june = later.replace('2030-01-01', 'June')
    const malformed = { status: 400, code: 'known-at-malformed', facts: { given: 'June' } }
    t.match(await ledger.refused('statistician', `GET ${june}`), malformed)
    const beyond = `/v1/rolls/counts?${dibao}&month=2012-01&knownAt=99999999`
    t.match(await ledger.refused('statistician', `GET ${beyond}`), { code: 'ordinal-not-reached' })
    const movements = `/v1/movements?${dibao}&from=2012-01&to=2012-01`
    t.match(await ledger.read('statistician', `${movements}&knownAt=${known}`), {
      opening: { persons: 0 },
      entry: { households: 2, persons: 2 },
      closing: { persons: 2 },
    })
    t.match(await ledger.read('statistician', movements), {
      entry: { households: 1, persons: 1 },
      closing: { persons: 1 },
    })
  })

  await t.test('a roll has names beside its codes', async (t) => {
    const roll = `/v1/rolls?${dibao}&month=2012-02&purpose=${encodeURIComponent('核对名册')}`
    const csv = await ledger.call('clerk', `GET ${roll}&format=csv`)
    t.match(csv.text, /^\uFEFF区划名称,项目名称,类别名称,区划,项目,城乡,类别,/)
    t.match(csv.text, /,城市居民最低生活保障,一般,990301001002,urban-dibao,城市,general,/)
  })

  await t.test(
    'every list is a file with Chinese headings and the mark of its clock',
    async (t) => {
      const path = `/v1/rolls/counts?${dibao}&month=2012-02`
      const file = (format: string) => ledger.call('statistician', `GET ${path}&format=${format}`)
      const csv = await file('csv')
      t.match(csv.text, /^\uFEFF区划,项目,城乡,类别,户数,人数,台账时钟\r\n/)
      t.match(csv.text, /990301001002,urban-dibao,城市,general,1,1,模拟时钟/)
      t.equal(csv.headers.get('ledger-clock'), 'simulated')
      t.match(
        decodeURIComponent(csv.headers.get('content-disposition') ?? ''),
        /在册统计.*模拟时钟/,
      )
      const ndjson = (await file('ndjson')).text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
      t.match(ndjson, [{ mark: '模拟时钟' }, { persons: 1 }, { end: true, rowCount: 1 }])
      t.match(ndjson[0], { asked: { 月份: '2012-02' } })
      const then = await ledger.call('statistician', `GET ${path}&format=ndjson&knownAt=${known}`)
      const name = decodeURIComponent(then.headers.get('content-disposition') ?? '')
      t.match(name, new RegExp(`在册统计-2012-02-.*-${known}-模拟时钟`))
      t.equal(then.headers.get('ledger-as-of'), String(known), 'of what was known then')
      t.match(JSON.parse(then.text.split('\n')[0] ?? ''), { asOf: { knownAt: known } })
      const [headings] = await headingsOf((await file('xlsx')).bytes)
      t.strictSame(headings, ['区划', '项目', '城乡', '类别', '户数', '人数', '台账时钟'])
      const { json } = await ledger.call('statistician', 'GET /v1/ledger')
      t.match(json, { asOf: { clock: 'simulated' }, result: { clock: 'simulated' } })
    },
  )

  await t.test('a token that is revoked stops at once, and so do all of a person', async (t) => {
    const leaving = await ledger.issue({ actor: 'statistician-9', roles: ['statistician'] })
    const ask = () => ledger.call(leaving, 'GET /v1/ledger')
    t.equal((await ask()).status, 200)
    const body = { kind: 'token', value: leaving.tokenId, reason: '离岗' }
    const far = { actor: 'far-9', roles: ['administrator'], division: '990201000000' } as const
    const revoke = 'POST /v1/token-revocations'
    const notTheirs = await ledger.refused(await ledger.issue(far), revoke, { body })
    t.match(notTheirs, { status: 403, code: 'token-outside-scope' })
    t.equal((await ask()).status, 200)
    t.match(await ledger.done('administrator', revoke, body), { endedTokens: 1, otherTokens: 0 })
    t.match((await ask()).json, { status: 401, code: 'token-revoked' })
    const second = await ledger.issue({ actor: 'statistician-9', roles: ['statistician'] })
    t.equal((await ledger.call(second, 'GET /v1/ledger')).status, 200)
    const all = { kind: 'actor', value: 'statistician-9', reason: '离岗' }
    await ledger.done('administrator', revoke, all)
    const unknown = { ...body, value: 'no-such-token' }
    t.match(await ledger.done('administrator', revoke, unknown), { endedTokens: 0 })
    t.equal((await ledger.call(second, 'GET /v1/ledger')).status, 401)
    t.equal((await ledger.call('statistician', 'GET /v1/ledger')).status, 200)
  })

  await t.test('persons are kept to the place of their cases', async (t) => {
    const away = await ledger.issue({
      actor: 'clerk-away',
      roles: ['clerk'],
      division: '990301100000',
    })
    const { personId } = one.head
    const outside = { status: 403, code: 'division-outside-scope' }
    t.match(await ledger.refused(away, `GET /v1/persons/${personId}`), outside)
    const account = { from: '2012-02-01', bank: '示例银行', account: '6666666666', holder: '他人' }
    const set = `POST /v1/persons/${personId}/accounts`
    const head = await ledger.head()
    t.match(await ledger.refused(away, set, { body: account }), outside)
    t.equal(await ledger.head(), head)
    const found = await ledger.call(away, 'POST /v1/persons/search', { body: { name: '钱一' } })
    t.same(found.json['result'], [])
    const newcomer = await register(ledger, { name: '新来', bornOn: '1990-09-09' })
    t.equal((await ledger.call(away, `GET /v1/persons/${newcomer.personId}`)).status, 200)
    await setAccount(ledger, newcomer)
  })

  await t.test('an account is proposed by one and confirmed by another', async (t) => {
    const saver = await register(ledger, { name: '储户', bornOn: '1980-08-08' })
    const person = `/v1/persons/${saver.personId}`
    const account = {
      from: '2012-02-01',
      bank: '示例银行',
      account: '777788889999',
      holder: '储户',
    }
    const both = await ledger.issue({ actor: 'both-1', roles: ['clerk', 'approver'] })
    const { proposal } = await ledger.done(both, `POST ${person}/accounts`, account)
    t.equal(proposal, 1)
    const confirm = `POST ${person}/payee-changes/confirmation`
    const head = await ledger.head()
    const own = await ledger.refused(both, confirm, { body: { proposal } })
    t.match(own, { status: 403, code: 'same-person-prepares-and-approves' })
    const none = await ledger.refused('approver', confirm, { body: { proposal: 2 } })
    t.match(none, { status: 404, code: 'payee-change-unknown' })
    t.equal(await ledger.head(), head)
    t.match(await ledger.read('approver', `${person}/payee-changes`), {
      changes: [{ ...account, proposal, kind: 'account', proposedBy: 'both-1', confirmedBy: null }],
    })
    t.match(await ledger.done('approver', confirm, { proposal }), { changed: true })
    t.same(
      (await ledger.eventsAfter(head)).map(({ type }) => type),
      ['PayeeChangeConfirmed', 'PayeeAccountSet'],
    )
    t.match(await ledger.done('approver', confirm, { proposal }), { changed: false })
    const designated = { from: '2012-02-01', payee: one.head.personId, reason: '监护人代领' }
    t.match(await ledger.done('clerk', `POST ${person}/payee`, designated), { proposal: 2 })
  })

  await t.test('every read answers who may ask it, and refuses all others', async (t) => {
    const ids = { caseId: one.caseId, personId: one.head.personId, runId }
    const routes = await readRoutes(ledger)
    t.ok(routes.length >= 28, `${routes.length} routes`)
    for (const { path, roles } of routes) {
      const sample = samples[path]
      t.ok(sample !== undefined, `a sample for ${path}`)
      const filled = path.replace(/\{(\w+)\}/g, (_, name: keyof typeof ids) => ids[name])
      for (const role of Role.options) {
        const { status, text } = await ledger.call(role, `GET ${filled}?${sample}`)
        const expected = roles.includes(role) ? 200 : 403
        if (status !== expected) t.fail(`${role} GET ${path}: ${status}, not ${expected}: ${text}`)
      }
    }
  })
})

/** A query for every read of the API; a new route needs one. */
const month = `${place}&month=2012-01`
const standard = `programme=urban-dibao&${month}`
const samples: Readonly<Record<string, string>> = {
  '/v1/cases/{caseId}': '',
  '/v1/cases/{caseId}/explanation': 'month=2012-01',
  '/v1/death-lists': '',
  '/v1/divisions': `division=${county}&on=2012-01-31`,
  '/v1/events': 'limit=5',
  '/v1/funds': `county=${county}`,
  '/v1/imports': place,
  '/v1/bulk-decisions': place,
  '/v1/ledger': '',
  '/v1/movements': `${place}&from=2012-01&to=2012-02`,
  '/v1/movements/rows': month,
  '/v1/payee-changes': place,
  '/v1/personal-data-accesses': '',
  '/v1/persons/{personId}': '',
  '/v1/persons/{personId}/payee-changes': '',
  '/v1/programmes': '',
  '/v1/proposals': `programme=urban-dibao&${month}`,
  '/v1/recoveries': month,
  '/v1/reported-figures': '',
  '/v1/reviews': `${place}&on=2012-08-31`,
  '/v1/rolls': month,
  '/v1/rolls/counts': month,
  '/v1/recoveries/{caseId}': '',
  '/v1/rules': standard,
  '/v1/runs': month,
  '/v1/runs/{runId}': '',
  '/v1/runs/{runId}/bank-file': '',
  '/v1/runs/{runId}/lines': '',
  '/v1/runs/{runId}/notice': '',
  '/v1/runs/{runId}/sheet': '',
  '/v1/runs/{runId}/summary': '',
  '/v1/runs/{runId}/verification': '',
  '/v1/standards': `${standard}&benefitClass=general`,
  '/v1/totals/owed': month,
  '/v1/totals/paid': month,
  '/v1/totals/recovered': month,
  '/v1/write-off-proposals': place,
  '/v1/totals/per-capita': `${dibao}&month=2012-01`,
}

const Description = z.looseObject({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), z.looseObject({ description: z.string() }))),
})

/** The reads of the API with the roles that their own page names. */
async function readRoutes(ledger: HttpLedger) {
  const response = await fetch(`${ledger.origin}/docs/json`)
  const { openapi, paths } = Description.parse(await response.json())
  if (!openapi.startsWith('3.1')) throw new Error(`OpenAPI ${openapi}`)
  return Object.entries(paths).flatMap(([path, methods]) => {
    const { get } = methods
    if (!get || !path.startsWith('/v1/')) return []
    const named = /Roles: ([a-z, -]+)\./.exec(get.description)?.[1] ?? ''
    return [{ path, roles: z.array(Role).min(1).parse(named.split(', ')) }]
  })
}

/** The texts of the first row of each sheet. */
async function headingsOf(bytes: Buffer): Promise<readonly (readonly string[])[]> {
  const book = new ExcelJS.Workbook()
  await book.xlsx.read(Readable.from([bytes]))
  return book.worksheets.map((sheet) => {
    const { values } = sheet.getRow(1)
    return Object.values(values).map(String)
  })
}
