/** A piece of work that nobody waits at the screen for. */
export interface Job {
  readonly kind: 'run' | 'mass'
  readonly openedAt: number
  secondsLeft: number
}

/**
 * One machine as one server of work: each kind was measured alone on it, so that whatever runs at
 * once shares it. What people wait for goes first, then runs, then mass decisions.
 */
export class Machine {
  #people = 0
  readonly #jobs: Job[] = []
  /** The longest from opening to end, in minutes. */
  readonly longestMinutes = { run: 0, mass: 0 }

  /** What a command that comes now waits for, in seconds. */
  get waitSeconds(): number {
    return this.#people
  }

  ask(seconds: number): void {
    this.#people += seconds
  }

  open(job: Job): void {
    this.#jobs.push(job)
    this.#jobs.sort((left, right) => rankOf(left) - rankOf(right) || left.openedAt - right.openedAt)
  }

  /** Works for a minute that begins at `now`. */
  workMinute(now: number): void {
    let left = 60
    const served = Math.min(left, this.#people)
    this.#people -= served
    left -= served
    while (left > 0) {
      const [job] = this.#jobs
      if (!job) return
      const done = Math.min(left, job.secondsLeft)
      job.secondsLeft -= done
      left -= done
      this.#note(job, now + 1)
      if (job.secondsLeft === 0) this.#jobs.shift()
    }
  }

  /** Counts what was never finished with all the time that it had. */
  stop(now: number): void {
    for (const job of this.#jobs) this.#note(job, now)
  }

  #note({ kind, openedAt }: Job, now: number): void {
    this.longestMinutes[kind] = Math.max(this.longestMinutes[kind], now - openedAt)
  }
}

function rankOf({ kind }: Job): number {
  return kind === 'run' ? 0 : 1
}
