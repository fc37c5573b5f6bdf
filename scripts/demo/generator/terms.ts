import { type Month, month } from '../../../src/domain/values/calendar.js'
import { type Terms, toYuan } from './case-life.js'

/** The figures of `policy/` once more, in the plan's own arithmetic; tests compare the two. */

interface Raise {
  readonly beforeFen: number
  readonly from: Month
  readonly afterFen: number
}

function raised({ beforeFen, from, afterFen }: Raise): Terms['standardFenIn'] {
  return (of) => (of < from ? beforeFen : afterFen)
}

function none(): number {
  return 0
}

const july2011 = month('2011-07')
const july2012 = month('2012-07')

export const p2Terms: Readonly<Record<'urban' | 'rural', Terms>> = {
  urban: {
    standardFenIn: raised({ beforeFen: 44_000, from: july2011, afterFen: 52_000 }),
    rounded: toYuan.halfUp,
    supplementFen: none,
  },
  rural: {
    standardFenIn: raised({ beforeFen: 37_000, from: july2011, afterFen: 52_000 }),
    rounded: toYuan.up,
    supplementFen: none,
  },
}

/** 分类施保 of P4: the largest of what a person's reasons give, once. */
function p4Supplement(classifications: readonly string[], standardFen: number): number {
  const amounts = classifications.map((reason) => {
    if (reason === 'severe-disability') return (standardFen * 20) / 100
    return reason === 'over-seventy' ? 3000 : 2000
  })
  return Math.max(0, ...amounts)
}

export const p4Terms: Readonly<Record<'urban' | 'rural', Terms>> = {
  urban: {
    standardFenIn: raised({ beforeFen: 35_000, from: july2012, afterFen: 39_000 }),
    rounded: (amountFen) => amountFen,
    supplementFen: p4Supplement,
  },
  rural: {
    standardFenIn: raised({ beforeFen: 16_000, from: july2012, afterFen: 20_000 }),
    rounded: (amountFen) => amountFen,
    supplementFen: p4Supplement,
  },
}

/** Flat programmes: a figure a month by class, without income. */
export function flatTerms(standardFenIn: Terms['standardFenIn']): Terms {
  return { standardFenIn, rounded: (amountFen) => amountFen, supplementFen: none }
}

export function constantly(amountFen: number): Terms['standardFenIn'] {
  return () => amountFen
}
