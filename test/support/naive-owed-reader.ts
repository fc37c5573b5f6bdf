import type {
  CaseKey,
  LedgerProgress,
  OwedCase,
  OwedReader,
  OwedRequest,
  PayeeAccount,
} from '../../src/application/payment/ports.js'
import {
  coveredIn,
  headIn,
  holdsOf,
  openingOf,
  placeIn,
  spellsOf,
} from '../../src/domain/case/case.js'
import { type Case, factsOf } from '../../src/domain/case/facts.js'
import { owedPeriodsOf } from '../../src/domain/entitlement/timeline.js'
import type { LineItem } from '../../src/domain/payment-run/events.js'
import { accountOn, holdsIn, nobody, payeeOn } from '../../src/domain/person/person.js'
import { programmeHoldsIn } from '../../src/domain/policy/policy.js'
import { lastDayOf, type Month, monthsOf, previousMonth } from '../../src/domain/values/calendar.js'
import { isWithin } from '../../src/domain/values/division.js'
import type { CaseId, PersonId } from '../../src/domain/values/identifiers.js'
import { fen } from '../../src/domain/values/money.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { committedItems, type NaiveLedger, naiveLedgerAt, recoveryMonths } from './naive-ledger.js'
import { naiveOtherRuns } from './naive-other-runs.js'

/**
 * What is owed and committed, by folding the whole log for every question: slow, and nothing in
 * it is shared with the read model.
 */
export function createNaiveReader(
  store: EventStore,
): OwedReader & LedgerProgress & { readonly pages: () => number } {
  let pages = 0
  return {
    pages: () => pages,
    async owedAndCommitted(request) {
      pages += 1
      const ledger = await naiveLedgerAt(store, request.ordinal)
      const isInOtherRun = await naiveOtherRuns(store, request)
      return [...ledger.cases]
        .flatMap(([caseId, state]) => owedCase({ ledger, caseId, state, request }))
        .map((one) =>
          isInOtherRun(one.caseId)
            ? { ...one, holds: [...one.holds, 'other-county-run-open'] }
            : one,
        )
        .filter((one) => request.after === null || comesAfter(one, request.after))
        .sort((left, right) => (comesAfter(left, right) ? 1 : -1))
        .slice(0, request.limit)
    },
    knownOrdinal: () => store.head(),
    reassessedThrough: () => store.head(),
  }
}

function comesAfter(one: CaseKey, other: CaseKey): boolean {
  if (one.division !== other.division) return one.division > other.division
  return one.caseId > other.caseId
}

interface Asked {
  readonly ledger: NaiveLedger
  readonly caseId: CaseId
  readonly state: Case
  readonly request: OwedRequest
}

function owedCase({ ledger, caseId, state, request }: Asked): readonly OwedCase[] {
  const month = request.throughMonth
  const opening = openingOf(state)
  const place = placeIn(state, month)
  if (!opening || !place || !request.programmes.includes(opening.programme)) return []
  if (!isWithin(place.division, request.division)) return []
  const owed = owedItems(state, month)
  const committed = committedItems(ledger, { caseId, throughMonth: month })
  if (owed.length + committed.length === 0) return []
  const head = lastHead(state, month)
  const unfinished = opening.importId !== null && !ledger.finishedImports.has(opening.importId)
  return [
    {
      caseId,
      programme: opening.programme,
      division: place.division,
      urbanRural: place.urbanRural,
      payee: head && payeeAccount(ledger, { head, month }),
      covered: coveredIn(state, lastMonthOnRoll(state, month))
        .map(({ personId }) => personId)
        .sort(),
      owed,
      grants: grantsNewestFirst(state, month),
      committed,
      recovery: recoveryMonths(ledger, { caseId, throughMonth: month }),
      holds: [
        ...(unfinished ? ['unfinished import'] : []),
        ...caseHolds(state, month),
        ...personHolds(ledger, { head, month }),
        ...programmeHoldsIn(ledger.policy, {
          programme: opening.programme,
          division: place.division,
          month,
        }).map((hold) => hold.reason),
      ],
      lifeVerificationOverdue: false,
      reviewOverdue: false,
    },
  ]
}

function payeeAccount(
  { people }: NaiveLedger,
  { head, month }: { readonly head: PersonId; readonly month: Month },
): PayeeAccount {
  const on = lastDayOf(month)
  const payee = payeeOn(people.get(head) ?? nobody, on) ?? head
  const account = accountOn(people.get(payee) ?? nobody, on)
  return { payee, accountVersion: account?.accountVersion ?? null }
}

/** The head of the month, or of the last one before it in which the household had anybody. */
function lastHead(state: Case, month: Month): PersonId | null {
  const [first] = factsOf(state, 'MemberJoined')
    .map((fact) => fact.data.from)
    .sort()
  for (let at = month; first !== undefined && at >= first; at = previousMonth(at)) {
    const head = headIn(state, at)
    if (head !== undefined) return head
  }
  return null
}

/** The month asked for, or the last on the roll before it; off rolls, that of the last grant. */
function lastMonthOnRoll(state: Case, month: Month): Month {
  const ends = spellsOf(state)
    .filter((spell) => spell.from <= month && spell.from <= spell.to)
    .map((spell) => (spell.to < month ? spell.to : month))
  const grants = owedPeriodsOf(state)
    .filter(({ from, monthly }) => !monthly && from <= month)
    .map(({ from }) => from)
  return ends.sort().at(-1) ?? grants.sort().at(-1) ?? month
}

function caseHolds(state: Case, month: Month): readonly string[] {
  return holdsOf(state)
    .filter((hold) => hold.from <= month && month <= hold.to)
    .map((hold) => hold.reason)
}

function personHolds(
  { people }: NaiveLedger,
  at: { readonly head: PersonId | null; readonly month: Month },
): readonly string[] {
  if (at.head === null) return []
  const head = people.get(at.head) ?? nobody
  const payee = payeeOn(head, lastDayOf(at.month)) ?? at.head
  const persons = [...new Set([at.head, payee])].map((person) => people.get(person) ?? nobody)
  return persons.flatMap((person) => holdsIn(person, at.month).map((hold) => hold.reason))
}

function grantsNewestFirst(state: Case, throughMonth: Month): OwedCase['grants'] {
  return factsOf(state, 'SupplementGranted')
    .filter(({ data }) => data.measure === 'cash' && data.month <= throughMonth)
    .map(({ data: { amountFen, component, month: monthFor, persons } }) => ({
      monthFor,
      component,
      amountFen,
      persons,
    }))
    .toReversed()
}

/** Cash that no earlier source settled, month by month; persons of one component together. */
function owedItems(state: Case, throughMonth: Month): readonly LineItem[] {
  const items = new Map<string, LineItem>()
  for (const period of owedPeriodsOf(state)) {
    if (period.reported || period.measure !== 'cash' || period.from > throughMonth) continue
    const to = period.to < throughMonth ? period.to : throughMonth
    for (const monthFor of monthsOf({ from: period.from, to })) {
      const key = `${monthFor} ${period.component}`
      const amountFen = fen((items.get(key)?.amountFen ?? 0) + period.amountFen)
      items.set(key, { monthFor, component: period.component, amountFen })
    }
  }
  return [...items.values()]
}
