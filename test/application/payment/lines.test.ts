import t from 'tap'
import { createPaymentProcess } from '../../../src/application/payment/payment-process.js'
import type { OwedCase, OwedReader } from '../../../src/application/payment/ports.js'
import { storedChunks } from '../../../src/application/payment/run-lines.js'
import { month } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import type { EventStore } from '../../../src/event-store/event-store.js'
import { canonicalJson } from '../../../src/integrity/canonical-json.js'
import { county, dibao, village, yuan } from '../../support/case-world.js'
import { caseNumber, head } from './county-world.js'
import { checker, createPaymentWorld, officer } from './payment-world.js'

const base = ComponentName.parse('base')
const may = month('2012-05')

/** So many cases, each made when its page is asked for. */
function manyCases(count: number, amount = 100): OwedReader {
  return {
    async owedAndCommitted({ after, limit }) {
      const start = after === null ? 1 : Number(after.caseId.slice(-12)) - 100_000 + 1
      const size = Math.max(0, Math.min(limit, count - start + 1))
      return Array.from({ length: size }, (_, at) => owedCase(start + at, amount))
    },
  }
}

function owedCase(number: number, amount: number): OwedCase {
  return {
    caseId: caseNumber(number),
    programme: dibao,
    division: village,
    urbanRural: 'urban',
    payee: { payee: head(number), accountVersion: 1 },
    covered: [head(number)],
    owed: [{ monthFor: may, component: base, amountFen: yuan(amount + (number % 7)) }],
    grants: [],
    committed: [],
    recovery: [],
    holds: number % 10 === 0 ? ['待核实'] : [],
    lifeVerificationOverdue: false,
    reviewOverdue: number % 20 === 0,
  }
}

async function crowd(count: number) {
  const world = await createPaymentWorld({ parts: { owed: manyCases(count) } })
  return { world, run: await world.open('2012-05') }
}

/** The process ends at the n-th append of lines: before it is stored, or just after. */
function endingAt(store: EventStore, end: { readonly append: number; readonly stored: boolean }) {
  let appends = 0
  const append: EventStore['append'] = async (batch) => {
    appends += 1
    const ends = appends === end.append
    if (!ends || end.stored) {
      const outcomes = await store.append(batch)
      if (!ends) return outcomes
    }
    throw new Error('the process ended')
  }
  return new Proxy(store, {
    get: (target, key) =>
      key === 'append'
        ? append
        : (Reflect.get(target, key).bind?.(target) ?? Reflect.get(target, key)),
  })
}

t.test('a crash between chunks resumes with the same digest', async (t) => {
  const whole = await crowd(4000)
  await whole.world.process.prepare(officer(), whole.run)
  const [, expected] = await whole.world.runEvents(whole.run.runId)
  for (const end of [
    { append: 1, stored: true },
    { append: 2, stored: false },
    { append: 3, stored: true },
  ]) {
    const { world, run } = await crowd(4000)
    const store = endingAt(world.parts.store, end)
    const crashing = createPaymentProcess({ ...world.parts, store })
    await t.rejects(crashing.prepare(officer(), run), /the process ended/)
    await t.rejects(world.open('2012-06'), { code: 'earlier-run-unsettled' })
    await world.process.prepare(checker(), run)
    const [, prepared] = await world.runEvents(run.runId)
    const by = checker().actor.sub
    t.same(prepared, expected && { ...expected, data: { ...expected.data, by } })
    t.equal((await world.parts.store.readStream(`paymentRunLines-${run.runId}-0`)).length, 1)
  }
})

t.test(
  'lines are numbered, sorted, totalled, and cut into chunks that the log takes',
  async (t) => {
    const { world, run } = await crowd(1500)
    await world.process.prepare(officer(), run)
    let number = 0
    let chunks = 0
    const sums = { lineCount: 0, totalFen: 0, heldCount: 0, heldFen: 0 }
    for await (const lines of storedChunks(world.parts.store, run.runId)) {
      chunks += 1
      t.ok(canonicalJson(lines).length < world.parts.store.limits.eventBytes)
      for (const line of lines) {
        number += 1
        if (line.line !== number || line.caseId !== caseNumber(number)) t.fail(`line ${number}`)
        sums[line.heldFor === null ? 'lineCount' : 'heldCount'] += 1
        sums[line.heldFor === null ? 'totalFen' : 'heldFen'] += line.amountFen
        if (number === 20) t.equal(line.heldFor, 'review-overdue; 待核实')
      }
    }
    const [, prepared] = await world.runEvents(run.runId)
    t.match(prepared?.data, { ...sums, chunks, lineCount: 1350, heldCount: 150 })
    t.ok(chunks > 3)
  },
)

t.test('a preview says the totals and writes nothing', async (t) => {
  const { world, run } = await crowd(2700)
  const before = await world.parts.store.head()
  const seen: number[] = []
  const onProgress = (progress: { readonly cases: number }) => void seen.push(progress.cases)
  const preview = await world.process.previewOpened(officer(), { runId: run.runId, onProgress })
  t.equal(await world.parts.store.head(), before)
  t.equal(seen.at(-1), 2700)
  t.ok(seen.length > 2, 'other work of the process comes in between')
  await world.process.prepare(officer(), run)
  const [, prepared] = await world.runEvents(run.runId)
  const { overpaidCases, ...totals } = preview
  t.match(prepared?.data, totals)
  t.equal(overpaidCases, 0)
  const asked = { kind: 'regular' as const, programmes: [dibao], division: county, period: may }
  t.match(await world.process.preview(officer(), asked), totals)
})

t.test('lines derived again are the stored ones, byte for byte', async (t) => {
  const { world, run } = await crowd(1200)
  await world.process.prepare(officer(), run)
  const [, prepared] = await world.runEvents(run.runId)
  const comparison = await world.process.verify(officer(), run)
  t.match(comparison, { lines: 1200, digestAsPrepared: true, firstDifference: null })
  t.match(prepared?.data, { linesDigest: comparison.linesDigest })
})

t.test(
  'the first line that is not what was stored is named, and nothing is replaced',
  async (t) => {
    const { world, run } = await crowd(600)
    await world.process.prepare(officer(), run)
    const before = await world.parts.store.head()
    const compared = (owed: OwedReader) =>
      createPaymentProcess({ ...world.parts, owed }).verify(officer(), run)
    const other = await compared(manyCases(600, 101))
    t.match(other, { digestAsPrepared: false, firstDifference: { line: 1 } })
    t.match(other.firstDifference?.stored, /"amountFen":10100/)
    t.match(other.firstDifference?.derived, /"amountFen":10200/)
    t.match(await compared(manyCases(599)), { firstDifference: { line: 600, derived: null } })
    t.match(await compared(manyCases(601)), { firstDifference: { line: 601, stored: null } })
    t.equal(await world.parts.store.head(), before)
  },
)

t.test('a run that was frozen otherwise than it is derived now is not gone on with', async (t) => {
  const { world, run } = await crowd(400)
  const store = endingAt(world.parts.store, { append: 1, stored: true })
  const crashing = createPaymentProcess({ ...world.parts, store })
  await t.rejects(crashing.prepare(officer(), run), /the process ended/)
  const changed = createPaymentProcess({ ...world.parts, owed: manyCases(400, 90) })
  await t.rejects(changed.prepare(officer(), run), { code: 'run-lines-differ' })
  await world.process.reject(checker(), { runId: run.runId, reason: '重算' })
  t.equal((await world.open('2012-05')).number, 2)
})

t.test('a run of nobody has no lines and no chunks', async (t) => {
  const { world, run } = await crowd(0)
  await world.process.prepare(officer(), run)
  const [, prepared] = await world.runEvents(run.runId)
  t.match(prepared?.data, { lineCount: 0, heldCount: 0, totalFen: 0, chunks: 0 })
  t.match(await world.process.verify(officer(), run), { firstDifference: null })
})
