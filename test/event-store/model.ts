import fc from 'fast-check'
import { ordinal } from '../../src/domain/values/identifiers.js'
import type { Append, AppendOutcome } from '../../src/event-store/event-store.js'
import { anAppend, anEvent, requestHashOf } from '../support/appends.js'

interface Step {
  readonly stream: number
  readonly key: number
  readonly request: number
  readonly expected: number
  readonly events: number
}

/** Batches of appends to few streams with few keys, so that most rules are met. */
export const modelAppends = fc.array(
  fc.array(
    fc.record({
      stream: fc.integer({ min: 0, max: 2 }),
      key: fc.integer({ min: 0, max: 14 }),
      request: fc.integer({ min: 0, max: 5 }),
      expected: fc.integer({ min: -2, max: 4 }),
      events: fc.integer({ min: 1, max: 3 }),
    }),
    { minLength: 1, maxLength: 6 },
  ),
  { minLength: 1, maxLength: 5 },
)

/** A log as one would explain it: lengths of streams, and what each key was answered. */
export interface Model {
  readonly lengths: Map<string, number>
  readonly keys: Map<string, { readonly requestHash: string; readonly outcome: AppendOutcome }>
  head: number
  appendOf(step: Step): Append
}

export function emptyModel(name: string, head: number): Model {
  return {
    lengths: new Map(),
    keys: new Map(),
    head,
    appendOf: (step) =>
      anAppend({
        stream: `${name}-${step.stream}`,
        key: `${name}-${step.key}`,
        // Mostly the same request, so that replays are more frequent than reused keys.
        requestHash: requestHashOf(step.request === 0 ? 'another' : 'the same'),
        expected: expectedOf(step.expected),
        events: Array.from({ length: step.events }, (_, n) => anEvent({ n })),
      }),
  }
}

function expectedOf(number: number): Append['expected'] {
  if (number === -2) return 'exists'
  return number === -1 ? 'none' : number
}

/** What the append must be answered; the model is changed as the log is. */
export function applyToModel(model: Model, append: Append): AppendOutcome {
  const earlier = model.keys.get(append.key)
  if (earlier && earlier.requestHash !== append.requestHash) return { kind: 'key-reused' }
  if (earlier?.outcome.kind === 'appended') return { ...earlier.outcome, kind: 'replayed' }
  const version = (model.lengths.get(append.stream) ?? 0) - 1
  const expected = append.expected === 'none' ? -1 : append.expected
  const isMet = expected === 'exists' ? version >= 0 : expected === version
  if (!isMet) return { kind: 'conflict', actual: version < 0 ? 'none' : version }

  model.head += append.events.length
  model.lengths.set(append.stream, version + 1 + append.events.length)
  const outcome = {
    kind: 'appended' as const,
    version: version + append.events.length,
    ordinal: ordinal(model.head),
  }
  model.keys.set(append.key, { requestHash: append.requestHash, outcome })
  return outcome
}
