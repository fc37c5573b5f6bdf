/** A repeatable source of choices: the same seed makes the same plan on every machine. */
export interface Random {
  /** A whole number from `from` to `to`, both inside. */
  readonly between: (from: number, to: number) => number
  readonly pick: <Item>(items: readonly Item[]) => Item
  /** The items in another order; the list itself stays as it is. */
  readonly shuffled: <Item>(items: readonly Item[]) => Item[]
  readonly chance: (percent: number) => boolean
}

/** xorshift32, which needs no more than the arithmetic of a demonstration. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0 || 1
  const next = (): number => {
    state ^= state << 13
    state >>>= 0
    state ^= state >>> 17
    state ^= state << 5
    state >>>= 0
    return state
  }
  const between = (from: number, to: number): number => from + (next() % (to - from + 1))
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[between(0, items.length - 1)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
  const shuffled = <Item>(items: readonly Item[]): Item[] => {
    const keyed = items.map((item) => ({ item, key: next() }))
    return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item)
  }
  return { between, pick, shuffled, chance: (percent) => between(1, 100) <= percent }
}
