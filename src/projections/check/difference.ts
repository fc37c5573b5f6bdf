/** The first row of a table that is not what the log says. */
export interface Difference {
  readonly table: string
  /** Which row: its key in words. */
  readonly where: string
  /** As plain text; null for no such row. */
  readonly expected: string | null
  readonly found: string | null
}

/** Keeps the first difference of each table, and how many rows were compared. */
export class Findings {
  readonly #first = new Map<string, Difference>()
  readonly #rows = new Map<string, number>()

  get result(): {
    readonly differences: readonly Difference[]
    readonly rows: Readonly<Record<string, number>>
  } {
    return { differences: [...this.#first.values()], rows: Object.fromEntries(this.#rows) }
  }

  counted(table: string, rows: number): void {
    this.#rows.set(table, (this.#rows.get(table) ?? 0) + rows)
  }

  add(difference: Difference): void {
    if (!this.#first.has(difference.table)) this.#first.set(difference.table, difference)
  }

  /** Compares two multisets of rows written as text. */
  compare(
    at: { readonly table: string; readonly where: string },
    expected: readonly string[],
    found: readonly string[],
  ): void {
    const [left, right] = [[...expected].sort(), [...found].sort()]
    const length = Math.max(left.length, right.length)
    for (let place = 0; place < length; place += 1) {
      const [wanted, got] = [left[place] ?? null, right[place] ?? null]
      if (wanted === got) continue
      this.add({ ...at, expected: wanted, found: got })
      return
    }
  }
}

/** Any JSON as text with its keys in order, so that equal values are equal texts. */
export function plainText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(plainText).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, each]) => `${JSON.stringify(key)}:${plainText(each)}`).join(',')}}`
}
