import type { CaseEvent } from '../../src/domain/case/events.js'
import { addMonths, plainDate } from '../../src/domain/values/calendar.js'
import { ComponentName } from '../../src/domain/values/document.js'
import { document } from '../support/case-world.js'
import {
  base,
  caseAt,
  classes,
  classified,
  clerk,
  personAt,
  programmes,
  type Random,
  start,
  villages,
  type Written,
  yuan,
} from './written-events.js'

interface CaseHistory {
  readonly at: number
  readonly events: CaseEvent[]
  members: number[]
  onRoll: boolean
  left: boolean
}

const circumstances = (random: Random) => ({
  assessed: true,
  covered: random.chance(0.8),
  classifications: [],
  bornOn: plainDate('1950-05-15'),
})

const workings = {
  month: start,
  standards: [],
  ruleFrom: start,
  ruleDocument: document,
  coveredMembers: 1,
  assessedMembers: 1,
  householdIncomeFen: yuan(0),
  steps: [],
}

function openCase(at: number, random: Random): CaseHistory {
  const members = Array.from({ length: 1 + random.below(3) }, (_, member) => at * 4 + member)
  const events: CaseEvent[] = [
    {
      type: 'CaseOpened',
      data: {
        caseId: caseAt(at),
        programme: random.pick(programmes),
        division: random.pick(villages),
        urbanRural: random.pick(['urban', 'rural'] as const),
        benefitClass: random.pick(classes),
        openedOn: plainDate('2012-01-04'),
        importId: null,
        by: clerk,
      },
    },
    ...members.map(
      (member, place): CaseEvent => ({
        type: 'MemberJoined',
        data: {
          from: start,
          personId: personAt(member),
          relation: place === 0 ? '户主' : '子女',
          head: place === 0,
          circumstances: circumstances(random),
          by: clerk,
        },
      }),
    ),
  ]
  return { at, events, members, onRoll: false, left: false }
}

const components = (random: Random, members: readonly number[]) => [
  { component: base, personId: null, amountFen: yuan(100 + random.below(300)) },
  ...(random.chance(0.4)
    ? [{ component: classified, personId: personAt(random.pick(members)), amountFen: yuan(50) }]
    : []),
]

/** One more event of a case that a clerk could have recorded. */
function nextEvent(history: CaseHistory, random: Random): CaseEvent {
  const from = addMonths(start, random.below(14))
  const { members } = history
  if (!history.onRoll) {
    history.onRoll = true
    if (random.chance(0.25)) return openingPosition(random, members)
    return {
      type: 'EntryApproved',
      data: {
        confirmedOn: plainDate('2012-02-01'),
        firstMonth: addMonths(start, 1 + random.below(4)),
        continues: random.chance(0.2) ? caseAt(9999) : null,
        reason: '符合条件',
        by: clerk,
      },
    }
  }
  const choices: readonly (() => CaseEvent)[] = [
    () => ({
      type: 'BenefitGranted',
      data: { from, components: components(random, members), workings },
    }),
    () => ({
      type: 'BenefitAdjusted',
      data: {
        from,
        components: components(random, members),
        cause: { kind: 'income', note: random.pick(['收入变化', '提标']), document: null },
        workings,
        by: history.events.length % 2 === 0 ? clerk : null,
      },
    }),
    () => ({
      type: 'SupplementGranted',
      data: {
        month: from,
        component: ComponentName.parse('price-subsidy'),
        measure: random.pick(['cash', 'in-kind'] as const),
        amountFen: yuan(24),
        persons: [],
        supplementId: `s${history.events.length}`,
        document,
        by: clerk,
      },
    }),
    () => ({
      type: 'CaseMoved',
      data: {
        from,
        division: random.pick(villages),
        urbanRural: random.pick(['urban', 'rural'] as const),
        reason: '迁移',
        by: clerk,
      },
    }),
    () => ({
      type: 'CaseReclassified',
      data: { from, benefitClass: random.pick(classes), reason: '类别调整', by: clerk },
    }),
    () => ({
      type: 'MemberCircumstancesRecorded',
      data: {
        from,
        personId: personAt(random.pick(members)),
        circumstances: circumstances(random),
        reason: '变化',
        by: clerk,
      },
    }),
    () => ({
      type: 'HeadChanged',
      data: { from, personId: personAt(random.pick(members)), reason: '户主变更', by: clerk },
    }),
    () => ({
      type: 'HoldPlaced',
      data: { from, holdId: `h${history.events.length}`, reason: '待核' },
    }),
    () => ({
      type: 'HoldLifted',
      data: { from, holdId: `h${random.below(history.events.length)}`, reason: '核清' },
    }),
    () => ({
      type: 'IncomeAssessed',
      data: { from, monthlyIncomeFen: yuan(random.below(400)), basis: '入户核对', by: clerk },
    }),
    () => ({
      type: 'VerificationStepRecorded',
      data: { on: plainDate('2012-05-10'), step: 'survey', passed: true, note: null, by: clerk },
    }),
    () => ({
      type: 'GracePeriodStarted',
      data: { from, months: 3, reason: '就业', document, by: clerk },
    }),
    () => ({
      type: 'ReviewRecorded',
      data: {
        on: plainDate('2012-06-15'),
        level: 'village',
        kind: 'scheduled',
        result: 'unchanged',
        note: null,
        by: clerk,
      },
    }),
    () => memberLeaves(history, random),
    () => exits(history, random),
    () => retracts(history, random),
  ]
  return random.pick(choices)()
}

function openingPosition(random: Random, members: readonly number[]): CaseEvent {
  const history = [
    { from: start, to: addMonths(start, 1), components: components(random, members) },
    { from: addMonths(start, 2), to: addMonths(start, 3), components: components(random, members) },
  ]
  return {
    type: 'OpeningPositionRecorded',
    data: {
      entryMonth: start,
      settledThrough: addMonths(start, 3),
      source: '旧系统',
      history,
      by: clerk,
    },
  }
}

function memberLeaves(history: CaseHistory, random: Random): CaseEvent {
  const [, ...others] = history.members
  const gone = others.length > 0 ? random.pick(others) : history.at * 4 + 3
  history.members = history.members.filter((member) => member !== gone)
  const lastMonth = addMonths(start, random.below(10))
  return {
    type: 'MemberLeft',
    data: { lastMonth, personId: personAt(gone), reason: '死亡', died: true, by: clerk },
  }
}

function exits(history: CaseHistory, random: Random): CaseEvent {
  const hold: CaseEvent = {
    type: 'HoldPlaced',
    data: { from: start, holdId: `x${history.events.length}`, reason: '待核' },
  }
  if (history.left) return hold
  history.left = true
  return {
    type: 'ExitApproved',
    data: {
      lastMonth: addMonths(start, 5 + random.below(6)),
      reason: '收入超标',
      continuedBy: random.chance(0.2) ? caseAt(9998) : null,
      by: clerk,
    },
  }
}

const retractable = new Set([
  'ExitApproved',
  'MemberLeft',
  'CaseMoved',
  'BenefitGranted',
  'BenefitAdjusted',
  'SupplementGranted',
  'HoldPlaced',
])

function retracts(history: CaseHistory, random: Random): CaseEvent {
  const versions = history.events.flatMap(({ type }, version) =>
    retractable.has(type) ? [version] : [],
  )
  return {
    type: 'FactRetracted',
    data: {
      retractedOn: plainDate('2012-07-01'),
      retractsVersion: versions.length > 0 ? random.pick(versions) : 9999,
      reason: '录入错误',
      by: clerk,
    },
  }
}

/** Case events of several cases in a mixed order. */
export function randomCases(random: Random, size: { cases: number; events: number }): Written[] {
  const histories = Array.from({ length: size.cases }, (_, at) => openCase(at, random))
  const written: Written[] = []
  const opening = histories.flatMap((history) =>
    history.events.map((event) => ({ stream: `case-${caseAt(history.at)}`, event })),
  )
  for (const each of opening) written.push(each)
  while (written.length < size.events) {
    const history = random.pick(histories)
    const event = nextEvent(history, random)
    history.events.push(event)
    written.push({ stream: `case-${caseAt(history.at)}`, event })
  }
  return written
}
