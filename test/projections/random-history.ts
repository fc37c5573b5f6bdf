import { randomCases } from './random-cases.js'
import { parametersOf, randomRun } from './random-payments.js'
import { policyEvents, randomPerson } from './random-people.js'
import {
  payerEvents,
  randomPolicy,
  randomRecovery,
  registeredExamples,
} from './random-registers.js'
import type { Random, Written } from './written-events.js'

export interface HistorySize {
  readonly cases: number
  readonly caseEvents: number
  readonly runs: number
  readonly people: number
}

/** A whole ledger: policy, then cases, runs, people, recoveries and registers, mixed. */
export function randomHistory(random: Random, size: HistorySize): Written[] {
  const { cases, caseEvents, runs, people } = size
  return [
    ...policyEvents(),
    ...mixed(
      [
        randomCases(random, { cases, events: caseEvents }),
        Array.from({ length: runs }, (_, at) => randomRun(at, random, cases)).flat(),
        Array.from({ length: people }, (_, at) => randomPerson(at, random)).flat(),
        Array.from({ length: 4 }, (_, at) => randomRecovery(at, random)).flat(),
        randomPolicy(random),
        payerEvents(parametersOf(0)),
        registeredExamples(),
      ],
      random,
    ),
  ]
}

/** Everything mixed, the order within each part kept. */
function mixed(parts: readonly (readonly Written[])[], random: Random): Written[] {
  const waiting = parts.map((part) => [...part]).filter((part) => part.length > 0)
  const written: Written[] = []
  while (waiting.length > 0) {
    const at = random.below(waiting.length)
    const part = waiting[at]
    const next = part?.shift()
    if (next) written.push(next)
    if (part?.length === 0) waiting.splice(at, 1)
  }
  return written
}
