import { remembered } from '../remembered.js'
import type { ActorId } from '../values/identifiers.js'
import type { CaseEvent } from './events.js'

type Decision = Extract<CaseEvent, { type: 'BenefitGranted' | 'BenefitAdjusted' }>
type WithoutWorkings<Event> = Event extends { type: infer Type; data: infer Data }
  ? { readonly type: Type; readonly data: Omit<Data, 'workings'> }
  : never

/** An event as the state keeps it: workings stay in the log, where `explain` reads them. */
export type KeptEvent = Exclude<CaseEvent, Decision> | WithoutWorkings<Decision>

/** A fact that stands, with the version of its event in the stream. */
export type CaseFact = KeptEvent & { readonly version: number }

export interface Retraction {
  /** Of the event that retracts. */
  readonly version: number
  readonly by: ActorId
  /** What counts no longer. */
  readonly fact: CaseFact
}

/** A case is what was said of it and not retracted; everything else is derived month by month. */
export interface Case {
  /** Version of the last event; -1 before the first. */
  readonly version: number
  readonly facts: readonly CaseFact[]
  /** Who said that a fact counts no longer: what is decided then rests on their word. */
  readonly retractions: readonly Retraction[]
}

export const noCase: Case = { version: -1, facts: [], retractions: [] }

export function evolveCase(state: Case, event: CaseEvent): Case {
  const version = state.version + 1
  if (event.type === 'FactRetracted') {
    const { by, retractsVersion } = event.data
    const gone = state.facts.filter((fact) => fact.version === retractsVersion)
    const facts = state.facts.filter((fact) => fact.version !== retractsVersion)
    const said = gone.map((fact): Retraction => ({ version, by, fact }))
    return { version, facts, retractions: [...state.retractions, ...said] }
  }
  return { ...state, version, facts: [...state.facts, kept(event, version)] }
}

function kept(event: CaseEvent, version: number): CaseFact {
  if (event.type === 'BenefitGranted') {
    const { workings: _, ...data } = event.data
    return { type: event.type, data, version }
  }
  if (event.type === 'BenefitAdjusted') {
    const { workings: _, ...data } = event.data
    return { type: event.type, data, version }
  }
  return { ...event, version }
}

export type FactOf<Type extends CaseEvent['type']> = Extract<CaseFact, { type: Type }>

/** The standing facts of one type, in the order they were recorded. */
export function factsOf<Type extends CaseEvent['type']>(
  state: Case,
  type: Type,
): readonly FactOf<Type>[] {
  const facts = factsByType(state).get(type) ?? []
  return facts.filter((fact): fact is FactOf<Type> => fact.type === type)
}

const factsByType = remembered((state: Case) => {
  const byType = new Map<CaseEvent['type'], CaseFact[]>()
  for (const fact of state.facts) {
    const same = byType.get(fact.type)
    if (same) same.push(fact)
    else byType.set(fact.type, [fact])
  }
  return byType
})
