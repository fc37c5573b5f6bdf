import { readFile } from 'node:fs/promises'
import type pg from 'pg'

/** The most memory seen of one kind of process. */
export interface PeakMemory {
  readonly process: string
  readonly bytes: number
}

const everyMilliseconds = 1000

const selectProcesses = `
  SELECT pid, coalesce(nullif(application_name, ''), backend_type) AS process
  FROM pg_stat_activity
  WHERE pid <> pg_backend_pid()`

/**
 * Watches this process and those of the database. Of this one everything that is resident counts;
 * of the others only what they do not share, since shared buffers would count in each of them.
 */
export class ProcessMemory {
  readonly #pool: pg.Pool
  readonly #peaks = new Map<string, number>()
  readonly #timer: NodeJS.Timeout
  #sampling: Promise<void> | undefined

  constructor(pool: pg.Pool) {
    this.#pool = pool
    this.#timer = setInterval(() => {
      // One look at a time: a busy database may answer late.
      this.#sampling ??= this.#sample().finally(() => {
        this.#sampling = undefined
      })
    }, everyMilliseconds)
    this.#timer.unref()
  }

  /** Stops watching. Empty where there is no /proc. */
  async stop(): Promise<readonly PeakMemory[]> {
    clearInterval(this.#timer)
    await this.#sampling
    await this.#sample()
    return [...this.#peaks].map(([process, bytes]) => ({ process, bytes }))
  }

  async #sample(): Promise<void> {
    this.#see('service', await bytesOf('self', 'VmHWM'))
    const { rows } = await this.#pool.query<{ pid: number; process: string }>(selectProcesses)
    for (const { pid, process } of rows)
      this.#see(`postgres ${process}`, await bytesOf(String(pid), 'RssAnon'))
  }

  #see(process: string, bytes: number | undefined): void {
    if (bytes !== undefined && bytes > (this.#peaks.get(process) ?? 0))
      this.#peaks.set(process, bytes)
  }
}

async function bytesOf(process: string, field: 'VmHWM' | 'RssAnon'): Promise<number | undefined> {
  const status = await readFile(`/proc/${process}/status`, 'utf8').catch(() => '')
  const kibibytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
}
