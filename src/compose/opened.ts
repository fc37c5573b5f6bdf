/** What was opened so far; it is ended the last first. */
export class Opened {
  readonly #ends: (() => Promise<void>)[] = []

  add(end: () => Promise<void>): void {
    this.#ends.push(end)
  }

  /** Ends all of it, also when one part can't be ended, and throws what that one threw. */
  async close(): Promise<void> {
    const errors: unknown[] = []
    for (const end of this.#ends.splice(0).reverse())
      await end().catch((error: unknown) => errors.push(error))
    if (errors.length > 0) throw errors[0]
  }
}
