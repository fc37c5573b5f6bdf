/** The adapter's own timers, all in milliseconds: the client's deadlines are not relied upon. */
export interface Timing {
  /** One call or one page of a read. */
  readonly callMilliseconds: number
  /** All that is tried until the outcome of an append or a read is known. */
  readonly settleMilliseconds: number
  /** Between two looks for what other processes wrote, while nobody here waits for more. */
  readonly pollMilliseconds: number
  /** For an old client or a whole store to end in order. */
  readonly disposeMilliseconds: number
  /** The first pause before trying again; it doubles, and is jittered. */
  readonly pauseMilliseconds: number
}

export const defaultTiming: Timing = {
  callMilliseconds: 5_000,
  settleMilliseconds: 30_000,
  pollMilliseconds: 25,
  disposeMilliseconds: 5_000,
  pauseMilliseconds: 20,
}

const longestPause = 1_000

/** A call whose answer did not come in time. What it did at the server is unknown. */
export class LateAnswer extends Error {
  constructor() {
    super('EventStoreDB gave no answer in time')
    this.name = 'LateAnswer'
  }
}

/** The work's result, or LateAnswer when it takes longer; a later result or error is dropped. */
export function inTime<Result>(work: Promise<Result>, milliseconds: number): Promise<Result> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new LateAnswer()), milliseconds)
    work.then(resolve, reject).finally(() => clearTimeout(timer))
  })
}

/** Full jitter before the n-th new attempt, so that many who failed together do not come so. */
export function pauseBefore(attempt: number, { pauseMilliseconds }: Timing): Promise<void> {
  const longest = Math.min(longestPause, pauseMilliseconds * 2 ** Math.min(attempt, 10))
  return new Promise((resolve) => setTimeout(resolve, Math.random() * longest))
}
