import { DomainError } from '../errors.js'
import { type DivisionCode, isWithin, levelOf } from '../values/division.js'
import type { BenefitClass, UrbanRural } from '../values/document.js'
import type { ProgrammeCode } from '../values/identifiers.js'
import { type Policy, programmeOf } from './policy.js'

const generalClass = 'general'

/**
 * Where a case of a programme can be counted: in a village or in a town, and on the urban or the
 * rural roll that the programme is for. Errors: 'programme-unknown',
 * 'division-above-town', 'roll-of-programme-differs'.
 */
export function assertRollOf(
  policy: Policy,
  at: {
    readonly programme: ProgrammeCode
    readonly division: DivisionCode
    readonly urbanRural: UrbanRural
  },
): void {
  const { division, programme, urbanRural } = at
  const roll = programmeOf(policy, programme).urbanRural
  const level = levelOf(division)
  if (level !== 'village' && level !== 'town')
    throw new DomainError('division-above-town', { division })
  if (roll !== 'none' && roll !== urbanRural)
    throw new DomainError('roll-of-programme-differs', { programme, urbanRural, roll })
}

/** Kinds whose money follows from a standard; one-off aid and bare rolls name what they like. */
const paidByStandard: ReadonlySet<string> = new Set(['top-up', 'flat', 'age-band'])

/**
 * Refuses a class for which no standard and no age band of the programme in that place says an
 * amount, whatever the month: 'benefit-class-unknown'. How often a class is reviewed gives it none.
 */
export function assertClassOf(
  policy: Policy,
  at: {
    readonly programme: ProgrammeCode
    readonly division: DivisionCode
    readonly benefitClass: BenefitClass
  },
): void {
  const { benefitClass, division, programme } = at
  if (!paidByStandard.has(programmeOf(policy, programme).kind)) return
  const own = policy.programmes.find((one) => one.programme === programme)
  const holds = (entry: { readonly division: DivisionCode }) => isWithin(division, entry.division)
  const standards = own?.standards.filter(holds) ?? []
  const rules = own?.rules.filter(holds) ?? []
  const known = new Set<string>([
    generalClass,
    ...standards.map((standard) => standard.benefitClass),
    ...rules.flatMap(({ rule }) => rule.ageBands.map((band) => band.benefitClass)),
  ])
  if (!known.has(benefitClass))
    throw new DomainError('benefit-class-unknown', {
      programme,
      benefitClass,
      known: [...known].sort(),
    })
}
