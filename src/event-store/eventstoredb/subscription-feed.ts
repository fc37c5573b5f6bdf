import type { AllStreamResolvedEvent, AllStreamSubscription } from '@eventstore/db-client'

/** Past so many events that wait the server is asked to pause. */
const mostWaiting = 2000

/** A subscription's events in portions. Its error, its end and its close are all one: a drop. */
export class SubscriptionFeed {
  readonly #subscription: AllStreamSubscription
  #waiting: AllStreamResolvedEvent[] = []
  #dropped: string | undefined
  #failure: Error | undefined
  #wake = () => {}

  constructor(subscription: AllStreamSubscription) {
    this.#subscription = subscription
    subscription.on('data', (event) => {
      this.#waiting.push(event)
      if (this.#waiting.length >= mostWaiting) subscription.pause()
      this.#wake()
    })
    subscription.on('error', (error) => {
      this.#failure ??= error
      this.#drop('error')
    })
    subscription.on('end', () => this.#drop('end'))
    subscription.on('close', () => this.#drop('close'))
  }

  /** Why the feed has nothing more, or undefined while it may. */
  get dropped(): string | undefined {
    return this.#dropped
  }

  get failure(): Error | undefined {
    return this.#failure
  }

  /** What came since; empty after so long without anything, or when dropped. */
  async next(milliseconds: number): Promise<readonly AllStreamResolvedEvent[]> {
    if (this.#waiting.length === 0 && this.#dropped === undefined)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    const events = this.#waiting
    this.#waiting = []
    if (events.length >= mostWaiting) this.#subscription.resume()
    return events
  }

  /** Ends it, also when the server does not listen any more. */
  stop(): void {
    this.#drop('stopped')
    this.#subscription.unsubscribe().catch(() => undefined)
    this.#subscription.destroy()
  }

  #drop(reason: string): void {
    this.#dropped ??= reason
    this.#wake()
  }
}
