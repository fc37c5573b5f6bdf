import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import t from 'tap'
import { openService } from '../../src/compose/service.js'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import { startFakeEventStoreDb } from '../event-store/fake-eventstoredb/server.js'
import { county, type HttpLedger, startHttpLedger } from '../support/http-ledger.js'
import { testFolder } from '../support/postgres.js'
import {
  allocate,
  approveEntry,
  assessIncome,
  joining,
  linesOf,
  newIdentityNumber,
  openCase,
  payMonth,
  recordSteps,
  register,
  setAccount,
} from './office.js'

const number = newIdentityNumber('1960-03-04')

/** One household from its application to the money of two months. */
async function live(ledger: HttpLedger) {
  const identityNumber = number
  const head = await register(ledger, { name: '某甲', bornOn: '1960-03-04', identityNumber })
  await setAccount(ledger, head)
  const caseId = await openCase(ledger, { openedOn: '2011-12-01' })
  const join = joining(head, { from: '2012-01', head: true })
  await ledger.done('clerk', `POST /v1/cases/${caseId}/members`, join)
  await assessIncome(ledger, caseId, { from: '2012-01', monthlyIncomeFen: 10_000 })
  await recordSteps(ledger, caseId, { on: '2011-12-02' })
  await approveEntry(ledger, caseId, '2011-12-20')
  await allocate(ledger, { amountFen: 1_000_000 })
  await ledger.reach('2012-01-05')
  const runs = [await payMonth(ledger, { period: '2012-01' })]
  await ledger.reach('2012-02-05')
  runs.push(await payMonth(ledger, { period: '2012-02' }))
  const of = `division=${county}&programme=urban-dibao`
  return {
    lines: await Promise.all(runs.map((run) => linesOf(ledger, run))),
    totals: await ledger.rows('auditor', `/v1/totals/paid?${of}&month=2012-02&by=month-for`),
    explanation: await ledger.read('auditor', `/v1/cases/${caseId}/explanation?month=2012-02`),
  }
}

/** All that the log holds; sealed names have a key of their own in every ledger. */
async function logOf({ service }: HttpLedger) {
  const events = await service.store.readAll({ after: beforeFirst, limit: 10_000 })
  return events.map(({ leafHash, ordinal, stream, type, version }) => {
    return [ordinal, stream, version, type, stream.startsWith('person-') ? 'sealed' : leafHash]
  })
}

t.test('the same commands make the same ledger on either log', async (t) => {
  const server = await startFakeEventStoreDb()
  t.teardown(() => server.stop())
  const masterKey = { MASTER_KEY_FILE: join(await testFolder(t), 'master.key') }
  const one = await startHttpLedger(t, { startsOn: '2011-12-01', settings: masterKey })
  const settings = {
    ...masterKey,
    EVENT_STORE: 'eventstoredb',
    EVENTSTOREDB_URL: server.connectionString,
    EVENTSTOREDB_CALL_MILLISECONDS: '1000',
    EVENTSTOREDB_SETTLE_MILLISECONDS: '2000',
  }
  const other = await startHttpLedger(t, { startsOn: '2011-12-01', settings })

  t.same(await live(other), await live(one))
  const log = await logOf(one)
  t.same(await logOf(other), log)
  t.ok(log.length > 50)
  const inPostgres = 'SELECT count(*)::integer AS events FROM ledger.events'
  t.same((await other.service.pool.query(inPostgres)).rows, [{ events: 0 }])

  await t.test('a second instance begins from the ordinals that were kept', async (t) => {
    const kept = 'SELECT count(*)::integer AS events FROM vault.log_index'
    for (let tries = 0; tries < 50; tries += 1) {
      const { rows } = await other.service.pool.query<{ events: number }>(kept)
      if (rows[0]?.events === log.length) break
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    t.same((await other.service.pool.query(kept)).rows, [{ events: log.length }])
    const before = server.log.readsFromStart
    const second = await openService(other.service.config, {
      log: { info: () => undefined, warn: () => undefined },
    })
    t.teardown(() => second.close())
    t.equal(await second.store.head(), log.length - 1)
    t.equal(server.log.readsFromStart, before, 'the log was not read through')
  })

  await t.test('a log that is away is a 503 that says so, and then works again', async (t) => {
    await server.stop()
    const body = { programme: 'urban-dibao', division: '990301001001', urbanRural: 'urban' }
    const opening = { ...body, benefitClass: 'general', openedOn: '2012-02-01' }
    const answer = await other.call('clerk', 'POST /v1/cases', { body: opening })
    t.match(answer, { status: 503, json: { code: 'log-unreachable' } })
    t.equal(answer.headers.get('retry-after'), '5')
    // What counts along notices it a moment after the command that could not be written.
    const unready = async () => (await other.call('clerk', 'GET /readyz')).status === 503
    for (const end = Date.now() + 20_000; !(await unready()) && Date.now() < end; ) await wait(100)
    t.ok(await unready())
    const again = await startFakeEventStoreDb({ log: server.log, port: server.port })
    t.teardown(() => again.stop())
    await other.done('clerk', 'POST /v1/cases', opening)
    t.equal(await other.head(), log.length)
  })
})
