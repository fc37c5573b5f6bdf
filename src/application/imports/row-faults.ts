import { stringify } from 'csv-stringify/sync'
import type { ErrorCode } from '../../domain/error-codes.js'
import { DomainError, type ErrorFacts } from '../../domain/errors.js'
import type { FaultColumns } from './fault-columns.js'

/** Why one row is refused. It never repeats what the cell holds: that may be personal data. */
export interface RowFault {
  readonly file: string
  /** The line of the file or the row of the sheet; for JSON, the item, from 1. */
  readonly line: number
  /** The column as the file heads it; null where the row as a whole is refused. */
  readonly column: string | null
  readonly code: ErrorCode
  readonly facts: ErrorFacts
  /** What should have stood there; null where the code's own sentence says it. */
  readonly reason: { readonly zh: string; readonly en: string } | null
}

/** Where a row stands, to be named when it is refused. */
export interface RowPlace {
  readonly file: string
  readonly line: number
}

/** Collects what is wrong with rows, so that all of it is told at once. */
export class RowFaults {
  readonly #faults: RowFault[] = []

  get all(): readonly RowFault[] {
    return [...this.#faults].sort(
      (left, right) => compare(left.file, right.file) || left.line - right.line,
    )
  }

  get count(): number {
    return this.#faults.length
  }

  add(place: RowPlace, fault: Omit<RowFault, 'file' | 'line'>): void {
    const { file, line } = place
    this.#faults.push({ file, line, ...fault })
  }

  /** Does something about a row; a refusal becomes a fault of that row, in the column it is of. */
  during<Result>(
    place: RowPlace & { readonly column?: string; readonly columns?: FaultColumns },
    act: () => Result,
  ): Result | undefined {
    const { column: given, columns = {}, ...row } = place
    try {
      return act()
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      const { code, facts } = error
      const told = typeof facts['column'] === 'string' ? facts['column'] : null
      this.add(row, { column: given ?? columns[code] ?? told, code, facts, reason: null })
      return undefined
    }
  }
}

/** How many rows the faults are about. */
export function rowsOf(faults: readonly RowFault[]): number {
  return new Set(faults.map(({ file, line }) => `${line}/${file}`)).size
}

function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}

/** How a code and its facts are said; the shell has the table. */
export type SentenceOf = (fault: Pick<RowFault, 'code' | 'facts'>) => {
  readonly zh: string
  readonly en: string
}

/** The faults as a CSV file with a mark, so that a spreadsheet opens it. */
export function faultsAsCsv(faults: readonly RowFault[], sentenceOf: SentenceOf): string {
  const header = ['文件 file', '行 line', '列 column', '代码 code', '原因', 'reason']
  const rows = faults.map((fault) => {
    const { zh, en } = fault.reason ?? sentenceOf(fault)
    return [fault.file, fault.line, fault.column ?? '', fault.code, zh, en]
  })
  return stringify([header, ...rows], { bom: true })
}
