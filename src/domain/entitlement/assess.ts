import { incomeFactIn, type Member, membersIn } from '../case/case.js'
import type { Case } from '../case/facts.js'
import type { BenefitComponent, StandardUsed, WorkingStep, Workings } from '../case/workings.js'
import { DomainError } from '../errors.js'
import type { ProgrammeDefinition, Rule } from '../policy/events.js'
import { type Policy, programmeOf, ruleOn, standardOn } from '../policy/policy.js'
import { ageOn, lastDayOf, type Month, previousMonth } from '../values/calendar.js'
import { type BenefitClass, ComponentName } from '../values/document.js'
import {
  AmountFen,
  type Fen,
  fen,
  formatYuan,
  shareOfFen,
  subtractFen,
  sumFen,
  timesFen,
  zeroFen,
} from '../values/money.js'
import { type Cell, cellIn } from './timeline.js'

/** What the facts and the policy give for one month, and how it was found. */
export interface Assessment {
  readonly eligible: boolean
  readonly components: readonly BenefitComponent[]
  readonly workings: Workings
}

interface Given {
  readonly policy: Policy
  readonly month: Month
  readonly cell: Cell
  readonly rule: Rule
  readonly definition: ProgrammeDefinition
  readonly covered: readonly Member[]
  readonly assessed: readonly Member[]
  readonly incomeFen: Fen
}

/** An amount on its way: components, the standards used, and each step as a person would say it. */
interface Outcome {
  readonly eligible: boolean
  readonly components: readonly BenefitComponent[]
  readonly standards: readonly StandardUsed[]
  readonly steps: readonly WorkingStep[]
}

/**
 * What a case should get in `month` by its facts and the policy: a pure comparison figure that
 * becomes owed only through a decision.
 *
 * @throws DomainError standard-missing-for-month, rule-missing-for-month, programme-unknown,
 *   programme-pays-by-decision for one-off programmes, no-class-for-age
 */
export function assess(facts: {
  readonly state: Case
  readonly policy: Policy
  readonly month: Month
}): Assessment {
  const { state, policy, month } = facts
  const cell = cellIn(state, month)
  const { programme, division } = cell
  const ruling = ruleOn(policy, { programme, division, month })
  const members = membersIn(state, month)
  const given: Given = {
    policy,
    month,
    cell,
    rule: ruling.rule,
    definition: programmeOf(policy, programme),
    covered: members.filter((member) => member.circumstances.covered),
    assessed: members.filter((member) => member.circumstances.assessed),
    incomeFen: incomeFactIn(state, month)?.data.monthlyIncomeFen ?? zeroFen,
  }
  const { eligible, components, standards, steps } = outcomeOf(given)
  return {
    eligible: eligible && given.covered.length > 0,
    components,
    workings: {
      month,
      standards: [...standards],
      ruleFrom: ruling.from,
      ruleDocument: ruling.document,
      coveredMembers: given.covered.length,
      assessedMembers: given.assessed.length,
      householdIncomeFen: AmountFen.parse(given.incomeFen),
      steps: [...steps],
    },
  }
}

function outcomeOf(given: Given): Outcome {
  switch (given.definition.kind) {
    case 'top-up':
      return topUp(given)
    case 'flat':
      return perPerson(given, () => given.cell.benefitClass)
    case 'age-band':
      return perPerson(given, (member) => ageClassOf(given, member))
    case 'roll-only':
      return { eligible: true, components: [], standards: [], steps: [] }
    case 'one-off':
      throw new DomainError('programme-pays-by-decision', { programme: given.cell.programme })
  }
}

function standardFor(given: Given, benefitClass: BenefitClass): StandardUsed {
  const { programme, division } = given.cell
  return standardOn(given.policy, { programme, division, benefitClass, month: given.month })
}

/** 补差: standard × covered − income, multiplied before it is divided, rounded once. */
function topUp(given: Given): Outcome {
  const standard = standardFor(given, given.cell.benefitClass)
  const base = baseOf(given, standard)
  const classified = given.covered.flatMap((member) => classifiedOf(given, { member, standard }))
  const components = base.amountFen > 0 ? [base.component, ...classified] : []
  return {
    eligible: base.amountFen > 0,
    components,
    standards: [standard],
    steps: [...base.steps, ...(base.amountFen > 0 ? classifiedSteps(given, classified) : [])],
  }
}

function baseOf(given: Given, standard: StandardUsed) {
  const { rule, incomeFen } = given
  const covered = given.covered.length
  const { numerator, denominator } = incomeShareOf(given)
  const needFen = timesFen(standard.monthlyFen, covered)
  const unrounded = fen(needFen * denominator - incomeFen * numerator)
  const roundedFen = shareOfFen(unrounded, { numerator: 1, denominator }, rule.rounding)
  const positiveFen = roundedFen > 0 ? roundedFen : zeroFen
  const bandedFen = bandedAmount(rule, { amountFen: positiveFen, covered })
  const amountFen = AmountFen.parse(bandedFen < rule.minimumFen ? 0 : bandedFen)
  const share = numerator === denominator ? '' : ` × ${numerator}/${denominator}`
  const steps: WorkingStep[] = [
    {
      what: `保障标准 ${formatYuan(standard.monthlyFen)} 元 × 保障人口 ${covered} 人`,
      amountFen: needFen,
    },
    {
      what: `减：家庭月收入 ${formatYuan(incomeFen)} 元${share}`,
      amountFen: subtractFen(zeroFen, incomeFen),
    },
    { what: `补差，取整方式 ${roundingNames[rule.rounding]}`, amountFen: positiveFen },
  ]
  if (bandedFen !== positiveFen) steps.push({ what: '按档次补差', amountFen: bandedFen })
  if (amountFen !== bandedFen) steps.push({ what: '低于最低发放额，不发', amountFen })
  return { component: { component: rule.component, personId: null, amountFen }, amountFen, steps }
}

const roundingNames = {
  'up-to-yuan': '见分进元',
  'half-up-to-yuan': '四舍五入到元',
  'half-up-to-fen': '四舍五入到分',
  'down-to-yuan': '舍去角分',
} as const

function incomeShareOf({ rule, covered, assessed }: Given) {
  if (rule.incomeFormula === 'whole-household' || assessed.length === 0) {
    return { numerator: 1, denominator: 1 }
  }
  return { numerator: covered.length, denominator: assessed.length }
}

/** 分档: the amount a covered person, lifted to the first band not below it. */
function bandedAmount(
  rule: Rule,
  { amountFen, covered }: { readonly amountFen: Fen; readonly covered: number },
): Fen {
  if (rule.bandsFen.length === 0 || amountFen === 0) return amountFen
  const bands = [...rule.bandsFen].sort((left, right) => left - right)
  const band = bands.find((each) => each * covered >= amountFen) ?? bands.at(-1) ?? zeroFen
  return timesFen(band, covered)
}

/** 分类施保: the largest supplement that a reason gives; once a person, however many reasons. */
function classifiedOf(
  { rule }: Given,
  { member, standard }: { readonly member: Member; readonly standard: StandardUsed },
): readonly BenefitComponent[] {
  const reasons = member.circumstances.classifications
  const amounts = rule.classified
    .filter((supplement) => reasons.includes(supplement.classification))
    .map(({ amountFen, shareOfStandard }) =>
      shareOfStandard
        ? shareOfFen(standard.monthlyFen, shareOfStandard, rule.rounding)
        : (amountFen ?? zeroFen),
    )
  const largest = amounts.sort((left, right) => right - left)[0] ?? zeroFen
  if (largest === 0) return []
  return [
    {
      component: ComponentName.parse('classified'),
      personId: member.personId,
      amountFen: AmountFen.parse(largest),
    },
  ]
}

function classifiedSteps(
  given: Given,
  classified: readonly BenefitComponent[],
): readonly WorkingStep[] {
  return classified.map(({ personId, amountFen }) => {
    const member = given.covered.find((each) => each.personId === personId)
    const reasons = member?.circumstances.classifications.join('、') ?? ''
    return { what: `分类施保（${reasons}），每人一份`.slice(0, 200), amountFen }
  })
}

/** One standard a covered person, by class or by age. */
function perPerson(given: Given, classOf: (member: Member) => BenefitClass | null): Outcome {
  const parts = given.covered.flatMap((member) => {
    const benefitClass = classOf(member)
    if (benefitClass === null) return []
    const standard = standardFor(given, benefitClass)
    return [{ member, standard }]
  })
  const components = parts.map(({ member, standard }) => ({
    component: given.rule.component,
    personId: member.personId,
    amountFen: AmountFen.parse(standard.monthlyFen),
  }))
  const standards = new Map(parts.map(({ standard }) => [standard.benefitClass, standard]))
  return {
    eligible: sumFen(components.map((component) => component.amountFen)) > 0,
    components,
    standards: [...standards.values()],
    steps: parts.map(({ standard }) => ({
      what: `按 ${standard.benefitClass} 类标准，每人每月`,
      amountFen: standard.monthlyFen,
    })),
  }
}

/** A new band begins the month after the birthday: the age at the end of that month counts. */
function ageClassOf({ rule, month }: Given, member: Member): BenefitClass | null {
  const age = ageOn(lastDayOf(previousMonth(month)), member.circumstances.bornOn)
  const bands = [...rule.ageBands].sort((left, right) => right.fromAge - left.fromAge)
  return bands.find((band) => age >= band.fromAge)?.benefitClass ?? null
}
