import assert from 'node:assert/strict'
import { type Decider, fold } from '../../src/domain/decider.js'
import type { ErrorCode } from '../../src/domain/error-codes.js'
import { DomainError, type ErrorFacts } from '../../src/domain/errors.js'

/** What a decider answered to one command, to be compared with what it should have answered. */
export interface Outcome<Event> {
  /** Exactly these events, whole and in this order. */
  then(...events: readonly Event[]): void
  /** All was already so. */
  thenNothing(): void
  /** Refused with this code, and with these facts among its facts. */
  thenRefused(code: ErrorCode, facts?: ErrorFacts): void
  /** The events, for what can't be said as a literal. */
  events(): readonly Event[]
}

/** `given(decider, ...events).when(command).then(...events)`: a rule as one sentence. */
export function given<State, Command, Event>(
  decider: Decider<State, Command, Event>,
  ...history: readonly Event[]
): { when(command: Command): Outcome<Event>; state(): State } {
  const state = () => fold(decider, history)
  return { state, when: (command) => outcomeOf(() => decider.decide(command, state())) }
}

function outcomeOf<Event>(decide: () => readonly Event[]): Outcome<Event> {
  return {
    // biome-ignore lint/suspicious/noThenProperty: a test reads given, when, then
    then: (...events) => assert.deepEqual(decide(), events),
    thenNothing: () => assert.deepEqual(decide(), []),
    thenRefused: (code, facts = {}) => assertRefused(decide, code, facts),
    events: decide,
  }
}

/** Asserts that `act` throws a DomainError of this code with these facts among its facts. */
export function assertRefused(act: () => unknown, code: ErrorCode, facts: ErrorFacts = {}): void {
  assert.throws(act, (error) => {
    assert.ok(error instanceof DomainError, `not a refusal: ${String(error)}`)
    assert.equal(error.code, code)
    const among = Object.fromEntries(Object.keys(facts).map((key) => [key, error.facts[key]]))
    assert.deepEqual(among, facts)
    return true
  })
}
