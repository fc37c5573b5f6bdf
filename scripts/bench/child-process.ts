import { type ChildProcess, fork } from 'node:child_process'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A process of the bench's own that answers one question after another. */
export class BenchChild {
  readonly #child: ChildProcess

  constructor(name: 'http-load-child' | 'month-run-child') {
    // The same file compiled or not, as this one is.
    const extension = extname(fileURLToPath(import.meta.url))
    const file = fileURLToPath(new URL(`./${name}${extension}`, import.meta.url))
    this.#child = fork(file, { serialization: 'advanced' })
  }

  /** What the process answers; rejects when it ends instead. One question at a time. */
  ask(question: object): Promise<unknown> {
    const child = this.#child
    return new Promise((resolve, reject) => {
      const ended = (code: number | null) => reject(new Error(`a bench process ended: ${code}`))
      child.once('exit', ended)
      child.once('message', (answer) => {
        child.off('exit', ended)
        resolve(answer)
      })
      child.send(question)
    })
  }

  close(): Promise<void> {
    const child = this.#child
    if (!child.connected) return Promise.resolve()
    return new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.disconnect()
    })
  }
}

/** Answers every question of the process that started this one, and ends with it. */
export function answerParent(answer: (question: unknown) => Promise<object>): void {
  process.on('message', async (question) => {
    process.send?.(await answer(question))
  })
}
