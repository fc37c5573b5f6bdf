import type { MonthlyExample } from './example.js'

const naiveStandards: Readonly<Record<string, number>> = {
  'P2 urban-dibao': 520,
  'P2 rural-dibao': 520,
  'P3 urban-dibao': 420,
  'P3 rural-dibao': 280,
}

/** What a worked example of 低保 comes to, in fen, with rounding and bands written out by hand. */
export function naiveTotalOf(example: MonthlyExample): number {
  const raised = example.month >= '2012-07'
  const urban = example.programme === 'urban-dibao'
  const p4 = urban ? (raised ? 390 : 350) : raised ? 200 : 160
  const standard = naiveStandards[`${example.district} ${example.programme}`] ?? p4
  const covered = example.members.filter((member) => member.covered)
  const assessed = example.members.filter((member) => member.assessed)
  const share = example.ruleChanges?.incomeFormula === 'covered-share'
  const income = Number(example.income.replace('.', ''))
  const counted = share ? (income * covered.length) / assessed.length : income
  const exact = standard * 100 * covered.length - counted
  if (exact <= 0) return 0
  const base = naiveBase(example, { exact, covered: covered.length })
  if (base === 0) return 0
  const extras = covered.map((member) => {
    const amounts = member.classifications.map((reason) =>
      reason === 'severe-disability' ? standard * 20 : reason === 'minor' ? 2000 : 3000,
    )
    return Math.max(0, ...amounts)
  })
  return base + extras.reduce((sum, extra) => sum + extra, 0)
}

function naiveBase(
  example: MonthlyExample,
  given: { readonly exact: number; readonly covered: number },
): number {
  const ways: Readonly<Record<string, (exact: number) => number>> = {
    P2urban: (exact) => Math.floor(exact / 100 + 0.5) * 100,
    P2rural: (exact) => Math.ceil(exact / 100) * 100,
    down: (exact) => Math.floor(exact / 100) * 100,
    P4: (exact) => Math.floor(exact + 0.5),
    P3urban: (exact) => (exact < 2000 ? 0 : Math.floor(exact / 100 + 0.5) * 100),
    P3rural: (exact) =>
      ([6000, 9000, 12000, 16000, 20000, 28000].find((band) => band * given.covered >= exact) ??
        28000) * given.covered,
  }
  const urbanRural = example.programme === 'urban-dibao' ? 'urban' : 'rural'
  const down = example.ruleChanges?.rounding === 'down-to-yuan' ? 'down' : null
  const key = down ?? (example.district === 'P4' ? 'P4' : `${example.district}${urbanRural}`)
  return ways[key]?.(given.exact) ?? Number.NaN
}
