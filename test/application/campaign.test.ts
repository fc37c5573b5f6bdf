import t from 'tap'
import { runCampaign } from '../../src/application/bulk/campaign.js'
import { handleCaseCommand } from '../../src/application/processes/cases.js'
import { findStuckProcesses } from '../../src/application/processes/stuck.js'
import { membersIn } from '../../src/domain/case/case.js'
import { type Case, factsOf } from '../../src/domain/case/facts.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { beforeFirst, type CaseId, type PersonId } from '../../src/domain/values/identifiers.js'
import { naiveLedgerAt } from '../support/naive-ledger.js'
import { amount, document, programme } from '../support/policy.js'
import { campaignByTwo } from './by-two.js'
import { createCrashingLog } from './crashing-log.js'
import { bulk, county, supplementsOf, twoRolls } from './naive-rolls.js'
import { callerOf, joining, openedCase, refused, type Setting, someone } from './setting.js'

const festival = {
  campaignId: 'dragon-boat-2012',
  programme: programme('festival'),
  month: month('2012-06'),
  decidedOn: plainDate('2012-06-15'),
  division: county,
  document: document('节〔2012〕6号'),
}

async function campaignCases(parts: Setting): Promise<readonly Case[]> {
  const ledger = await naiveLedgerAt(parts.store, await parts.store.head())
  return [...ledger.cases.values()].filter((state) =>
    factsOf(state, 'CaseOpened').some(({ data }) => data.programme === festival.programme),
  )
}

t.test('a campaign gives each person on the rolls a one-off case, once', async (t) => {
  const parts = await bulk()
  const { both, survivorOnly, urbanOnly } = await twoRolls(parts)
  const request = {
    campaign: festival,
    unit: 'person' as const,
    tiers: [
      { programme: programme('urban-dibao'), amountFen: amount(20_000) },
      { programme: programme('survivors'), amountFen: amount(30_000) },
    ],
    caller: callerOf(),
  }
  t.match(await runCampaign(parts, { ...request, dryRun: true }), { examined: 3, changed: 3 })
  t.same(await campaignCases(parts), [])
  t.match(await campaignByTwo(parts, request), { examined: 3, changed: 3, refused: [] })

  const given = (await campaignCases(parts)).map((state) => {
    const [grant] = supplementsOf(state)
    return [membersIn(state, festival.month)[0]?.personId, grant?.amountFen, state.version]
  })
  const byAmount = (left: readonly unknown[], right: readonly unknown[]) =>
    `${left[1]}${left[0]}` < `${right[1]}${right[0]}` ? -1 : 1
  const expected: [PersonId, number, number][] = [
    [both, 20_000, 2],
    [urbanOnly, 20_000, 2],
    [survivorOnly, 30_000, 2],
  ]
  t.same(given.sort(byAmount), expected.sort(byAmount))
  const head = await parts.store.head()
  t.match(await runCampaign(parts, { ...request, caller: callerOf() }), { changed: 0 })
  t.equal(await parts.store.head(), head)
  t.same(await findStuckProcesses(parts), [])
})

t.test('a campaign by household, over the cap, or of another kind', async (t) => {
  const parts = await bulk()
  await twoRolls(parts)
  const request = {
    campaign: festival,
    unit: 'household' as const,
    tiers: [{ programme: programme('urban-dibao'), amountFen: amount(20_000) }],
    caller: callerOf(),
  }
  t.match(await campaignByTwo(parts, request), { examined: 1, changed: 1 })
  const [state] = await campaignCases(parts)
  if (!state) return t.fail('no case')
  t.equal(membersIn(state, festival.month).length, 2)
  t.match(supplementsOf(state), [{ amountFen: 20_000, persons: [] }])

  const tooMuch = {
    ...request,
    campaign: { ...festival, campaignId: 'too-much' },
    tiers: [{ programme: programme('urban-dibao'), amountFen: amount(50_001) }],
    caller: callerOf(),
  }
  t.match(await campaignByTwo(parts, tooMuch), {
    changed: 0,
    refused: [{ code: 'amount-over-cap' }],
  })
  const monthly = { ...request, campaign: { ...festival, programme: programme('tekun') } }
  await t.rejects(runCampaign(parts, monthly), refused('programme-not-one-off'))
  t.equal((await campaignCases(parts)).length, 1)
})

t.test('a campaign that crashes between claims and cases goes on', async (t) => {
  const store = createCrashingLog(
    ({ events }) => events.length === 3 && events[2]?.type === 'SupplementGranted',
  )
  const parts = await bulk(store)
  await twoRolls(parts)
  const request = {
    campaign: festival,
    unit: 'person' as const,
    tiers: [{ programme: programme('urban-dibao'), amountFen: amount(20_000) }],
    caller: callerOf(),
  }
  await t.rejects(campaignByTwo(parts, request), /crashed/)
  t.match(await runCampaign(parts, request), { examined: 2, changed: 2 })
  t.equal((await campaignCases(parts)).length, 2)
  const events = await parts.store.readAll({ after: beforeFirst, limit: 1000 })
  const claims = events.filter(
    ({ type, data }) => type === 'EnrolmentClaimed' && data['programme'] === 'festival',
  )
  t.equal(claims.length, 2, 'nobody was claimed twice')
})

t.test('what a crash left behind is listed', async (t) => {
  const store = createCrashingLog(({ events }) => events[0]?.type === 'MemberJoined')
  const parts = await bulk(store)
  const personId = await someone(parts)
  const caseId: CaseId = await openedCase(parts)
  const join = { caseId, command: joining(personId), caller: callerOf() }
  await t.rejects(handleCaseCommand(parts, join), /crashed/)

  t.same(await findStuckProcesses(parts), [{ kind: 'claim-without-need', personId, caseId }])
  await handleCaseCommand(parts, join)
  t.same(await findStuckProcesses(parts), [])
})
