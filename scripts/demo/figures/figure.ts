import { type Computed, compareFigure, type FigureRow, type Published } from './comparison.js'
import type { LedgerAnswers } from './ledger-answers.js'

/** A printed figure, and the question that the ledger must answer with it. */
export interface Figure {
  /** The figure of the source, with a suffix where it has several parts: `P2-01.persons`. */
  readonly id: string
  readonly what: string
  readonly published: Published
  readonly compute: (answers: LedgerAnswers) => Promise<Computed | null>
}

/** Asks the ledger for every figure, one after another; a question that fails fails its row. */
export async function figureRows(
  figures: readonly Figure[],
  answers: LedgerAnswers,
): Promise<readonly FigureRow[]> {
  const rows: FigureRow[] = []
  for (const figure of figures) rows.push(await rowOf(figure, answers))
  return rows
}

async function rowOf(figure: Figure, answers: LedgerAnswers): Promise<FigureRow> {
  try {
    return compareFigure(figure, await figure.compute(answers))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { ...compareFigure(figure, null), computed: `无：${reason}` }
  }
}

export function households(value: number): Published {
  return { kind: 'exact', value, unit: '户' }
}

export function persons(value: number): Published {
  return { kind: 'exact', value, unit: '人' }
}

/** Yuan as printed, `467.92`. */
export function yuan(printed: string): Published {
  const [whole = '0', decimals = ''] = printed.split('.')
  return { kind: 'exact', value: Number(whole + decimals.padEnd(2, '0')), unit: '元' }
}

export function perCent(printed: string): Published {
  return { kind: 'per-cent', hundredths: Number(printed.replace('.', '')) }
}
