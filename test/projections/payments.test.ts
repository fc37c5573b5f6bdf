import t from 'tap'
import { lineOf } from '../../src/domain/payment-run/line.js'
import { addMonths } from '../../src/domain/values/calendar.js'
import { ordinal } from '../../src/domain/values/identifiers.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { allProjections } from '../../src/projections/all-projections.js'
import { owedAndCommitted } from '../../src/projections/payments/owed.js'
import { payeesOf } from '../../src/projections/payments/payees.js'
import { Projector } from '../../src/projections/projector.js'
import { openReadModel } from '../../src/projections/read-model.js'
import { createNaiveReader } from '../support/naive-owed-reader.js'
import { ledgerDatabase, plainNames } from './ledger-database.js'
import { personAt, programmes, randomCases, randomOf, start, writeAll } from './random-ledger.js'
import {
  county,
  mixed,
  policyEvents,
  randomPerson,
  randomRecovery,
  randomRun,
} from './random-payments.js'

const seed = Number(process.env['SEED'] ?? 20120608)

t.test('what is owed and committed is what a fold of the whole log says', async (t) => {
  t.comment(`seed ${seed}`)
  const pool = await ledgerDatabase(t)
  const random = randomOf(seed)
  const cases = 15
  const written = [
    ...policyEvents(),
    ...mixed(
      [
        randomCases(random, { cases, events: 260 }),
        Array.from({ length: 5 }, (_, at) => randomRun(at, random, cases)).flat(),
        Array.from({ length: cases * 4 }, (_, at) => randomPerson(at, random)).flat(),
        randomRecovery(3),
      ],
      random,
    ),
  ]
  const store = createInMemoryEventStore()
  const projector = new Projector({
    pool,
    store,
    projections: allProjections(plainNames),
    owner: 'test',
  })
  await projector.start()
  await writeAll(store, written)
  t.ok(await projector.waitFor(ordinal(written.length - 1), 30_000))
  t.equal((await projector.status()).halted, null)

  const model = openReadModel(pool)
  const naive = createNaiveReader(store)
  for (let round = 0; round < 40; round += 1) {
    const request = {
      programmes,
      division: county,
      throughMonth: addMonths(start, random.below(12)),
      kind: 'regular' as const,
      ordinal: ordinal(written.length - 1 - random.below(written.length - 20)),
      after: null,
      limit: 1000,
    }
    const [mine, theirs] = [
      await owedAndCommitted(model, request),
      await naive.owedAndCommitted(request),
    ]
    t.strictSame(
      mine.filter((one) => lineOf(one).items.length + lineOf(one).overpaid.length > 0).map(line),
      theirs.filter((one) => lineOf(one).items.length + lineOf(one).overpaid.length > 0).map(line),
      `through ${request.throughMonth} at ${request.ordinal}`,
    )
    const persons = [personAt(random.below(40)), personAt(random.below(40))]
    const asked = { persons, ordinal: request.ordinal, month: request.throughMonth }
    const payees = await payeesOf(model, asked)
    t.strictSame(
      [...payees].map(([person, { payee, accountVersion }]) => [person, payee, accountVersion]),
      [...(await naive.payeesOf(asked))].map(([person, { payee, accountVersion }]) => [
        person,
        payee,
        accountVersion,
      ]),
    )
  }
  await projector.stop()
})

type OneCase = Awaited<ReturnType<typeof owedAndCommitted>>[number]

function line(one: OneCase) {
  const { caseId, division, programme, urbanRural, headPersonId, holds } = one
  return {
    ...lineOf(one),
    caseId,
    division,
    programme,
    urbanRural,
    headPersonId,
    holds: [...holds].sort(),
  }
}
