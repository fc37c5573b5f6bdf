import t from 'tap'
import { publishPriceIndex } from '../../src/application/bulk/price-index.js'
import { decidePriceLink } from '../../src/application/bulk/price-link.js'
import { handlePolicyCommand } from '../../src/application/policy-commands.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { beforeFirst } from '../../src/domain/values/identifiers.js'
import type { Append, EventStore } from '../../src/event-store/event-store.js'
import { openPostgresEventStore } from '../../src/event-store/postgres/open.js'
import { document, programme } from '../support/policy.js'
import { startTestPostgres } from '../support/postgres.js'
import { appending } from './appending.js'
import { beforeEvent, createCrashingLog } from './crashing-log.js'
import { bulk, county, quarter } from './naive-rolls.js'
import { callerOf, caseOnRoll, refused, someone } from './setting.js'

const names = ['one', 'other'] as const
const asked = (decisionId: string, over: object = {}) => ({
  ...{ ...quarter, ...over },
  decisionId,
  programmes: [programme('urban-dibao')],
})
const dryRun = true

/** A log that stores no decision on a subsidy before so many approvals are stored. */
function approvedFirst(store: EventStore, approvals: number): EventStore {
  let missing = approvals
  let release = () => {}
  const allApproved = new Promise<void>((resolve) => {
    release = resolve
  })
  const holds = (type: string) => (append: Append) =>
    append.events.some((event) => event.type === type)
  return appending(store, async (batch) => {
    if (batch.some(holds('PriceLinkDecided'))) await allApproved
    const outcomes = await store.append(batch)
    if (batch.some(holds('BulkDecisionApproved'))) missing -= 1
    if (missing === 0) release()
    return outcomes
  })
}

/** What was said of each decision, in the order of the log. */
async function saidOf(store: EventStore, name: string): Promise<readonly string[]> {
  const events = await store.readAll({ after: beforeFirst, limit: 5000 })
  return events
    .filter(({ stream }) => /^(bulkDecision|priceLink)-/.test(stream))
    .filter(({ data }) => JSON.stringify(data).includes(`"decisionId":"${name}"`))
    .map(({ type }) => type)
}

t.test('of two overlapping subsidies approved at once, one is refused, on record', async (t) => {
  const { server } = await startTestPostgres(t)
  const { serviceConnection: connection } = server
  const store = await openPostgresEventStore({ connection, clock: 'simulated' })
  t.teardown(() => store.close())
  const parts = await bulk(approvedFirst(store, 2))
  await caseOnRoll(parts, [await someone(parts)])
  for (const name of names)
    await decidePriceLink(parts, {
      decision: asked(name),
      caller: callerOf({ sub: 'preparer-1' }),
      dryRun,
    })

  const outcomes = await Promise.allSettled(
    names.map((name, at) =>
      decidePriceLink(parts, {
        decision: asked(name),
        caller: callerOf({ sub: `approver-${at}` }),
      }),
    ),
  )
  const won = names[outcomes.findIndex(({ status }) => status === 'fulfilled')]
  const lost = names[outcomes.findIndex(({ status }) => status === 'rejected')]
  if (!won || !lost) return t.fail('one wins and one loses')
  t.match(
    outcomes.find(({ status }) => status === 'rejected'),
    { reason: { code: 'price-already-decided', facts: { decisionId: won } } },
  )
  t.same(await saidOf(store, won), [
    'BulkDecisionPrepared',
    'BulkDecisionApproved',
    'PriceLinkDecided',
  ])
  const refusedOnRecord = ['BulkDecisionPrepared', 'BulkDecisionApproved', 'BulkDecisionRefused']
  t.same(await saidOf(store, lost), refusedOnRecord)

  const again = { decision: asked(lost), caller: callerOf({ sub: 'approver-2' }) }
  for (const sent of [again, { ...again, dryRun }])
    await t.rejects(decidePriceLink(parts, sent), refused('price-already-decided'))
  t.same(await saidOf(store, lost), refusedOnRecord, 'and nothing more is said of it')
})

t.test('what a crash left approved goes on as it was approved', async (t) => {
  const store = createCrashingLog(beforeEvent('PriceLinkDecided'))
  const parts = await bulk(store)
  await caseOnRoll(parts, [await someone(parts)])
  await setTerms(parts)
  await publish(parts, 450)
  const decision = asked('one', byIndices)
  await decidePriceLink(parts, { decision, caller: callerOf({ sub: 'preparer-1' }), dryRun })
  const approver = () => callerOf({ sub: 'approver-1' })
  await t.rejects(decidePriceLink(parts, { decision, caller: approver() }), { message: 'crashed' })
  t.same(await saidOf(store, 'one'), ['BulkDecisionPrepared', 'BulkDecisionApproved'])

  await t.test('an index that was published since does not change it', async (t) => {
    await publish(parts, 800)
    const dry = await decidePriceLink(parts, { decision, caller: approver(), dryRun })
    t.match(dry, { amountFen: 2_400, decision: { amountFen: 2_400 } })
    const outcome = await decidePriceLink(parts, { decision, caller: approver() })
    t.match(outcome, { amountFen: 2_400, changed: 1 })
    const said = ['BulkDecisionPrepared', 'BulkDecisionApproved', 'PriceLinkDecided']
    t.same(await saidOf(store, 'one'), said)
  })
})

t.test('what a crash left approved is refused for what was decided meanwhile', async (t) => {
  const store = createCrashingLog(beforeEvent('PriceLinkDecided'))
  const parts = await bulk(store)
  await caseOnRoll(parts, [await someone(parts)])
  const prepare = (name: string) =>
    decidePriceLink(parts, {
      decision: asked(name),
      caller: callerOf({ sub: 'preparer-1' }),
      dryRun,
    })
  const send = (name: string) =>
    decidePriceLink(parts, { decision: asked(name), caller: callerOf({ sub: 'approver-1' }) })
  await prepare('one')
  await prepare('other')
  await t.rejects(send('one'), { message: 'crashed' })
  t.match(await send('other'), { changed: 1 })
  await t.rejects(send('one'), refused('price-already-decided'))
  t.equal((await saidOf(store, 'one')).at(-1), 'BulkDecisionRefused')
  await t.rejects(send('one'), refused('price-already-decided'))
  t.equal((await saidOf(store, 'one')).length, 3, 'refused once')
})

type Parts = Awaited<ReturnType<typeof bulk>>

/** 525 yuan times the rise, half-up to the yuan. */
const byIndices = {
  from: quarter.to,
  method: {
    kind: 'standard-times-rise',
    standardFen: 52_500,
    floorFen: 0,
    rounding: 'half-up-to-yuan',
  },
  basis: { kind: 'indices', termsOf: programme('urban-dibao') },
}

async function setTerms(parts: Parts): Promise<void> {
  await handlePolicyCommand(parts, {
    command: {
      type: 'SetPriceTerms',
      from: month('2011-01'),
      programme: programme('urban-dibao'),
      division: county,
      terms: {
        cpiAtLeastBasisPoints: 350,
        foodAtLeastBasisPoints: null,
        monthsRunning: 1,
        periodMonths: 1,
      },
      document: document('价〔2011〕1号'),
    },
    caller: callerOf({ sub: 'policy-1' }),
  })
}

async function publish(parts: Parts, cpiRiseBasisPoints: number): Promise<void> {
  await publishPriceIndex(parts, {
    caller: callerOf({ sub: 'statistics-1' }),
    command: {
      type: 'PublishPriceIndex',
      month: quarter.to,
      division: county,
      cpiRiseBasisPoints,
      foodRiseBasisPoints: null,
      publishedOn: plainDate('2012-04-10'),
      source: '统计公报',
    },
  })
}
