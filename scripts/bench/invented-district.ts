import { derivedId } from '../../src/application/caller.js'
import { divisionStream, programmeStream, standardStream } from '../../src/application/streams.js'
import {
  type DivisionEvent,
  type ProgrammeEvent,
  Rule,
  type StandardEvent,
} from '../../src/domain/policy/events.js'
import { policyFrom } from '../../src/domain/policy/policy.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { BenefitClass } from '../../src/domain/values/document.js'
import { ActorId, DivisionId, ProgrammeCode } from '../../src/domain/values/identifiers.js'
import { AmountFen } from '../../src/domain/values/money.js'
import { codec } from '../../src/event-store/codec.js'
import type { NewEvent } from '../../src/event-store/event-store.js'

/** A county that nobody lives in (99…), of ten towns with twenty villages each. */
export const county = DivisionCode.parse('990301000000')
const code = (town: number, village: number) =>
  DivisionCode.parse(`990301${String(town).padStart(3, '0')}${String(village).padStart(3, '0')}`)
const upTo = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
export const towns = upTo(10).map((town) => code(town, 0))
export const villages = upTo(10).flatMap((town) => upTo(20).map((village) => code(town, village)))
/** The village of the n-th household: a tenth of all live in each town. */
export const villageAt = (at: number) => code(1 + (at % 10), 1 + (Math.floor(at / 10) % 20))

export const urbanDibao = ProgrammeCode.parse('urban-dibao')
export const ruralDibao = ProgrammeCode.parse('rural-dibao')
export const programmes = [urbanDibao, ruralDibao] as const
export const general = BenefitClass.parse('general')
export const clerk = ActorId.parse('bench-clerk')
export const approver = ActorId.parse('bench-approver')
export const document = { number: '测民发〔2011〕1号', issuer: '测试县民政局' } as const
const invented = { ...document, provenance: 'invented' } as const
const from = month('2010-01')

const rule = Rule.parse({
  rounding: 'half-up-to-yuan',
  incomeFormula: 'whole-household',
  minimumFen: 0,
  bandsFen: [],
  classified: [],
  ageBands: [],
  component: 'base',
  firstMonth: 'month-of-confirmation',
  monthsAfterDeath: 0,
  graceMonths: 0,
  automatic: ['death', 'standard'],
  reviewMonths: { general: 12 },
  holdWhenReviewOverdue: false,
  lifeVerificationMonths: 0,
  noticeDays: 0,
  steps: [],
  offsetAllowed: false,
  capFen: null,
})

const programmeEvents = programmes.map((programme): readonly ProgrammeEvent[] => {
  const urbanRural = programme === urbanDibao ? 'urban' : 'rural'
  return [
    {
      type: 'ProgrammeDefined',
      data: {
        from,
        definition: {
          programme,
          nameZh: urbanRural === 'urban' ? '城市低保' : '农村低保',
          nameEn: `${urbanRural} minimum living guarantee`,
          kind: 'top-up',
          urbanRural,
          measure: 'cash',
          unit: '户',
          excludes: [],
          repeatable: false,
          perCapitaSeries: '低保',
        },
      },
    },
    { type: 'RuleSet', data: { from, programme, division: county, rule, document: invented } },
  ]
})

const standardEvents = programmes.map(
  (programme): StandardEvent => ({
    type: 'StandardSet',
    data: {
      from,
      programme,
      division: county,
      benefitClass: general,
      amountFen: AmountFen.parse(35_000),
      per: 'month',
      document: invented,
    },
  }),
)

const divisionIdOf = (place: DivisionCode) =>
  derivedId(DivisionId, { actor: { sub: clerk, roles: [], division: county }, key: place }, 'place')

function definedAs(place: DivisionCode): DivisionEvent {
  return {
    type: 'DivisionDefined',
    data: {
      from: plainDate('2008-01-01'),
      divisionId: divisionIdOf(place),
      code: place,
      nameZh: `测试${place.slice(6)}`,
      document: invented,
    },
  }
}

export const benchPolicy = policyFrom([...programmeEvents.flat(), ...standardEvents])

/** Events of one stream, to be appended as they are. */
export interface StreamEvents {
  readonly stream: string
  readonly events: readonly NewEvent[]
}

/** The county's places, programmes, rules and standards. */
export function districtStreams(): readonly StreamEvents[] {
  return [
    ...[county, ...towns, ...villages].map((place) => ({
      stream: divisionStream(divisionIdOf(place)).name,
      events: [codec.encode('division', definedAs(place))],
    })),
    ...programmeEvents.map((events, at) => ({
      stream: programmeStream(programmes[at] ?? urbanDibao).name,
      events: events.map((event) => codec.encode('programme', event)),
    })),
    ...standardEvents.map((event) => ({
      stream: standardStream(event.data).name,
      events: [codec.encode('standard', event)],
    })),
  ]
}
