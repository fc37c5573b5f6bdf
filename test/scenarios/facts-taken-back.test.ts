import t from 'tap'
import {
  county,
  type HttpLedger,
  numberIn,
  type PolicyFile,
  policyOfCounty,
  startHttpLedger,
} from '../support/http-ledger.js'
import {
  allocate,
  amountsOf,
  backStreet,
  confirmChange,
  household,
  joining,
  payMonth,
  register,
  releaseRun,
  reviewCase,
} from './office.js'

/** What was recorded wrongly and is taken back: standard 350.00 a month, nobody earns anything. */

async function withGrace(months: number): Promise<readonly PolicyFile[]> {
  const files = await policyOfCounty()
  return files.map(({ bytes, name }) => ({
    name,
    bytes: Buffer.from(bytes.toString().replaceAll('"graceMonths": 0', `"graceMonths": ${months}`)),
  }))
}

async function owedIn(ledger: HttpLedger, caseId: string, month: string): Promise<number> {
  const asked = `/v1/cases/${caseId}/explanation?month=${month}`
  return numberIn(await ledger.read('auditor', asked), 'amountFen')
}

async function versionOf(ledger: HttpLedger, caseId: string, type: string): Promise<number> {
  const event = (await ledger.eventsAfter(-1)).findLast(
    (one) => one.stream === `case-${caseId}` && one.type === type,
  )
  if (!event) throw new Error(`no ${type} in the case`)
  return event.version
}

t.test('grace that is retracted takes its amounts and its exit along', async (t) => {
  const ledger = await startHttpLedger(t, {
    startsOn: '2011-12-20',
    policy: await withGrace(3),
  })
  await allocate(ledger, { amountFen: 100_000_000 })
  const { caseId } = await household(ledger, { name: '赵渐' })
  for (const period of ['2012-01', '2012-02']) {
    await ledger.advanceTo(`${period}-05`)
    await releaseRun(ledger, { period })
  }
  await reviewCase(ledger, caseId, '2012-02-05')
  const grace = { from: '2012-03', reason: '超标' }
  t.match(await ledger.done('approver', `POST /v1/cases/${caseId}/grace`, grace), {
    events: ['GracePeriodStarted', 'BenefitAdjusted', 'ExitApproved'],
  })
  for (const period of ['2012-03', '2012-04', '2012-05']) {
    await ledger.advanceTo(`${period}-05`)
    await releaseRun(ledger, { period })
  }
  t.equal(await owedIn(ledger, caseId, '2012-06'), 0)

  await reviewCase(ledger, caseId, '2012-05-05')
  const retraction = {
    retractedOn: '2012-05-05',
    retractsVersion: await versionOf(ledger, caseId, 'GracePeriodStarted'),
    reason: '误录',
  }
  const retract = `POST /v1/cases/${caseId}/retraction`
  t.match(await ledger.done('approver', retract, retraction), {
    events: ['FactRetracted', 'FactRetracted', 'FactRetracted'],
  })
  t.match(await ledger.done('approver', retract, retraction), { changed: false })
  for (const month of ['2012-03', '2012-05', '2012-06'])
    t.equal(await owedIn(ledger, caseId, month), 35_000, month)
  const span = `division=${county}&programme=urban-dibao&from=2012-06&to=2012-06`
  t.match(await ledger.read('statistician', `/v1/movements?${span}`), {
    opening: { households: 1 },
    exit: { households: 0, persons: 0 },
    closing: { households: 1 },
  })

  await ledger.advanceTo('2012-06-05')
  const run = await releaseRun(ledger, { period: '2012-06' })
  t.strictSame([...(await amountsOf(ledger, run))], [[caseId, [35_000, '2012-06']]])
  t.match(await ledger.read('payment-officer', `/v1/recoveries/${caseId}`), {
    outstandingFen: 0,
    history: [],
  })
})

const listed = `/v1/proposals?programme=urban-dibao&division=${county}`

t.test('a death that was recorded wrongly and is retracted', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await allocate(ledger, { amountFen: 100_000_000 })
  await household(ledger, { name: '张在' })
  const alone = await household(ledger, { name: '李独', account: '62220002' })
  const { caseId } = await household(ledger, { name: '王家', account: '62220003' })
  const wife = await register(ledger, { name: '赵妻', bornOn: '1962-03-08' })
  await ledger.advanceTo('2012-01-03')
  await ledger.done('clerk', `POST /v1/cases/${caseId}/members`, joining(wife, { from: '2012-01' }))
  await confirmChange(ledger, caseId, { from: '2012-01', kind: 'members', note: '配偶' })
  for (const period of ['2012-01', '2012-02']) {
    await ledger.advanceTo(`${period}-15`)
    await payMonth(ledger, { period })
  }
  const died = { diedOn: '2012-02-10', source: '名单' }
  const back = { retractedOn: '2012-03-02', reason: '同名误报' }
  await ledger.advanceTo('2012-03-02')
  for (const { personId } of [alone.head, wife])
    t.match(await ledger.done('clerk', `POST /v1/persons/${personId}/death`, died), {
      consequences: [{ kind: 'decided' }],
    })
  t.equal(await owedIn(ledger, alone.caseId, '2012-03'), 0)
  t.equal(await owedIn(ledger, caseId, '2012-03'), 35_000)

  await t.test('gives the person back, and says what waits for another', async (t) => {
    const exit = await versionOf(ledger, alone.caseId, 'ExitApproved')
    const retract = `POST /v1/persons/${alone.head.personId}/death/retraction`
    const key = 'taken-back'
    const first = await ledger.call('clerk', retract, { body: back, key })
    const proposed = { caseId: alone.caseId, kind: 'proposed', retractsVersion: exit, code: null }
    t.match(first.json, { result: { changed: true, consequences: [proposed] } })
    t.strictSame(first.text, (await ledger.call('clerk', retract, { body: back, key })).text)
    t.match(
      await ledger.done('clerk', `POST /v1/persons/${wife.personId}/death/retraction`, back),
      { consequences: [{ caseId, kind: 'proposed', retractsVersion: null }] },
    )
    t.equal(await owedIn(ledger, alone.caseId, '2012-03'), 0)
    for (const month of ['2012-02', '2012-03', '2012-05']) {
      const rows = await ledger.rows('clerk', `${listed}&month=${month}`)
      const found = new Map(rows.map((row) => [row['caseId'], row]))
      t.equal(found.size, 2, month)
      const given = { nowFen: 0, thenFen: 35_000, from: '2012-03', retractsVersion: exit }
      t.match(found.get(alone.caseId), { what: 'return', reasons: ['correction'], ...given })
      const more = { nowFen: 35_000, thenFen: 70_000, retractsVersion: null }
      t.match(found.get(caseId), { what: 'adjustment', reasons: ['correction'], ...more })
    }
    const csv = await ledger.call('auditor', `GET ${listed}&month=2012-03&format=csv`)
    t.match(csv.text, /,恢复在册,2012-03,0\.00,350\.00,2012-03,/)
    t.same(await ledger.rows('clerk', `${listed.replace(county, backStreet)}&month=2012-03`), [])
  })

  await t.test('a run pays neither by itself', async (t) => {
    await ledger.advanceTo('2012-03-15')
    const run = await payMonth(ledger, { period: '2012-03' })
    const amounts = await amountsOf(ledger, run)
    t.strictSame(amounts.get(caseId), [35_000, '2012-03'])
    t.notOk(amounts.has(alone.caseId))
  })

  await t.test('another person decides, and what was withheld is paid', async (t) => {
    const retraction = {
      retractedOn: '2012-03-15',
      retractsVersion: await versionOf(ledger, alone.caseId, 'ExitApproved'),
      reason: '本人健在',
    }
    const path = `POST /v1/cases/${alone.caseId}/retraction`
    const both = await ledger.issue({ actor: 'clerk-1', roles: ['clerk', 'approver'] })
    t.equal(
      (await ledger.refused(both, path, { body: retraction })).code,
      'same-person-prepares-and-approves',
    )
    await ledger.done('approver', path, retraction)
    await confirmChange(ledger, caseId, { from: '2012-03', kind: 'correction', note: '本人健在' })
    t.same(await ledger.rows('clerk', `${listed}&month=2012-03`), [])
    await ledger.advanceTo('2012-04-15')
    const amounts = await amountsOf(ledger, await payMonth(ledger, { period: '2012-04' }))
    t.strictSame(amounts.get(alone.caseId), [70_000, '2012-03、2012-04'])
    t.strictSame(amounts.get(caseId), [105_000, '2012-03、2012-04'])
    for (const id of [alone.caseId, caseId])
      t.match(await ledger.read('payment-officer', `/v1/recoveries/${id}`), { outstandingFen: 0 })
  })
})
