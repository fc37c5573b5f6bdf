import assert from 'node:assert/strict'
import fc from 'fast-check'
import t from 'tap'
import type { ErrorCode } from '../../../src/domain/error-codes.js'
import { DomainError } from '../../../src/domain/errors.js'
import { type Month, month } from '../../../src/domain/values/calendar.js'
import type { RunId } from '../../../src/domain/values/identifiers.js'
import { dibao } from '../../support/case-world.js'
import { naiveLedgerAt, recoveryMonths } from '../../support/naive-ledger.js'
import { caseNumber } from './county-world.js'
import {
  checker,
  createPaymentWorld,
  officer,
  type PaymentWorld,
  releaser,
} from './payment-world.js'

const months = ['2012-01', '2012-02', '2012-03', '2012-04', '2012-05'] as const
const someMonth = fc.constantFrom(...months)

/** What may happen to a household and its runs, in any order. */
const step = fc.oneof(
  fc.record({
    kind: fc.constant('change' as const),
    from: someMonth,
    monthly: fc.integer({ min: 0, max: 340 }),
  }),
  fc.record({ kind: fc.constant('pay' as const), period: someMonth }),
  fc.record({ kind: fc.constant('reject' as const), period: someMonth }),
  fc.record({ kind: fc.constant('prepare' as const), period: someMonth }),
  fc.record({
    kind: fc.constant('decide' as const),
    run: fc.nat({ max: 3 }),
    isSent: fc.boolean(),
  }),
  fc.record({ kind: fc.constant('subsidise' as const), month: someMonth }),
  fc.record({ kind: fc.constant('subsidy-run' as const), period: someMonth }),
  fc.record({
    kind: fc.constant('answer' as const),
    run: fc.nat({ max: 3 }),
    row: fc.constantFrom('退票,,户名不符', '成功,,', '部分,0.01,限额'),
  }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

t.test(
  'whatever happens, each month ends paid as it is owed, less what is recovered',
  async (t) => {
    const seed = Date.now() & 0x7fffffff
    t.comment(`seed ${seed}`)
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 14 }), async (steps) => {
        const world = await createPaymentWorld()
        await world.household(1, { monthly: 300 })
        const runs: Runs = { sent: [], waiting: [] }
        for (const one of steps) await take(world, one, runs)
        for (const [at] of [...runs.waiting].entries())
          await take(world, { kind: 'decide', run: 0, isSent: at % 2 === 0 }, runs)
        await world.paid('2012-06', { kind: 'emergency' })
        const { owed, paid } = await balance(world)
        assert.deepEqual(paid, owed)
      }),
      { seed, numRuns: 60 },
    )
    t.pass('for every history')
  },
)

interface Runs {
  readonly sent: RunId[]
  /** Prepared, and neither released nor rejected. */
  readonly waiting: RunId[]
}

async function take(world: PaymentWorld, one: Step, runs: Runs): Promise<void> {
  switch (one.kind) {
    case 'change':
      // An income over the standard ends the case; what changes after it changes no decision.
      await world.change(1, one).catch(unless('case-not-on-roll-in-month'))
      return
    case 'subsidise':
      // Nor is there a supplement for a month that the case was not on the roll.
      await world.subsidise(1, { month: one.month, yuan: 83 }).catch(unless('supplement-off-roll'))
      return
    case 'pay':
    case 'subsidy-run': {
      const kind = one.kind === 'pay' ? ('regular' as const) : ('price-subsidy' as const)
      const run = await world.paid(one.period, { kind }).catch(unless(...notNow))
      if (run) runs.sent.push(run.runId)
      return
    }
    case 'prepare': {
      const run = await world.prepared(one.period).catch(unless(...notNow))
      if (run) runs.waiting.push(run.runId)
      return
    }
    case 'decide': {
      const [runId] = runs.waiting.splice(one.run, 1)
      if (!runId) return
      await world.approve(runId)
      if (one.isSent) {
        await world.release(runId)
        runs.sent.push(runId)
      } else await world.process.reject(releaser(), { runId, reason: '重做' })
      return
    }
    case 'reject': {
      const run = await world.prepared(one.period).catch(unless(...notNow))
      if (run) await world.process.reject(checker(), { runId: run.runId, reason: '重做' })
      return
    }
    case 'answer': {
      const runId = runs.sent[one.run]
      const lines = runId ? await world.lines({ runId }) : []
      if (!runId || lines.length === 0) return
      const rows = [`1,${one.row}`, `x${await world.parts.store.head()},成功,,`]
      await world.answer(runId, rows)
    }
  }
}

const notNow = ['run-already-open', 'later-run-undecided'] as const

function unless(...codes: readonly ErrorCode[]): (error: unknown) => null {
  return (error) => {
    if (error instanceof DomainError && codes.includes(error.code)) return null
    throw error
  }
}

/** By month, what is owed, and what was committed less what recoveries take back. */
async function balance(world: PaymentWorld) {
  const { store, owed } = world.parts
  const ordinal = await store.head()
  const [one] = await owed.owedAndCommitted({
    programmes: [dibao],
    division: officer().actor.division,
    throughMonth: month('2012-06'),
    kind: 'emergency',
    ordinal,
    admitted: ordinal,
    after: null,
    limit: 1,
  })
  const ledger = await naiveLedgerAt(store, ordinal)
  const totals = (items: readonly { monthFor: Month; amountFen: number }[]) => {
    const sums = new Map<Month, number>()
    for (const { monthFor, amountFen } of items)
      sums.set(monthFor, (sums.get(monthFor) ?? 0) + amountFen)
    return Object.fromEntries([...sums].filter(([, sum]) => sum !== 0).sort())
  }
  const all = { caseId: caseNumber(1), throughMonth: month('2013-01') }
  const taken = recoveryMonths(ledger, all).map(({ monthFor, ...of }) => ({
    monthFor,
    amountFen: -(of.outstandingFen + of.repaidFen + of.writtenOffFen),
  }))
  return { owed: totals(one?.owed ?? []), paid: totals([...(one?.committed ?? []), ...taken]) }
}
