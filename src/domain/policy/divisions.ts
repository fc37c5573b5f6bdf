import { DomainError } from '../errors.js'
import type { PlainDate } from '../values/calendar.js'
import { ancestorAt, type DivisionCode, isWithin, levelOf } from '../values/division.js'
import type { DivisionId } from '../values/identifiers.js'
import type { DivisionEvent } from './events.js'

/** A place under the code it was defined with; its names in the order they were learned. */
export interface Place {
  readonly divisionId: DivisionId
  readonly code: DivisionCode
  readonly from: PlainDate
  readonly names: readonly { readonly from: PlainDate; readonly nameZh: string }[]
}

/** From this date what stood under `code` stands under `into`. */
export interface Merger {
  readonly from: PlainDate
  readonly code: DivisionCode
  readonly into: DivisionCode
}

/** The tree of places with its history. */
export interface Divisions {
  readonly places: readonly Place[]
  readonly mergers: readonly Merger[]
}

export function evolveDivisions(divisions: Divisions, event: DivisionEvent): Divisions {
  switch (event.type) {
    case 'DivisionDefined': {
      const { divisionId, code, from, nameZh } = event.data
      const place = { divisionId, code, from, names: [{ from, nameZh }] }
      return { ...divisions, places: [...divisions.places, place] }
    }
    case 'DivisionRenamed':
      return { ...divisions, places: divisions.places.map((place) => renamed(place, event.data)) }
    case 'DivisionMerged': {
      const place = divisions.places.find((known) => known.divisionId === event.data.divisionId)
      if (!place) return divisions
      const merger = { from: event.data.from, code: place.code, into: event.data.into }
      return { ...divisions, mergers: [...divisions.mergers, merger] }
    }
  }
}

function renamed(
  place: Place,
  name: { readonly divisionId: DivisionId; readonly from: PlainDate; readonly nameZh: string },
): Place {
  if (place.divisionId !== name.divisionId) return place
  return { ...place, names: [...place.names, { from: name.from, nameZh: name.nameZh }] }
}

/** The place that stands under a code on a date; undefined when none does or it has merged away. */
export function placeOn(
  divisions: Divisions,
  at: { readonly division: DivisionCode; readonly on: PlainDate },
): Place | undefined {
  if (codeOn(divisions, at) !== at.division) return undefined
  return divisions.places.findLast((place) => place.code === at.division && place.from <= at.on)
}

/** Refuses a code under which no place stands on that date: 'division-unknown'. */
export function assertDivision(
  divisions: Divisions,
  at: { readonly division: DivisionCode; readonly on: PlainDate },
): void {
  if (placeOn(divisions, at)) return
  const stands = codeOn(divisions, at)
  const facts = { division: at.division, on: at.on }
  if (stands === at.division) throw new DomainError('division-unknown', facts)
  throw new DomainError('division-unknown', { ...facts, mergedInto: stands })
}

/** What the place was called on that date. Errors: 'division-unknown'. */
export function divisionNameOn(
  divisions: Divisions,
  at: { readonly division: DivisionCode; readonly on: PlainDate },
): string {
  const place = divisions.places.findLast(
    (known) => known.code === at.division && known.from <= at.on,
  )
  if (!place) throw new DomainError('division-unknown', { division: at.division, on: at.on })
  const name = place.names.reduce((latest, next) =>
    next.from <= at.on && next.from >= latest.from ? next : latest,
  )
  return name.nameZh
}

/**
 * The code under which something once filed under `division` stands on a date: mergers of the
 * place itself are followed, and those of the places above it.
 */
export function codeOn(
  divisions: Divisions,
  at: { readonly division: DivisionCode; readonly on: PlainDate },
): DivisionCode {
  if (divisions.mergers.length === 0) return at.division
  const seen = new Set<string>()
  let code = at.division
  while (!seen.has(code)) {
    seen.add(code)
    code = mergerOf(divisions, { division: code, on: at.on })?.into ?? code
  }
  return code
}

const levelsUpwards = ['village', 'town', 'county', 'city', 'province'] as const

function mergerOf(
  divisions: Divisions,
  at: { readonly division: DivisionCode; readonly on: PlainDate },
): Merger | undefined {
  for (const level of levelsUpwards.slice(levelsUpwards.indexOf(levelOf(at.division)))) {
    const code = ancestorAt(at.division, level)
    const merger = divisions.mergers.findLast((one) => one.code === code && one.from <= at.on)
    if (merger) return merger
  }
  return undefined
}

/**
 * Every code that counts to a subtree as it is asked of a date, sorted: the codes inside it by
 * then, with those that were merged into it and without those that were merged away.
 * Errors: 'division-unknown'.
 */
export function codesWithin(
  divisions: Divisions,
  asked: { readonly division: DivisionCode; readonly on: PlainDate },
): readonly DivisionCode[] {
  assertDivision(divisions, asked)
  const codes = divisions.places
    .filter((place) => place.from <= asked.on)
    .filter((place) => {
      const stands = codeOn(divisions, { division: place.code, on: asked.on })
      return isWithin(stands, asked.division)
    })
    .map((place) => place.code)
  return [...new Set(codes)].sort()
}
