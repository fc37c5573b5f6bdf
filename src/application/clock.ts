import { DomainError } from '../domain/errors.js'
import { type Instant, instant } from '../domain/values/calendar.js'

/** Where the time comes from. A ledger lives on one kind for ever; its first event says which. */
export interface Clock {
  readonly kind: 'real' | 'simulated'
  now(): Instant
}

/** A clock that stands still until it is set. */
export interface SimulatedClock extends Clock {
  readonly kind: 'simulated'
  /** Refuses `clock-runs-forward-only`. */
  advanceTo(to: Instant): void
}

export const realClock: Clock = {
  kind: 'real',
  now: () => instant(new Date().toISOString()),
}

export function createSimulatedClock(start: Instant): SimulatedClock {
  let current = start
  return {
    kind: 'simulated',
    now: () => current,
    advanceTo(to) {
      if (to < current) throw new DomainError('clock-runs-forward-only', { now: current, to })
      current = to
    },
  }
}

/** The administrator's command. Refuses `clock-not-simulated` on the real clock. */
export function advanceClock(clock: Clock, to: Instant): void {
  if (!isSimulated(clock)) throw new DomainError('clock-not-simulated')
  clock.advanceTo(to)
}

export function isSimulated(clock: Clock): clock is SimulatedClock {
  return clock.kind === 'simulated'
}
