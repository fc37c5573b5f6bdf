import { type Instant, instant } from '../../domain/values/calendar.js'
import { clockToleranceMilliseconds } from '../prepared-append.js'

/**
 * What is known of the server's clock: EventStoreDB tells it only in the events that it stored. An
 * event that was seen says that it is at least so late; one that this process had stored, how late
 * it was at most when the append was sent. In between nothing is refused.
 */
export class ServerClock {
  readonly #isReal: boolean
  #earliest: number | undefined
  #latest: number | undefined

  constructor(clock: 'real' | 'simulated') {
    this.#isReal = clock === 'real'
  }

  saw(createdMilliseconds: number): void {
    this.#earliest = createdMilliseconds - performance.now()
  }

  stored(createdMilliseconds: number, sentAt: number): void {
    this.#latest = createdMilliseconds - sentAt
  }

  /** The server's clock where `recorded` is too far from it; undefined where it may be right. */
  refuses(recorded: Instant): Instant | undefined {
    if (!this.#isReal) return undefined
    const claimed = Date.parse(recorded)
    const earliest = (this.#earliest ?? Number.NEGATIVE_INFINITY) + performance.now()
    const latest = (this.#latest ?? Number.POSITIVE_INFINITY) + performance.now()
    if (claimed < earliest - clockToleranceMilliseconds) return instantOf(earliest)
    if (claimed > latest + clockToleranceMilliseconds) return instantOf(latest)
    return undefined
  }
}

function instantOf(milliseconds: number): Instant {
  return instant(new Date(milliseconds).toISOString())
}
