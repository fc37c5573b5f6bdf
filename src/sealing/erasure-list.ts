import { appendFile, mkdir, open, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PersonId } from '../domain/values/identifiers.js'

/**
 * Who was erased, kept apart from the database: a restored backup brings destroyed keys back, and
 * this list destroys them again.
 */
export interface ErasureList {
  /** On disk before it resolves. */
  add(persons: readonly PersonId[]): Promise<void>
  all(): Promise<readonly PersonId[]>
}

export function createInMemoryErasureList(): ErasureList {
  const erased = new Set<PersonId>()
  return {
    async add(persons) {
      for (const person of persons) erased.add(person)
    },
    all: async () => [...erased],
  }
}

/** An erasure list in a file of one person id a line, only ever added to. */
export function createErasureFile(path: string): ErasureList {
  return {
    async add(persons) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      await appendFile(path, persons.map((person) => `${person}\n`).join(''), { mode: 0o600 })
      await onDisk(path)
    },
    async all() {
      const lines = (await readIfThere(path)).split('\n').filter((line) => line !== '')
      return [...new Set(lines.map((line) => PersonId.parse(line)))]
    },
  }
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw error
  }
}

async function onDisk(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
