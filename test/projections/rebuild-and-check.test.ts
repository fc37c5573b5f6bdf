import t from 'tap'
import type { Pool } from '../../src/database/copy-rows.js'
import { ordinal } from '../../src/domain/values/identifiers.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { allProjections } from '../../src/projections/all-projections.js'
import { casesProjectionKeeping } from '../../src/projections/cases/projection.js'
import { checkReadModel } from '../../src/projections/check/check.js'
import { Projector } from '../../src/projections/projector.js'
import { openReadModel } from '../../src/projections/read-model.js'
import { rebuildReadModel } from '../../src/projections/rebuild.js'
import { ledgerDatabase, plainNames, smallBlocks } from './ledger-database.js'
import { randomHistory } from './random-history.js'
import { randomOf, writeAll } from './written-events.js'

const seed = Number(process.env['SEED'] ?? 20120610)
const projections = allProjections(plainNames, smallBlocks)

const size = { cases: 12, caseEvents: 240, runs: 6, people: 48 }

const projectorOf = (pool: Pool, store: EventStore) =>
  new Projector({ pool, store, projections, owner: 'test', retryMilliseconds: 20 })

t.test('a read model, its check and its rebuild', async (t) => {
  t.comment(`seed ${seed}`)
  const pool = await ledgerDatabase(t)
  const written = randomHistory(randomOf(seed), size)
  const store = createInMemoryEventStore()
  const projector = projectorOf(pool, store)
  await projector.start()
  await writeAll(store, written.slice(0, 300))
  t.ok(await projector.waitFor(ordinal(299), 60_000))
  const model = openReadModel(pool)
  const check = () => checkReadModel({ store, model, names: plainNames, shifts: smallBlocks })

  await t.test('what was folded batch by batch is what the log says', async (t) => {
    const report = await check()
    t.strictSame(report.differences, [])
    t.equal(report.asOf.ordinal, 299)
  })

  await t.test(
    'a rebuild makes the same tables while the projector and readers go on',
    async (t) => {
      const reading = readAllTheWhile(model)
      const rebuilt = rebuildReadModel({ pool, store, projections })
      await writeAll(store, written.slice(300))
      const { differences } = await rebuilt
      t.ok(differences === null || differences.length === 0, `differences: ${differences}`)
      t.ok(await projector.waitFor(ordinal(written.length - 1), 60_000))
      t.ok((await reading.stop()) > 0, 'reads went on')
      t.strictSame((await check()).differences, [])
      const again = await rebuildReadModel({ pool, store, projections })
      t.strictSame(again.differences, [], 'built whole and built in steps: the same rows')
      t.equal(again.ordinal, written.length - 1)
      t.strictSame((await check()).differences, [])
    },
  )

  await projector.stop()
  await t.test('a rebuild with room for few facts makes the same tables', async (t) => {
    const [cases, ...others] = projections
    t.equal(cases?.name, 'cases')
    const cramped = [casesProjectionKeeping(30), ...others]
    const rebuilt = await rebuildReadModel({ pool, store, projections: cramped, eventsAtOnce: 40 })
    t.strictSame(rebuilt.differences, [])
    t.strictSame((await check()).differences, [])
  })

  await t.test('one wrong row of each table is named', async (t) => {
    for (const { statement } of corruptions) {
      const { rowCount } = await pool.query(`UPDATE read_model.${statement}`)
      t.equal(rowCount, 1, statement)
    }
    const { differences } = await check()
    const named = differences.map((difference) => difference.table).sort()
    t.strictSame(named, corruptions.map(({ table }) => table).sort())
    const { differences: repaired } = await rebuildReadModel({ pool, store, projections })
    t.strictSame([...(repaired ?? [])].sort(), named, 'a rebuild sees the same differences')
    t.strictSame((await check()).differences, [], 'and mends them')
  })
  await t.test('a row of a case that the log does not know is named', async (t) => {
    await pool.query(`INSERT INTO read_model.case_head
      VALUES ('nobody', 1, 0, 9007199254740991, 24000, 24001, 'nobody')`)
    const { differences } = await check()
    t.strictSame(
      differences.map(({ table }) => table),
      ['case_head'],
    )
  })
})

const oneOf = (table: string) =>
  `ctid = (SELECT ctid FROM read_model.${table} ORDER BY ctid OFFSET 3 LIMIT 1)`

const corruptions = [
  ['roll_case', 'to_month = to_month - 1'],
  ['roll_member', 'head = NOT head'],
  ['entitlement', 'amount_fen = amount_fen + 1'],
  ['movement', 'persons = persons + 1'],
  ['case_place', "division = '990101001009'"],
  ['case_member', 'known_from = known_from + 1'],
  ['case_head', "person_id = 'somebody'"],
  ['case_hold', 'from_month = from_month + 1'],
  ['case_review', "result = 'stop'"],
  ['case_state', "state = jsonb_set(state, '{facts,0,data,benefitClass}', '\"other\"')"],
  ['total_cell', 'amount_fen = amount_fen + 1'],
  ['payment_run', 'number = number + 1'],
  ['payment_line', 'persons = persons + 1'],
  ['payment_item', 'amount_fen = amount_fen + 1'],
  ['payment_answer', 'credited_fen = credited_fen + 1'],
  ['payment_return', 'month_for = month_for + 1'],
  ['payment_paid', 'month_in = month_in + 1'],
  ['person', "born_on = '1950-05-16'"],
  ['person_name_part', "part_hash = 'other'"],
  ['person_fact', "data = '{}'"],
  ['payee_change_waiting', 'proposal = proposal + 1'],
  ['register_fact', "actor = 'somebody'"],
  ['recovery_entry', 'amount_fen = amount_fen + 1'],
].map(([table = '', change = '']) => ({
  table,
  statement: `${table} SET ${change} WHERE ${oneOf(table)}`,
}))

function readAllTheWhile(model: ReturnType<typeof openReadModel>) {
  let reads = 0
  let stopped = false
  const running = (async () => {
    while (!stopped) {
      const [row] = await model.read((session) =>
        session.rows<{ count: number }>('SELECT COUNT(*)::integer AS count FROM roll_case'),
      )
      if (!row || row.count === 0) throw new Error('a read saw an empty table')
      reads += 1
    }
  })()
  return {
    async stop() {
      stopped = true
      await running
      return reads
    },
  }
}
