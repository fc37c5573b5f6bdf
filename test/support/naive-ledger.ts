import { type Case, evolveCase, noCase } from '../../src/domain/case/facts.js'
import type { BankAnswer, LineItem, PaymentLine } from '../../src/domain/payment-run/events.js'
import { evolvePerson, nobody, type Person } from '../../src/domain/person/person.js'
import { evolvePolicy, noPolicy, type Policy } from '../../src/domain/policy/policy.js'
import type { RecoveryEvent } from '../../src/domain/recovery/events.js'
import type { RecoveryMonth } from '../../src/domain/recovery/months.js'
import type { Month } from '../../src/domain/values/calendar.js'
import { beforeFirst, CaseId, type Ordinal, PersonId } from '../../src/domain/values/identifiers.js'
import { fen } from '../../src/domain/values/money.js'
import { codec } from '../../src/event-store/codec.js'
import type { EventStore, StoredEvent } from '../../src/event-store/event-store.js'

/** Everything that a run looks at, folded anew from the first events up to an ordinal. */
export interface NaiveLedger {
  readonly cases: Map<CaseId, Case>
  readonly people: Map<PersonId, Person>
  readonly lines: Map<string, PaymentLine & { readonly runId: string }>
  readonly answers: Map<string, BankAnswer>
  readonly rejected: Set<string>
  readonly recoveries: Map<CaseId, RecoveryEvent[]>
  readonly finishedImports: Set<string>
  policy: Policy
}

export async function naiveLedgerAt(store: EventStore, ordinal: Ordinal): Promise<NaiveLedger> {
  const ledger: NaiveLedger = {
    cases: new Map(),
    people: new Map(),
    lines: new Map(),
    answers: new Map(),
    rejected: new Set(),
    recoveries: new Map(),
    finishedImports: new Set(),
    policy: noPolicy,
  }
  const events = await store.readAll({ after: beforeFirst, limit: ordinal + 1 })
  for (const event of events) take(ledger, event)
  return ledger
}

function take(ledger: NaiveLedger, stored: StoredEvent): void {
  const [kind = '', ...rest] = stored.stream.split('-')
  const id = rest.join('-')
  switch (kind) {
    case 'case': {
      const caseId = CaseId.parse(id)
      const state = ledger.cases.get(caseId) ?? noCase
      ledger.cases.set(caseId, evolveCase(state, codec.eventOf('case', stored)))
      return
    }
    case 'person': {
      const personId = PersonId.parse(id)
      const person = ledger.people.get(personId) ?? nobody
      ledger.people.set(personId, evolvePerson(person, codec.eventOf(kind, stored)))
      return
    }
    case 'programme':
    case 'standard':
    case 'division':
      ledger.policy = evolvePolicy(ledger.policy, codec.eventOf(kind, stored))
      return
    case 'recovery': {
      const caseId = CaseId.parse(id)
      const earlier = ledger.recoveries.get(caseId) ?? []
      ledger.recoveries.set(caseId, [...earlier, codec.eventOf(kind, stored)])
      return
    }
    default:
      takePayment(ledger, stored)
  }
}

function takePayment(ledger: NaiveLedger, stored: StoredEvent): void {
  switch (stored.type) {
    case 'PaymentLinesFrozen': {
      const { runId, lines } = codec.eventOf('paymentRunLines', stored).data
      for (const line of lines) ledger.lines.set(`${runId} ${line.line}`, { ...line, runId })
      return
    }
    case 'BankAnswersFiled': {
      const { runId, answers } = codec.eventOf('paymentRunAnswers', stored).data
      for (const answer of answers)
        if (!['duplicate', 'contradiction'].includes(answer.outcome))
          ledger.answers.set(`${runId} ${answer.line}`, answer)
      return
    }
    case 'PaymentRunRejected':
      ledger.rejected.add(stored.stream.slice('paymentRun-'.length))
      return
    case 'ImportCompleted':
      ledger.finishedImports.add(stored.stream.slice('import-'.length))
  }
}

/** What the unheld lines of runs not rejected say, less what did not arrive. */
export function committedItems(
  ledger: NaiveLedger,
  asked: { readonly caseId: CaseId; readonly throughMonth: Month },
): readonly LineItem[] {
  return [...ledger.lines].flatMap(([key, line]) => {
    if (line.caseId !== asked.caseId || line.heldFor !== null) return []
    if (ledger.rejected.has(line.runId)) return []
    const items = arrived(line, ledger.answers.get(key))
    return items.filter((item) => item.monthFor <= asked.throughMonth)
  })
}

function arrived(line: PaymentLine, answer: BankAnswer | undefined): readonly LineItem[] {
  if (answer === undefined || answer.outcome === 'credited') return line.items
  if (answer.outcome === 'returned') return []
  let missing = line.amountFen - answer.creditedFen
  return line.items
    .toReversed()
    .map((item) => {
      const back = Math.min(Math.max(item.amountFen, 0), missing)
      missing -= back
      return { ...item, amountFen: fen(item.amountFen - back) }
    })
    .toReversed()
}

/** How each month stands in the recoveries of a case, added up event by event. */
export function recoveryMonths(
  ledger: NaiveLedger,
  asked: { readonly caseId: CaseId; readonly throughMonth: Month },
): readonly RecoveryMonth[] {
  const months = new Map<
    Month,
    { found: number; repaid: number; writtenOff: number; kept: number }
  >()
  const of = (month: Month) => {
    const one = months.get(month) ?? { found: 0, repaid: 0, writtenOff: 0, kept: 0 }
    months.set(month, one)
    return one
  }
  for (const event of ledger.recoveries.get(asked.caseId) ?? []) {
    if (!('months' in event.data)) continue
    for (const { monthFor, amountFen } of event.data.months) {
      const month = of(monthFor)
      if (event.type === 'OverpaymentFound') month.found += amountFen
      else if (event.type === 'OverpaymentWithdrawn') month.found -= amountFen
      else if (event.type === 'RecoveryWrittenOff') month.writtenOff += amountFen
      else month.repaid += amountFen
    }
    if (event.type === 'OffsetApplied') of(event.data.month).kept += event.data.amountFen
  }
  return [...months]
    .filter(([month]) => month <= asked.throughMonth)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([monthFor, { found, kept, repaid, writtenOff }]) => ({
      monthFor,
      repaidFen: fen(repaid - kept),
      writtenOffFen: fen(writtenOff),
      outstandingFen: fen(found - repaid - writtenOff),
    }))
}
