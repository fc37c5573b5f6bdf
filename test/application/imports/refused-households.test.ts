import t from 'tap'
import { importHouseholds } from './by-two.js'
import { caseHeader, caseRows, casesFile, membersFile, withCell } from './household-files.js'
import { csvFile } from './import-files.js'
import { clerk, worldWithPolicy } from './import-world.js'

t.test('a household that is refused is refused once, in the column that is wrong', async (t) => {
  const world = await worldWithPolicy()
  const faultsOf = async (column: string, value: string, header = column) => {
    const at = caseHeader.indexOf(column)
    const cases =
      at < 0
        ? csvFile('cases.csv', [
            [...caseHeader, header],
            ...caseRows.map((row, line) => [...row, line === 0 ? value : '']),
          ])
        : casesFile(withCell(caseRows, 0, at, value))
    const history = csvFile('history.csv', [
      ['户编号', '起月', '止月', '金额'],
      ['A-1', '2010-03', '2010-12', '700'],
    ])
    const files = { cases, members: membersFile(), history }
    const outcome = await importHouseholds(world, files, clerk)
    t.match(outcome, { rows: 7, changedRows: 0, unchangedRows: 6, refusedRows: 1 })
    return outcome.faults.map(({ file, line, ...fault }) => [file, line, fault.column, fault.code])
  }
  t.same(await faultsOf('家庭月收入', '3x'), [['cases.csv', 2, '家庭月收入', 'cell-malformed']])
  const county = '990101000000'
  t.same(await faultsOf('区划', county), [['cases.csv', 2, '区划', 'division-above-town']])
  t.same(await faultsOf('城乡', '农村'), [['cases.csv', 2, '城乡', 'roll-of-programme-differs']])
  t.same(
    await faultsOf('类别', 'class-a'),
    [['cases.csv', 2, '类别', 'benefit-class-unknown']],
    'of a class there is an interval of reviews, and no standard',
  )
})
