import { p2Plan } from './p2-plan.js'
import { p3Plan } from './p3-plan.js'
import { p4Plan } from './p4-plan.js'
import type { DistrictPlan } from './plan.js'

/** What is known from the start; later standards come as `import-policy` actions. */
export const foundingPolicy: readonly string[] = [
  'programmes.json',
  ...['p2', 'p3', 'p4'].flatMap((district) => [
    `divisions/${district}.json`,
    `rules/${district}.json`,
    `standards/${district}.json`,
  ]),
]

/** The three invented districts: the same plan on every machine and at every call. */
export function demonstrationPlan(): readonly DistrictPlan[] {
  return [p2Plan(), p3Plan(), p4Plan()]
}
