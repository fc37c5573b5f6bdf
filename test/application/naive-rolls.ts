import type { RollCase, RollReader } from '../../src/application/bulk/roll-reader.js'
import { coveredIn, isOnRoll, openingOf, placeIn, spellsOf } from '../../src/domain/case/case.js'
import { type Case, factsOf } from '../../src/domain/case/facts.js'
import { endOfTime, month } from '../../src/domain/values/calendar.js'
import { isWithin } from '../../src/domain/values/division.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { naiveLedgerAt } from '../support/naive-ledger.js'
import { amount, division, document, programme } from '../support/policy.js'
import { caseOnRoll, ready, type Setting, someone } from './setting.js'

/** Rolls read from the log itself, folded anew each time; no read model is behind. */
export function createNaiveRolls(store: EventStore): RollReader {
  const rolls: RollReader = {
    async casesOnRoll({ programmes, division, month, ordinal, afterCaseId, limit }) {
      const known = await naiveLedgerAt(store, ordinal)
      const now = await naiveLedgerAt(store, await store.head())
      const cases = [...known.cases].flatMap(([caseId, state]): readonly RollCase[] => {
        const programme = openingOf(state)?.programme
        const place = placeIn(state, month)
        if (!programme || !place || !programmes.includes(programme)) return []
        if (!isWithin(place.division, division) || !isOnRoll(state, month)) return []
        const persons = coveredIn(state, month).map(({ personId }) => personId)
        return [{ caseId, programme, ...place, persons, state: now.cases.get(caseId) ?? state }]
      })
      return cases
        .sort((left, right) => (left.caseId < right.caseId ? -1 : 1))
        .filter(({ caseId }) => afterCaseId === null || caseId > afterCaseId)
        .slice(0, limit)
    },
    async casesWithRetractedLeaving({ programmes, division, afterCaseId, limit }) {
      const { cases } = await naiveLedgerAt(store, await store.head())
      return [...cases]
        .flatMap(([caseId, state]) => {
          const programme = openingOf(state)?.programme
          const place = placeIn(state, endOfTime)
          if (!programme || !place || !programmes.includes(programme)) return []
          if (!isWithin(place.division, division)) return []
          if (!state.retractions.some(({ fact }) => fact.type === 'MemberLeft')) return []
          return [{ caseId, programme, ...place, state }]
        })
        .sort((left, right) => (left.caseId < right.caseId ? -1 : 1))
        .filter(({ caseId }) => afterCaseId === null || caseId > afterCaseId)
        .slice(0, limit)
    },
    async laterEntries({ programmes, division, month, ordinal }) {
      const { cases } = await naiveLedgerAt(store, ordinal)
      const months = [...cases.values()].flatMap((state) => {
        const programme = openingOf(state)?.programme
        if (!programme || !programmes.includes(programme)) return []
        const starts = spellsOf(state).map(({ from }) => from)
        return starts.filter((from) => {
          const place = placeIn(state, from)
          return from > month && place && isWithin(place.division, division)
        })
      })
      return [...new Set(months)].sort()
    },
    async personsOnRoll(roll, persons) {
      const cases = await rolls.casesOnRoll({ ...roll, afterCaseId: null, limit: 1_000_000 })
      const onRoll = new Set(cases.flatMap((on) => on.persons))
      return new Set(persons.filter((person) => onRoll.has(person)))
    },
  }
  return rolls
}

/** An application whose bulk decisions read the log itself. */
export async function bulk(store?: EventStore) {
  const parts = await ready(store)
  return { ...parts, rolls: createNaiveRolls(parts.store) }
}

export const county = division('990107')

/** A price subsidy of 83 yuan a month for who is on one of two rolls at the end of a quarter. */
export const quarter = {
  decisionId: 'q1',
  from: month('2012-01'),
  to: month('2012-03'),
  division: county,
  method: { kind: 'fixed-monthly', amountFen: amount(8300) },
  programmes: [programme('urban-dibao'), programme('survivors')],
  reference: 'on-roll-at-end',
  document: document('价〔2012〕1号'),
  basis: { kind: 'document' },
} as const

/** Two persons in one household on the urban roll, one of them also on the survivors' roll. */
export async function twoRolls(parts: Setting) {
  const [both, urbanOnly, survivorOnly] = [
    await someone(parts),
    await someone(parts),
    await someone(parts),
  ]
  const urban = await caseOnRoll(parts, [both, urbanOnly])
  const survivors = await caseOnRoll(parts, [both], 'survivors')
  const other = await caseOnRoll(parts, [survivorOnly], 'survivors')
  return { both, urbanOnly, survivorOnly, urban, survivors, other }
}

export const supplementsOf = (state: Case) =>
  factsOf(state, 'SupplementGranted').map(({ data }) => ({
    month: data.month,
    amountFen: data.amountFen,
    persons: data.persons,
  }))
