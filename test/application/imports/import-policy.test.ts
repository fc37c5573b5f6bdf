import t from 'tap'
import { faultsAsCsv } from '../../../src/application/imports/row-faults.js'
import type { ImportFile } from '../../../src/application/imports/table-file.js'
import { standardOn } from '../../../src/domain/policy/policy.js'
import { month } from '../../../src/domain/values/calendar.js'
import { DivisionCode } from '../../../src/domain/values/division.js'
import { BenefitClass } from '../../../src/domain/values/document.js'
import { ProgrammeCode } from '../../../src/domain/values/identifiers.js'
import { importPolicy } from './by-two.js'
import { administrator, emptyWorld, eventsOf, policyFile, policyFiles } from './import-world.js'

const json = (name: string, value: unknown): ImportFile => ({
  name,
  bytes: Buffer.from(JSON.stringify(value)),
})

t.test('the shipped policy comes in, whatever the order of its files, and only once', async (t) => {
  const world = emptyWorld()
  const outcome = await importPolicy(world, policyFiles(), administrator)
  t.match(outcome, { result: 'completed', faults: [], unchangedRows: 0 })
  t.equal(outcome.changedRows, outcome.rows)
  const { policy } = await world.policies.latest()
  const standard = standardOn(policy, {
    programme: ProgrammeCode.parse('urban-dibao'),
    division: DivisionCode.parse('990101001001'),
    benefitClass: BenefitClass.parse('general'),
    month: month('2012-01'),
  })
  t.equal(standard.monthlyFen, 52000)
  const head = await world.store.head()
  const again = await importPolicy(world, [...policyFiles()].reverse(), administrator)
  t.match(again, { result: 'unchanged', changedRows: 0 })
  t.equal(await world.store.head(), head)
})

t.test('a new figure is one new event, after two persons saw it', async (t) => {
  const world = emptyWorld()
  await importPolicy(world, policyFiles(), administrator)
  const raised = json('raised.json', {
    kind: 'standards',
    items: [
      {
        from: '2012-07',
        programme: 'urban-dibao',
        division: '990101000000',
        benefitClass: 'general',
        amountFen: 57000,
        per: 'month',
        document: {
          number: '甲民发〔2012〕60号',
          issuer: '示例甲区民政局',
          provenance: 'invented',
        },
      },
    ],
  })
  const head = await world.store.head()
  const dry = await importPolicy(world, [raised], { ...administrator, dryRun: true })
  t.match(dry, { result: 'would-change', events: { StandardSet: 1 } })
  t.same(
    (await eventsOf(world, head)).map(({ type, actor }) => [type, actor]),
    [['ImportPrepared', 'administrator-1']],
  )
  t.match(await importPolicy(world, [raised], administrator), { events: { StandardSet: 1 } })
  t.same(
    (await eventsOf(world, head)).map(({ type }) => type),
    ['ImportPrepared', 'ImportPrepared', 'ImportStarted', 'StandardSet', 'ImportCompleted'],
  )
})

t.test('bad items are named one by one and nothing is written', async (t) => {
  const world = emptyWorld()
  const standard = {
    from: '2012-07',
    programme: 'urban-dibao',
    division: '990101000000',
    benefitClass: 'general',
    amountFen: 57000,
    per: 'month',
    document: { number: '1', issuer: '2', provenance: 'invented' },
  }
  const file = json('bad.json', {
    kind: 'standards',
    items: [
      { ...standard, amountFen: 1.5 },
      { ...standard, colour: 'red' },
      { ...standard, programme: 'no-such' },
      { ...standard, division: '990188000000' },
    ],
  })
  const files = [policyFile('programmes.json'), policyFile('divisions/p2.json'), file]
  const outcome = await importPolicy(world, files, administrator)
  t.equal(outcome.result, 'refused')
  t.same(
    outcome.faults.map(({ file, line, column, code }) => [file, line, column, code]),
    [
      ['bad.json', 1, 'amountFen', 'cell-malformed'],
      ['bad.json', 2, '', 'cell-malformed'],
      ['bad.json', 3, null, 'programme-unknown'],
      ['bad.json', 4, null, 'division-unknown'],
    ],
  )
  t.same(await eventsOf(world), [])
  const csv = faultsAsCsv(outcome.faults, () => ({ zh: '不认识', en: 'unknown' }))
  t.ok(csv.startsWith('\uFEFF文件 file,行 line'))
  t.equal(csv.trim().split('\n').length, 5)
})

t.test('what is no policy file is refused as a whole', async (t) => {
  const world = emptyWorld()
  for (const file of [
    json('x.json', { kind: 'examples', items: [1] }),
    json('x.json', { kind: 'rules', items: [] }),
    { name: 'x.json', bytes: Buffer.from('{"kind":') },
  ])
    await t.rejects(importPolicy(world, [file], administrator), {
      code: 'policy-file-malformed',
      facts: { file: 'x.json' },
    })
  t.same(await eventsOf(world), [])
})
