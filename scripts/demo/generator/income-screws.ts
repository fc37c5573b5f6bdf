/** An income that may still be chosen: one yuan on it takes one yuan off `months` months. */
export interface Screw {
  readonly income: { fen: number }
  readonly months: number
  readonly minimumFen: number
  readonly maximumFen: number
}

/**
 * Raises or lowers the incomes, a yuan at a time and each in its turn, until the amounts that
 * follow from them are smaller by `excessFen` (negative: larger). Chooses incomes and nothing
 * else. What is left is less than one turn of the heaviest screw; throws when they cannot be
 * turned that far.
 */
export function turnScrews(screws: readonly Screw[], excessFen: number): void {
  const direction = Math.sign(excessFen)
  const heaviestFen = 100 * Math.max(1, ...screws.map((screw) => screw.months))
  let leftFen = Math.abs(excessFen)
  for (;;) {
    const before = leftFen
    for (const screw of screws) {
      const turned = screw.income.fen + direction * 100
      const takes = screw.months * 100
      if (takes === 0 || takes > leftFen) continue
      if (turned < screw.minimumFen || turned > screw.maximumFen) continue
      screw.income.fen = turned
      leftFen -= takes
    }
    if (leftFen !== before) continue
    if (leftFen < heaviestFen) return
    throw new Error(`incomes cannot be chosen: ${leftFen} fen are left`)
  }
}
