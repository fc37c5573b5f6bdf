import type { Sealed } from '../../domain/values/sealed.js'

/** Opens sealed names and hashes them under the ledger's key; compose gives it from sealing. */
export interface NameOpener {
  /** The names in the order given; null where the person's key was destroyed. */
  open(sealed: readonly Sealed[]): Promise<readonly (string | null)[]>
  /** A keyed hash in 64 hex digits: the same text, the same hash. */
  keyedHash(text: string): string
}

export interface NameHashes {
  readonly whole: string | null
  /** Of every two neighbouring characters, each once. */
  readonly parts: readonly string[]
}

/** The hashes by which a name is found; none for a name that can't be opened. */
export function nameHashes(name: string | null, names: NameOpener): NameHashes {
  if (name === null) return { whole: null, parts: [] }
  const text = name.normalize('NFKC').replaceAll(/\s/g, '')
  const parts = bigramsOf(text).map((part) => names.keyedHash(`part:${part}`))
  return { whole: names.keyedHash(`name:${text}`), parts: [...new Set(parts)] }
}

function bigramsOf(text: string): readonly string[] {
  const characters = [...text]
  return characters.slice(1).map((character, at) => `${characters[at]}${character}`)
}
