import t from 'tap'
import { z } from 'zod'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import { fileOf, policyOfCounty, startHttpLedger } from '../support/http-ledger.js'
import type { Person } from '../support/issuing.js'
import { handsOfProvince } from '../support/two-hands.js'
import { allocate, household, payMonth, register } from './office.js'

const Page = z.looseObject({
  rows: z.array(z.looseObject({ ordinal: z.int(), stream: z.string() })),
  nextCursor: z.string().nullable(),
})

t.test('who works for a county sees the events and death lists of it', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const administrator = await ledger.issue({
    actor: 'boss',
    roles: ['administrator'],
    division: '990000000000',
  })
  await ledger.importPolicy(await policyOfCounty('p3'), await handsOfProvince(ledger))
  const auditorOf = (division: string) =>
    ledger.issue({ actor: `auditor-${division}`, roles: ['auditor'], division })
  const own = await auditorOf('990301000000')
  const other = await auditorOf('990201000000')
  const whole = await auditorOf('990000000000')

  await allocate(ledger, { amountFen: 100_000_000 })
  const { caseId, head } = await household(ledger, { name: '钱一' })
  const { personId: noCase } = await register(ledger, { name: '无案', bornOn: '1970-01-01' })
  const runId = await payMonth(ledger, { period: '2012-01' })
  const csv = `身份证号,姓名,死亡日期\n${head.identityNumber},钱一,2012-01-09\n`
  await ledger.advanceTo('2012-01-15')
  await ledger.done(administrator, 'POST /v1/imports/deaths', {
    file: fileOf({ name: 'deaths.csv', bytes: Buffer.from(csv) }),
    source: '示例殡仪馆',
    receivedOn: '2012-01-15',
    remarks: ['1 火化'],
    dryRun: false,
  })

  /** All pages of so many rows. */
  const events = async (by: Person, query: string) => {
    const found: z.infer<typeof Page>['rows'] = []
    let cursor = ''
    do {
      const answer = await ledger.call(by, `GET /v1/events?${query}${cursor}`)
      if (answer.status !== 200) throw new Error(answer.text)
      const page = Page.parse(answer.json)
      found.push(...page.rows)
      cursor = page.nextCursor === null ? '' : `&cursor=${page.nextCursor}`
    } while (cursor !== '')
    return found
  }
  const streams = async (by: Person) =>
    new Set((await events(by, 'limit=1000')).map(({ stream }) => stream))

  await t.test('a county sees its own and policy, a province all', async (t) => {
    const all = await ledger.service.store.readAll({ after: beforeFirst, limit: 1000 })
    t.same(
      (await events(whole, 'limit=1000')).map(({ ordinal }) => ordinal),
      all.map(({ ordinal }) => ordinal),
    )
    const ofCounty = await streams(own)
    const ofOther = await streams(other)
    for (const stream of [
      `case-${caseId}`,
      `person-${head.personId}`,
      `paymentRun-${runId}`,
      `paymentRunLines-${runId}-0`,
      `paymentRunAnswers-${runId}-1-0`,
      'payer-990301000000',
    ]) {
      t.ok(ofCounty.has(stream), `own ${stream}`)
      t.notOk(ofOther.has(stream), `other ${stream}`)
    }
    t.ok(ofOther.has(`person-${noCase}`), 'a person without a case is nobody’s')
    const kinds = (of: ReadonlySet<string>) =>
      [...new Set([...of].map((stream) => stream.split('-')[0]))].sort()
    t.same(kinds(ofOther), ['division', 'identity', 'ledger', 'person', 'programme', 'standard'])
    t.notOk([...ofCounty].some((stream) => /^(import|deathList)-/.test(stream)))
    t.ok([...(await streams(whole))].some((stream) => /^deathList-/.test(stream)))
  })

  await t.test('pages and one stream are as exact as the whole', async (t) => {
    const whole = (await events(other, 'limit=1000')).map(({ ordinal }) => ordinal)
    for (const limit of [1, 7, whole.length])
      t.same(
        (await events(other, `limit=${limit}`)).map((event) => event.ordinal),
        whole,
      )
    t.same(await events(other, `limit=10&stream=case-${caseId}`), [])
    const stream = await events(own, `limit=2&stream=case-${caseId}`)
    t.same(
      stream.map(({ ordinal }) => ordinal),
      (await ledger.service.store.readStream(`case-${caseId}`)).map(({ ordinal }) => ordinal),
    )
    const csv = await ledger.call(other, 'GET /v1/events?format=csv')
    t.notMatch(csv.text, new RegExp(`${caseId}|${head.personId}|${runId}`))
  })

  await t.test('a county counts its own in a list of deaths', async (t) => {
    const path = '/v1/death-lists'
    t.same(await ledger.rows(other, path), [])
    t.match(await ledger.rows(own, path), [
      { matched: 1, rows: null, unmatched: null, remarks: [], source: '示例殡仪馆' },
    ])
    t.match(await ledger.rows(whole, path), [
      { matched: 1, rows: 1, unmatched: 0, remarks: ['1 火化'] },
    ])
  })
})
