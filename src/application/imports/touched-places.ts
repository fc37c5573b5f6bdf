import { placeIn } from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import type { Case } from '../../domain/case/facts.js'
import { endOfTime } from '../../domain/values/calendar.js'
import { ancestorAt, type DivisionCode, levelOf } from '../../domain/values/division.js'
import type { CaseId } from '../../domain/values/identifiers.js'
import { caseStream } from '../streams.js'
import type { StreamBook } from './stream-book.js'

/** Towns that an event names one by one. */
const townsAtMost = 200

/** Each place once, no smaller than a town; counties where there are too many towns to name. */
export function touchedPlaces(divisions: Iterable<DivisionCode>): DivisionCode[] {
  const towns = new Set<DivisionCode>()
  for (const code of divisions) towns.add(upTo('town', code))
  if (towns.size <= townsAtMost) return [...towns].sort()
  return [...new Set([...towns].map((code) => upTo('county', code)))].sort()
}

function upTo(level: 'town' | 'county', code: DivisionCode): DivisionCode {
  const own = levelOf(code)
  const isBelow = own === 'village' || (own === 'town' && level === 'county')
  return isBelow ? ancestorAt(code, level) : code
}

/** Where the cases of a plan are when it is written; one that a fault kept closed is nowhere. */
export function placesOfCases(
  cases: StreamBook<'case', Case, CaseCommand>,
  ids: Iterable<CaseId>,
): DivisionCode[] {
  return touchedPlaces(
    [...ids].flatMap((id) => placeIn(cases.stateOf(caseStream(id)), endOfTime)?.division ?? []),
  )
}
