import t from 'tap'
import { caseIdOfHousehold } from '../../../src/application/imports/import-ids.js'
import { caseStream } from '../../../src/application/streams.js'
import { importHouseholds } from './by-two.js'
import { bothFiles, casesFile, membersFile, village } from './household-files.js'
import { csvFile } from './import-files.js'
import { clerk, worldWithPolicy } from './import-world.js'

t.test('history rows, by month and part, come before the current amount', async (t) => {
  const world = await worldWithPolicy()
  const history = csvFile('history.csv', [
    ['户编号', '历史起月', '历史止月', '历史金额', '构成'],
    ['A-1', '2011-01', '2011-06', '700', ''],
    ['A-1', '2010-03', '2010-12', '650', ''],
    ['A-1', '2011-01', '2011-06', '30', 'classified'],
  ])
  const outcome = await importHouseholds(world, { ...bothFiles(), history }, clerk)
  t.equal(outcome.result, 'completed')
  const stored = await world.store.readStream(caseStream(caseIdOfHousehold('A-1')).name)
  const position: unknown = stored.at(-1)?.data['history']
  t.match(position, [
    { from: '2010-03', to: '2010-12', components: [{ component: 'base', amountFen: 65000 }] },
    { from: '2011-01', to: '2011-06', components: [{ amountFen: 70000 }, { amountFen: 3000 }] },
    { from: '2011-07', to: '2011-12', components: [{ component: 'base', amountFen: 74000 }] },
  ])
  const gap = csvFile('history.csv', [
    ['户编号', '历史起月', '历史止月', '历史金额'],
    ['A-1', '2010-03', '2010-12', '650'],
    ['A-1', '2011-03', '2011-06', '650'],
    ['B-1', '2011-03', '2011-06', '650'],
  ])
  const refused = await importHouseholds(world, { ...bothFiles(), history: gap }, clerk)
  t.same(
    refused.faults.map(({ code }) => code),
    ['history-contradictory', 'household-unknown'],
  )
})

t.test('what a programme pays by person is taken over by person', async (t) => {
  const world = await worldWithPolicy()
  const files = {
    cases: casesFile([
      ['S-1', '孤儿基本生活保障', village, '2010-03', '2011-12', '原系统', '', '1200'],
    ]),
    members: membersFile([
      ['S-1', '', '甲', '本人', '是', 'P-1', '男', '2005-01-01'],
      ['S-1', '', '乙', '弟', '是', 'P-2', '男', '2006-01-01'],
    ]),
  }
  t.equal((await importHouseholds(world, files, clerk)).result, 'completed')
  const stored = await world.store.readStream(caseStream(caseIdOfHousehold('S-1')).name)
  t.match(stored.at(-1)?.data['history'], [
    { components: [{ amountFen: 60000, personId: String }, { amountFen: 60000 }] },
  ])
})
