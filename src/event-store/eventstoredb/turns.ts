/** Lets those who share a name work one after the other, in the order they came. */
export class Turns {
  readonly #last = new Map<string, Promise<void>>()

  /** Waits until nobody before holds one of the names; call what it resolves to when done. */
  async take(names: readonly string[]): Promise<() => void> {
    const before = names.flatMap((name) => this.#last.get(name) ?? [])
    let done = () => {}
    const mine = new Promise<void>((resolve) => {
      done = resolve
    })
    for (const name of names) this.#last.set(name, mine)
    await Promise.all(before)
    return () => {
      done()
      for (const name of names) if (this.#last.get(name) === mine) this.#last.delete(name)
    }
  }
}

/** At most so many at once; others wait in order. */
export class Slots {
  readonly #waiting: (() => void)[] = []
  #free: number

  constructor(count: number) {
    this.#free = count
  }

  async use<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.#free > 0) this.#free -= 1
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    try {
      return await work()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free += 1
    }
  }
}
