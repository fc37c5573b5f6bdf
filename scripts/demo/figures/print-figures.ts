import type { FigureRow } from './comparison.js'

/** Each published figure beside the ledger's own, a line each. */
export function printFigures(rows: readonly FigureRow[], say: (line: string) => void): void {
  for (const { computed, id, ok, published, what } of rows)
    say(`${ok ? '✓' : '✗'} ${id}  ${what}：公布 ${published}，台账 ${computed}`)
  const failed = rows.filter(({ ok }) => !ok).length
  say(failed === 0 ? `${rows.length} 项全部相符 all agree` : `${failed} 项不符 do not agree`)
}
