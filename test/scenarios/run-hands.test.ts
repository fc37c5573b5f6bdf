import { createHash } from 'node:crypto'
import t from 'tap'
import { county, type HttpLedger, startHttpLedger, textIn } from '../support/http-ledger.js'
import { allocate, amountsOf, household, openRun, paidFor, runBody, setAccount } from './office.js'

const rural = { programme: 'rural-dibao', urbanRural: 'rural', division: '990301100200' }
const ruralRun = { programmes: ['rural-dibao'] }

t.test('a run goes through four hands and stays one run', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const paid = await household(ledger, { name: '周农', ...rural })
  const unpayable = await household(ledger, { name: '吴无户', ...rural, account: null })
  const period = '2012-01'
  await ledger.advanceTo('2012-01-05')

  await t.test('two clicks are one run', async (t) => {
    const open = (key: string) =>
      ledger.call('payment-officer', 'POST /v1/runs', {
        body: runBody({ period, ...ruralRun }),
        key,
      })
    const clicks = await Promise.all([open('one-button'), open('one-button')])
    t.strictSame(
      clicks.map(({ status }) => status),
      [201, 201],
    )
    t.strictSame(clicks[0]?.json['result'], clicks[1]?.json['result'])
    const another = await ledger.refused('payment-officer', 'POST /v1/runs', {
      body: runBody({ period, ...ruralRun }),
    })
    t.match(another, { status: 409, code: 'run-already-open', facts: { period } })
    const listed = `/v1/runs?division=${county}&month=${period}&programme=rural-dibao`
    t.equal((await ledger.rows('payment-officer', listed)).length, 1)
    const [run] = await ledger.rows('payment-officer', listed)
    const runId = textIn(run ?? {}, 'runId')
    await ledger.done('approver', `POST /v1/runs/${runId}/rejection`, { reason: '开错' })

    const keys = ['key-of-officer-1', 'key-of-officer-2', 'key-of-officer-3']
    const race = await Promise.all(keys.map(open))
    t.strictSame(race.map(({ status }) => status).sort(), [201, 409, 409])
    const winner = race.find(({ status }) => status === 201)
    t.match(winner?.json, { result: { parameters: { number: 2 } } })
  })

  const everything = await ledger.issue({
    actor: 'everything-1',
    roles: ['clerk', 'reviewer', 'approver', 'payment-officer', 'auditor', 'administrator'],
  })
  const second = await submittedBy(ledger, everything)

  await t.test('who prepares does not approve, with all roles there are', async (t) => {
    const head = await ledger.head()
    for (const step of ['approval', 'release']) {
      const body = step === 'release' ? { layout: 'delimited-utf8' } : {}
      const refusal = await ledger.refused(everything, `POST /v1/runs/${second}/${step}`, { body })
      t.match(refusal, {
        status: step === 'approval' ? 403 : 409,
        code: step === 'approval' ? 'same-person-prepares-and-approves' : 'run-not-approved',
      })
    }
    t.equal(await ledger.head(), head)
    const clerk = await ledger.refused('clerk', `POST /v1/runs/${second}/approval`, { body: {} })
    t.match(clerk, { status: 403, code: 'role-missing' })
  })

  await t.test('a rejected run frees its lines and keeps its events', async (t) => {
    const before = await amountsOf(ledger, second)
    await ledger.done('approver', `POST /v1/runs/${second}/rejection`, { reason: '名单有误' })
    const third = await submittedBy(ledger, await ledger.personOf('payment-officer'))
    t.strictSame(await amountsOf(ledger, third), before)
    t.match(await ledger.read('auditor', `/v1/runs/${second}`), {
      status: 'rejected',
      decisions: { rejected: { reason: '名单有误' }, prepared: { lineCount: 1 } },
    })
    t.equal(await paidFor(ledger, 'rural-dibao', period), 0)
  })

  await t.test('without an account a line is listed and held', async (t) => {
    const runId = await runOf(ledger, period)
    t.match(await ledger.rows('payment-officer', `/v1/runs/${runId}/lines?held=true`), [
      { caseId: unpayable.caseId, heldFor: 'no-account', amountFen: 16_000 },
    ])
    t.match(await ledger.read('auditor', `/v1/runs/${runId}`), {
      decisions: { prepared: { lineCount: 1, totalFen: 16_000, heldCount: 1, heldFen: 16_000 } },
    })
  })

  await t.test('nothing is released without the money for it', async (t) => {
    const runId = await runOf(ledger, period)
    await ledger.done('approver', `POST /v1/runs/${runId}/approval`)
    await allocate(ledger, { amountFen: 15_999, programmes: ['rural-dibao'] })
    await allocate(ledger, { amountFen: 50_000_000 })
    const head = await ledger.head()
    const refusal = await ledger.refused('approver', `POST /v1/runs/${runId}/release`, {
      body: { layout: 'fixed-gb18030' },
    })
    t.match(refusal, {
      status: 409,
      code: 'funds-insufficient',
      facts: { missingFen: 1, programmes: ['rural-dibao'] },
      detail: /缺 0\.01 元/,
      detailEn: /0\.01 yuan/,
    })
    t.equal(await ledger.head(), head)
    await allocate(ledger, { amountFen: 1, programmes: ['rural-dibao'] })
  })

  await t.test('the bank file is the same bytes every time', async (t) => {
    const runId = await runOf(ledger, period)
    const release = () =>
      ledger.done('approver', `POST /v1/runs/${runId}/release`, { layout: 'fixed-gb18030' })
    const released = await release()
    const head = await ledger.head()
    t.match(await release(), released)
    t.equal(await ledger.head(), head)
    const file = () => ledger.call('payment-officer', `GET /v1/runs/${runId}/bank-file`)
    const [first, again] = [await file(), await file()]
    t.equal(first.status, 200)
    t.ok(first.bytes.equals(again.bytes))
    const digest = createHash('sha256').update(first.bytes).digest('hex')
    t.match(released, { digest, lineCount: 1, totalFen: 16_000 })
    const verified = await ledger.read('auditor', `/v1/runs/${runId}/verification`)
    t.match(verified, { firstDifference: null, digestAsPrepared: true })
  })

  await t.test('what was held for want of an account is paid with the next month', async (t) => {
    await ledger.advanceTo('2012-02-03')
    await setAccount(ledger, unpayable.head)
    const runId = await openRun(ledger, { period: '2012-02', ...ruralRun })
    await ledger.done('payment-officer', `POST /v1/runs/${runId}/preparation`)
    t.strictSame(
      await amountsOf(ledger, runId),
      new Map([
        [paid.caseId, [16_000, '2012-02']],
        [unpayable.caseId, [32_000, '2012-01、2012-02']],
      ]),
    )
  })

  await t.test('its papers name whom they may', async (t) => {
    const runId = await runOf(ledger, period)
    const paper = async (kind: string, format: string) =>
      ledger.call('payment-officer', `GET /v1/runs/${runId}/${kind}?format=${format}`)
    const sheet = await paper('sheet', 'csv')
    t.match(sheet.text, /周农/)
    t.match(sheet.text, /160\.00/)
    const notice = await paper('notice', 'csv')
    t.notMatch(notice.text, /周农|6222/)
    t.match(notice.text, /周/)
    t.match((await paper('summary', 'csv')).text, /湾里村/)
    for (const kind of ['sheet', 'notice', 'summary'])
      t.equal((await paper(kind, 'xlsx')).bytes.subarray(0, 2).toString(), 'PK')
    t.match((await paper('sheet', 'ndjson')).text, new RegExp(paid.caseId.slice(0, 8)))
  })
})

async function submittedBy(
  ledger: HttpLedger,
  by: { readonly token: string; readonly actor: string; readonly tokenId: string },
) {
  const runId = await newestOpenRun(ledger)
  await ledger.done(by, `POST /v1/runs/${runId}/preparation`)
  await ledger.done(by, `POST /v1/runs/${runId}/submission`)
  return runId
}

async function newestOpenRun(ledger: HttpLedger): Promise<string> {
  const found = await runsOf(ledger, '2012-01')
  const open = found.find((run) => run['status'] === 'opened')
  return open ? textIn(open, 'runId') : openRun(ledger, { period: '2012-01', ...ruralRun })
}

async function runsOf(ledger: HttpLedger, period: string) {
  const path = `/v1/runs?division=${county}&month=${period}&programme=rural-dibao`
  return ledger.rows('payment-officer', path)
}

async function runOf(ledger: HttpLedger, period: string): Promise<string> {
  const standing = (await runsOf(ledger, period)).find((run) => run['status'] !== 'rejected')
  return textIn(standing ?? {}, 'runId')
}
