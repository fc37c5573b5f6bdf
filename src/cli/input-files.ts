import { readdir, readFile, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { ImportFile } from '../application/imports/table-file.js'
import { DomainError } from '../domain/errors.js'

/** A file that was named on the command line. Refuses `file-missing`. */
export async function inputFile(path: string): Promise<ImportFile> {
  const bytes = await readFile(path).catch(() => undefined)
  if (!bytes) throw new DomainError('file-missing', { file: path })
  return { name: basename(path), bytes }
}

/** The JSON files of a folder and of the folders in it, or the one file that was named. */
export async function jsonFiles(path: string): Promise<readonly ImportFile[]> {
  const found = await stat(path).catch(() => undefined)
  if (!found?.isDirectory()) return [await inputFile(path)]
  const names = await readdir(path, { recursive: true })
  const json = names.filter((name) => name.endsWith('.json')).sort()
  return Promise.all(json.map(async (name) => ({ name, bytes: await readFile(join(path, name)) })))
}
