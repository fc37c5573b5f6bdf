import { fen, formatWanYuan, formatYuan } from '../../../src/domain/values/money.js'

/**
 * A figure as its district printed it, and how near the ledger must come. Money is in fen.
 * `exact`: that very number. `wan-yuan`: 万元 rounded half-up to as many decimals as printed.
 * `wan-yuan-over`: printed as "N 万余", cut off. `at-most`: a ceiling. `per-cent`: hundredths of a
 * per cent, rounded half-up. `words`: a standing or another word.
 */
export type Published =
  | { readonly kind: 'exact'; readonly value: number; readonly unit: '户' | '人' | '元' | '个' }
  | { readonly kind: 'wan-yuan'; readonly wanYuan: string }
  | { readonly kind: 'wan-yuan-over'; readonly wanYuan: string }
  | { readonly kind: 'at-most'; readonly amountFen: number }
  | { readonly kind: 'per-cent'; readonly hundredths: number }
  | { readonly kind: 'words'; readonly words: string }

export interface FigureRow {
  readonly id: string
  readonly what: string
  readonly published: string
  readonly computed: string
  readonly ok: boolean
}

/** What the ledger answered: fen, a count, hundredths of a per cent, or a word. */
export type Computed = number | string

/** Puts a published figure beside the ledger's own. A missing answer is never ok. */
export function compareFigure(
  figure: { readonly id: string; readonly what: string; readonly published: Published },
  computed: Computed | null,
): FigureRow {
  const { id, what, published } = figure
  return {
    id,
    what,
    published: publishedText(published),
    computed: computed === null ? '无' : computedText(published, computed),
    ok: computed !== null && agrees(published, computed),
  }
}

function agrees(published: Published, computed: Computed): boolean {
  if (typeof computed === 'string') {
    return published.kind === 'words' && published.words === computed
  }
  switch (published.kind) {
    case 'exact':
      return computed === published.value
    case 'wan-yuan':
      return inUnits(computed, published.wanYuan, 'half-up') === digitsOf(published.wanYuan)
    case 'wan-yuan-over':
      return inUnits(computed, published.wanYuan, 'cut-off') === digitsOf(published.wanYuan)
    case 'at-most':
      return computed <= published.amountFen
    case 'per-cent':
      return computed === published.hundredths
    case 'words':
      return false
  }
}

function digitsOf(wanYuan: string): number {
  return Number(wanYuan.replace('.', ''))
}

/** Fen in the smallest unit that `wanYuan` prints: hundredths of 万元 for `371.69`. */
function inUnits(amountFen: number, wanYuan: string, way: 'half-up' | 'cut-off'): number {
  const decimals = wanYuan.split('.')[1]?.length ?? 0
  const unitFen = 1_000_000 / 10 ** decimals
  const halfFen = way === 'half-up' ? Math.floor(unitFen / 2) : 0
  return Math.floor((amountFen + halfFen) / unitFen)
}

function publishedText(published: Published): string {
  switch (published.kind) {
    case 'exact':
      return published.unit === '元'
        ? `${formatYuan(fen(published.value))} 元`
        : `${published.value} ${published.unit}`
    case 'wan-yuan':
      return `${published.wanYuan} 万元`
    case 'wan-yuan-over':
      return `${published.wanYuan} 万余元`
    case 'at-most':
      return `不超过 ${formatYuan(fen(published.amountFen))} 元`
    case 'per-cent':
      return `${(published.hundredths / 100).toFixed(2)}%`
    case 'words':
      return published.words
  }
}

function computedText(published: Published, computed: Computed): string {
  if (typeof computed === 'string') return computed
  switch (published.kind) {
    case 'exact':
      return published.unit === '元'
        ? `${formatYuan(fen(computed))} 元`
        : `${computed} ${published.unit}`
    case 'wan-yuan':
    case 'wan-yuan-over':
      return `${formatYuan(fen(computed))} 元（${formatWanYuan(fen(computed))} 万元）`
    case 'at-most':
      return `${formatYuan(fen(computed))} 元`
    case 'per-cent':
      return `${(computed / 100).toFixed(2)}%`
    case 'words':
      return String(computed)
  }
}

/** A rise in hundredths of a per cent, half-up: 350 to 390 is 1143. */
export function riseInHundredths(before: number, after: number): number {
  return Math.floor(((after - before) * 20_000 + before) / (2 * before))
}
