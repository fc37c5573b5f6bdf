interface Waiting<Question, Answer> {
  readonly question: Question
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: unknown) => void
}

/** Asks at once what was asked while the answers to others were under way. */
export class AskedTogether<Question, Answer> {
  readonly #answer: (questions: readonly Question[]) => Promise<readonly Answer[]>
  #waiting: Waiting<Question, Answer>[] = []
  #isAsking = false

  /** `answer` gives one answer a question, in their order. */
  constructor(answer: (questions: readonly Question[]) => Promise<readonly Answer[]>) {
    this.#answer = answer
  }

  ask(question: Question): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ question, resolve, reject })
      if (!this.#isAsking) void this.#askAll()
    })
  }

  async #askAll(): Promise<void> {
    this.#isAsking = true
    while (this.#waiting.length > 0) {
      const asked = this.#waiting
      this.#waiting = []
      await this.#askOnce(asked)
    }
    this.#isAsking = false
  }

  async #askOnce(asked: readonly Waiting<Question, Answer>[]): Promise<void> {
    try {
      const answers = await this.#answer(asked.map(({ question }) => question))
      for (const [at, { reject, resolve }] of asked.entries()) {
        const answer = answers[at]
        if (answer === undefined) reject(new Error('a question had no answer'))
        else resolve(answer)
      }
    } catch (error) {
      for (const { reject } of asked) reject(error)
    }
  }
}
