import type { DistrictKey } from './plan.js'
import type { Random } from './random.js'

interface District {
  readonly nameZh: string
  readonly division: string
  /** Subdistricts (001 on) hold communities, towns (100 on) hold villages. */
  readonly urbanTowns: readonly string[]
  readonly ruralTowns: readonly string[]
  readonly villagesEach: number
}

/** The places that `policy/divisions` defines; a test compares the two. */
export const districts: Readonly<Record<DistrictKey, District>> = {
  P2: {
    nameZh: '示例甲区',
    division: '990101000000',
    urbanTowns: ['001', '002'],
    ruralTowns: ['100', '101', '102', '103'],
    villagesEach: 4,
  },
  P3: {
    nameZh: '示例乙区',
    division: '990201000000',
    urbanTowns: ['001', '002'],
    ruralTowns: ['100', '101', '102'],
    villagesEach: 4,
  },
  P4: {
    nameZh: '示例丙区',
    division: '990301000000',
    urbanTowns: ['001'],
    ruralTowns: ['100', '101', '102'],
    villagesEach: 3,
  },
}

export function villagesOf(key: DistrictKey, kind: 'urban' | 'rural'): readonly string[] {
  const { division, urbanTowns, ruralTowns, villagesEach } = districts[key]
  const [towns, first] = kind === 'urban' ? [urbanTowns, 1] : [ruralTowns, 200]
  return towns.flatMap((town) =>
    Array.from(
      { length: villagesEach },
      (_, at) => `${division.slice(0, 6)}${town}${String(first + at).padStart(3, '0')}`,
    ),
  )
}

/** A village or community; every third is in a subdistrict where `kind` does not say. */
export function someVillage(
  key: DistrictKey,
  random: Random,
  kind: 'urban' | 'rural' | 'none',
): string {
  const drawn = random.chance(33) ? 'urban' : 'rural'
  return random.pick(villagesOf(key, kind === 'none' ? drawn : kind))
}
