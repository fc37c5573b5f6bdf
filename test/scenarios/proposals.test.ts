import t from 'tap'
import { county, startHttpLedger } from '../support/http-ledger.js'
import { assessIncome, backStreet, confirmChange, household } from './office.js'

const asked = `/v1/proposals?programme=urban-dibao&division=${county}&month=2012-02`

t.test('what waits for a person’s decision is listed, until somebody decides it', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const quiet = await household(ledger, { name: '无变化' })
  const cases = []
  for (const name of ['赵一', '钱二', '孙三'])
    cases.push(await household(ledger, { name, incomeFen: 10_000 }))
  t.same(await ledger.rows('clerk', asked), [])
  await ledger.advanceTo('2012-02-06')
  for (const { caseId } of cases)
    await assessIncome(ledger, caseId, { from: '2012-02', monthlyIncomeFen: 5_000 })
  const ids = cases.map(({ caseId }) => caseId).sort()
  const [first = ''] = ids

  const rows = await ledger.rows('clerk', asked)
  t.same(
    rows.map(({ caseId }) => caseId),
    ids,
  )
  const [row] = rows
  t.match(row, {
    caseId: first,
    what: 'adjustment',
    from: '2012-02',
    months: ['2012-02'],
    reasons: ['income'],
    refusalCode: null,
  })
  t.equal(Number(row?.['thenFen']) - Number(row?.['nowFen']), 5_000)
  t.notMatch(JSON.stringify(rows), quiet.caseId)
  t.same(await ledger.rows('clerk', asked.replace(county, backStreet)), [])

  const pages: unknown[] = []
  let cursor = ''
  do {
    const { json } = await ledger.call('approver', `GET ${asked}&limit=2${cursor}`)
    pages.push(json['rows'])
    cursor = typeof json['nextCursor'] === 'string' ? `&cursor=${json['nextCursor']}` : ''
  } while (cursor !== '')
  t.match(pages, [[{ caseId: ids[0] }, { caseId: ids[1] }], [{ caseId: ids[2] }]])

  const csv = await ledger.call('auditor', `GET ${asked}&format=csv`)
  t.match(csv.text, /^\uFEFF个案,区划,项目,拟核定,起始月,现月保障金（元）,核定后（元）,变化月份/)
  t.match(csv.text, /,urban-dibao,调整,2012-02,\d+\.\d\d,\d+\.\d\d,2012-02,,收入变化,/)
  for (const format of ['xlsx', 'ndjson'])
    t.equal((await ledger.call('auditor', `GET ${asked}&format=${format}`)).status, 200, format)
  const unknown = asked.replace('urban-dibao', 'nothing-known')
  t.match(await ledger.refused('clerk', `GET ${unknown}`), { code: 'programme-unknown' })

  await confirmChange(ledger, first, { from: '2012-02', kind: 'income', note: '核定' })
  t.same(
    (await ledger.rows('clerk', asked)).map(({ caseId }) => caseId),
    ids.slice(1),
  )
})
