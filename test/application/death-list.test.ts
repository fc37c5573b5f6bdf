import t from 'tap'
import { listHash, receiveDeathList } from '../../src/application/death-list.js'
import { type DeathRow, readDeaths } from '../../src/application/imports/read-deaths.js'
import { recordDeath } from '../../src/application/processes/deaths.js'
import { registerPerson } from '../../src/application/processes/people.js'
import { deathListStream } from '../../src/application/streams.js'
import { factsOf } from '../../src/domain/case/facts.js'
import { plainDate } from '../../src/domain/values/calendar.js'
import type { PersonId } from '../../src/domain/values/identifiers.js'
import { parseIdentityNumber } from '../../src/domain/values/identity-number.js'
import { beforeEvent, createCrashingLog } from './crashing-log.js'
import {
  callerOf,
  caseOf,
  caseOnRoll,
  identityNumberOf,
  personOf,
  ready,
  type Setting,
} from './setting.js'

async function registered(parts: Setting, sequence: number, name = '张三'): Promise<PersonId> {
  const details = {
    name,
    identityNumber: identityNumberOf(sequence),
    bornOn: null,
    sex: null,
    address: null,
    phone: null,
  }
  return (await registerPerson(parts, { details, caller: callerOf() })).personId
}

function row(line: number, over: Partial<Omit<DeathRow, 'line'>> = {}): DeathRow {
  const identityNumber = parseIdentityNumber(identityNumberOf(line))
  return { line, identityNumber, name: '张三', diedOn: plainDate('2012-04-12'), ...over }
}

const fileDigest = 'ab'.repeat(32)
const listOf = (rows: readonly DeathRow[]) => ({
  source: '殡葬名单',
  receivedOn: plainDate('2012-05-31'),
  rows,
  fileName: 'deaths.csv',
  fileDigest,
  remarks: ['火化 3 人'],
  caller: callerOf(),
})

const streamOf = ({ hashes }: Setting, rows: readonly DeathRow[]) =>
  deathListStream(listHash(hashes, listOf(rows))).name

t.test('a list stops what the dead got, and makes nobody', async (t) => {
  const parts = await ready()
  const [dead, misnamed] = [await registered(parts, 1), await registered(parts, 2, '李四')]
  const caseId = await caseOnRoll(parts, [dead])
  const proposedOn = await registered(parts, 3)
  const rural = await caseOnRoll(parts, [proposedOn], 'rural-dibao')
  const rows = [
    row(1, { name: ' 张三 ' }),
    row(2),
    row(3, { name: null }),
    row(4),
    row(5, { identityNumber: null }),
  ]
  const dry = await receiveDeathList(parts, { ...listOf(rows), dryRun: true })
  const head = await parts.store.head()
  t.match(dry, { matched: [{ personId: dead }, { personId: proposedOn }], deaths: [] })

  const outcome = await receiveDeathList(parts, listOf(rows))
  t.same(outcome.unmatched, [2, 4, 5])
  t.same(outcome.doubtful, [2], 'a number of somebody of another name')
  t.same(outcome.proposals, [rural])
  const [received] = await parts.store.readStream(streamOf(parts, rows))
  t.match(received, {
    ordinal: head + 1,
    data: { rows: 5, unmatched: 3, unmatchedRows: [2, 4, 5], remarks: ['火化 3 人'] },
  })
  t.equal((await personOf(parts, dead)).diedOn, '2012-04-12')
  t.equal((await personOf(parts, misnamed)).diedOn, null)
  t.match(factsOf(await caseOf(parts, caseId), 'ExitApproved'), [
    { data: { lastMonth: '2012-04' } },
  ])
  t.same(factsOf(await caseOf(parts, rural), 'ExitApproved'), [])

  const end = await parts.store.head()
  await receiveDeathList(parts, listOf(rows))
  t.equal(await parts.store.head(), end, 'the same list again, by another request, adds nothing')
  const file = { ...listOf(rows.toReversed()), fileDigest: 'ef'.repeat(32), fileName: 'other.csv' }
  await receiveDeathList(parts, file)
  t.equal(await parts.store.head(), end, 'nor the same rows in another order and file')
})

t.test('a list with persons of other places is not recorded', async (t) => {
  const parts = await ready()
  const personId = await registered(parts, 1)
  await caseOnRoll(parts, [personId])
  const head = await parts.store.head()
  const rows = [row(1), row(2)]
  const caller = callerOf({ division: '990107002000' })
  const outcome = await receiveDeathList(parts, { ...listOf(rows), caller })
  t.match(outcome.faults, [
    {
      file: 'deaths.csv',
      line: 1,
      column: '身份证号',
      code: 'division-outside-scope',
      facts: { division: '990107001002', scope: '990107002000' },
    },
  ])
  t.same(outcome.deaths, [])
  t.equal(await parts.store.head(), head)
  const own = callerOf({ division: '990107001000' })
  t.same((await receiveDeathList(parts, { ...listOf(rows), caller: own })).faults, [])
})

t.test('a death that is known with another date is listed, not overwritten', async (t) => {
  const parts = await ready()
  const personId = await registered(parts, 1)
  const known = { personId, diedOn: plainDate('2012-03-01'), source: '家属', caller: callerOf() }
  await recordDeath(parts, known)
  const conflicting = [{ line: 1, listedOn: '2012-04-12', recordedOn: '2012-03-01' }]
  const dry = await receiveDeathList(parts, { ...listOf([row(1)]), dryRun: true })
  t.same(dry.conflicting, conflicting)
  const outcome = await receiveDeathList(parts, listOf([row(1)]))
  const { deaths } = outcome
  t.same(outcome.conflicting, conflicting)

  t.match(deaths, [{ personId, refused: 'death-already-recorded', consequences: [] }])
  t.equal((await personOf(parts, personId)).diedOn, '2012-03-01')
})

t.test('one number with two dates is a fault of the second row', async (t) => {
  const number = identityNumberOf(1)
  const text = `身份证号,姓名,死亡日期\n${number},张三,2012-04-12\n${number},张三,2012-04-13\n`
  const file = { name: 'deaths.csv', bytes: Buffer.from(text) }
  const { faults } = await readDeaths(file, plainDate('2012-05-31'))
  t.match(faults, [{ line: 3, column: '死亡日期', code: 'death-dates-differ', facts: { line: 2 } }])
  const same = { ...file, bytes: Buffer.from(text.replace('04-13', '04-12')) }
  t.same((await readDeaths(same, plainDate('2012-05-31'))).faults, [])
})

t.test('a long list is recorded in parts whose sums are the list', async (t) => {
  const parts = await ready()
  const rows = Array.from({ length: 905 }, (_, at) => row(at + 1, { identityNumber: null }))
  const steps: number[] = []
  const onProgress = ({ done }: { done: number }) => steps.push(done)
  await receiveDeathList(parts, { ...listOf(rows), onProgress })

  const stored = await parts.store.readStream(streamOf(parts, rows))
  t.same(
    stored.map(({ data }) => data['rows']),
    [400, 400, 105],
  )
  t.same(steps, [], 'nobody was matched')
  const empty = { ...listOf([]), fileDigest: 'cd'.repeat(32) }
  await receiveDeathList(parts, empty)
  t.match(await parts.store.readStream(streamOf(parts, [])), [
    { data: { rows: 0, remarks: ['火化 3 人'] } },
  ])
})

t.test('a list that a crash cut short goes on', async (t) => {
  const parts = await ready(createCrashingLog(beforeEvent('MemberLeft')))
  const people = [await registered(parts, 1), await registered(parts, 2)]
  const cases = [
    await caseOnRoll(parts, people.slice(0, 1)),
    await caseOnRoll(parts, people.slice(1)),
  ]
  const list = listOf([row(1), row(2)])
  await t.rejects(receiveDeathList(parts, list), /crashed/)
  const { deaths } = await receiveDeathList(parts, list)

  t.match(deaths, [
    { consequences: [{ kind: 'decided' }] },
    { consequences: [{ kind: 'decided' }] },
  ])
  for (const caseId of cases)
    t.equal(factsOf(await caseOf(parts, caseId), 'ExitApproved').length, 1)
})
