import type { Caller } from '../../../src/application/caller.js'
import { BankLayout } from '../../../src/application/payment/bank-layout.js'
import type { OpenRun } from '../../../src/application/payment/open-run.js'
import type { PaymentParts } from '../../../src/application/payment/parts.js'
import { createPaymentProcess } from '../../../src/application/payment/payment-process.js'
import { createPolicyReader } from '../../../src/application/policy-reader.js'
import { payerStream } from '../../../src/application/streams.js'
import type { PaymentLine, RunParameters } from '../../../src/domain/payment-run/events.js'
import { month } from '../../../src/domain/values/calendar.js'
import type { RunId } from '../../../src/domain/values/identifiers.js'
import { fen } from '../../../src/domain/values/money.js'
import { codec, type EventOfKind } from '../../../src/event-store/codec.js'
import type { EventStore } from '../../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../../src/event-store/in-memory.js'
import { county, dibao, yuan } from '../../support/case-world.js'
import { naiveLedgerAt } from '../../support/naive-ledger.js'
import { createNaiveReader } from '../../support/naive-owed-reader.js'
import { callerOf, createSetting } from '../setting.js'
import { csvAnswers, layoutFile } from './answer-layouts.js'
import { CountyWorld, caseNumber } from './county-world.js'

export const officer = (key?: string) => callerOf({ sub: 'officer-1', ...(key ? { key } : {}) })
export const checker = () => callerOf({ sub: 'checker-1' })
export const releaser = () => callerOf({ sub: 'releaser-1' })

/** One county with a village, its payment process, and a reader that folds the log each time. */
export async function createPaymentWorld(
  given: { readonly allocatedYuan?: number; readonly parts?: Partial<PaymentParts> } = {},
) {
  const store = createInMemoryEventStore()
  const setting = createSetting(store)
  const reader = createNaiveReader(store)
  const policies = createPolicyReader(store)
  const parts: PaymentParts = {
    ...setting,
    policies,
    owed: reader,
    progress: reader,
    accounts: {
      openAccounts: async (references) =>
        references.map(({ payee, accountVersion }) => ({
          holder: `户主${payee.slice(-4)}`,
          account: `6222${payee.slice(-8)}${accountVersion}`,
          bank: '农商行',
        })),
    },
    paid: { paidByRun: async ({ runId }) => paidByRun(store, runId) },
    bankLayouts: new Map(
      ['delimited-utf8', 'fixed-gb18030'].map((name) => [
        name,
        BankLayout.parse(layoutFile(`payments/${name}`)),
      ]),
    ),
    answerLayouts: new Map([[csvAnswers.name, csvAnswers]]),
    ...given.parts,
  }
  const world = new PaymentWorld(parts)
  await world.legislate()
  await world.allocate(yuan(given.allocatedYuan ?? 10_000_000))
  return world
}

export class PaymentWorld extends CountyWorld {
  readonly parts: PaymentParts
  readonly process: ReturnType<typeof createPaymentProcess>

  constructor(parts: PaymentParts) {
    super(parts)
    this.parts = parts
    this.process = createPaymentProcess(parts)
  }

  open(period: string, over: Partial<OpenRun> = {}, caller: Caller = officer()) {
    const asked = { kind: 'regular' as const, programmes: [dibao], division: county, ...over }
    return this.process.open(caller, { period: month(period), ...asked })
  }

  /** Opened, prepared: what the lines say is committed from here on. */
  async prepared(period: string, over: Partial<OpenRun> = {}): Promise<RunParameters> {
    const run = await this.open(period, over)
    await this.process.prepare(officer(), { runId: run.runId })
    return run
  }

  /** Through to the bank. */
  async paid(period: string, over: Partial<OpenRun> = {}): Promise<RunParameters> {
    const run = await this.prepared(period, over)
    await this.approve(run.runId)
    await this.release(run.runId)
    return run
  }

  async approve(runId: RunId): Promise<number> {
    await this.process.submit(officer(), runId)
    return (await this.process.approve(checker(), { runId })).recoveries
  }

  async release(runId: RunId, name = 'delimited-utf8') {
    const pieces: Uint8Array[] = []
    const sink = { write: async (bytes: Uint8Array) => void pieces.push(bytes) }
    const file = await this.process.release(releaser(), { runId, layout: name, sink })
    return { ...file, bytes: Buffer.concat(pieces) }
  }

  answer(runId: RunId, rows: readonly string[]) {
    const bytes = Buffer.from(['序号,结果,金额,说明', ...rows, ''].join('\n'))
    return this.process.recordAnswers(officer(), { runId, layout: csvAnswers.name, bytes })
  }

  async lines({ runId }: { readonly runId: RunId }): Promise<readonly PaymentLine[]> {
    const { lines } = await naiveLedgerAt(this.parts.store, await this.parts.store.head())
    return [...lines.values()].filter((line) => line.runId === runId)
  }

  /** `month component yuan` of every item of a run, line by line. */
  async items(run: { readonly runId: RunId }): Promise<readonly string[]> {
    return (await this.lines(run)).flatMap((line) =>
      line.items.map((item) => `${item.monthFor} ${item.component} ${item.amountFen / 100}`),
    )
  }

  async recovered(number: number): Promise<readonly string[]> {
    const stored = await this.parts.store.readStream(`recovery-${caseNumber(number)}`)
    return stored.flatMap((event) => {
      const found = codec.eventOf('recovery', event)
      if (found.type !== 'OverpaymentFound' && found.type !== 'OverpaymentWithdrawn') return []
      const sign = found.type === 'OverpaymentFound' ? 1 : -1
      return found.data.months.map((one) => `${one.monthFor} ${(sign * one.amountFen) / 100}`)
    })
  }

  async runEvents(runId: RunId): Promise<readonly EventOfKind<'paymentRun'>[]> {
    const stored = await this.parts.store.readStream(`paymentRun-${runId}`)
    return stored.map((event) => codec.eventOf('paymentRun', event))
  }

  payerEvents() {
    return this.parts.store.readStream(payerStream(county).name)
  }
}

async function paidByRun(store: EventStore, runId: RunId) {
  const { lines, answers } = await naiveLedgerAt(store, await store.head())
  let releasedFen = 0
  let returnedFen = 0
  for (const [key, line] of lines) {
    if (line.runId !== runId || line.heldFor !== null) continue
    releasedFen += line.amountFen
    const answer = answers.get(key)
    if (answer) returnedFen += line.amountFen - answer.creditedFen
  }
  return { releasedFen: fen(releasedFen), returnedFen: fen(returnedFen) }
}
