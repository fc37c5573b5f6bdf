import { isOnRoll, openingOf, settledThroughOf } from '../domain/case/case.js'
import type { CaseEvent } from '../domain/case/events.js'
import { evolveCase, noCase } from '../domain/case/facts.js'
import type { BenefitComponent, Workings } from '../domain/case/workings.js'
import { decisionIn, isSupplementOwedIn, monthlyAmountIn } from '../domain/entitlement/timeline.js'
import { DomainError } from '../domain/errors.js'
import type { Month } from '../domain/values/calendar.js'
import type { CaseId, Ordinal } from '../domain/values/identifiers.js'
import { type Fen, formatYuan } from '../domain/values/money.js'
import { codec, type Recorded } from '../event-store/codec.js'
import type { EventStore } from '../event-store/event-store.js'
import { componentWord } from './component-words.js'
import { caseEventWords } from './event-words.js'
import { caseStream } from './streams.js'

export interface ExplainAsked {
  readonly caseId: CaseId
  readonly month: Month
  /** As known at this ordinal; everything when not given. */
  readonly knownAt?: Ordinal | undefined
}

/** Why a case gets what it gets in a month: read from the log, never from today's policy. */
export interface Explanation {
  readonly caseId: CaseId
  readonly programme: string
  readonly month: Month
  readonly onRoll: boolean
  readonly amountFen: Fen
  readonly components: readonly BenefitComponent[]
  /** Null where the amount was taken over: reported by its source. */
  readonly workings: Workings | null
  /** The decision in force; null where there is none. */
  readonly decidedBy: Recorded<CaseEvent> | null
  /** Amounts beside the monthly one. */
  readonly supplements: readonly Recorded<CaseEvent>[]
  /** Granted for the month, and owed no longer since it is off the roll. */
  readonly supplementsLapsed: readonly Recorded<CaseEvent>[]
  /** All of the case as known then, in order. */
  readonly events: readonly Recorded<CaseEvent>[]
}

/** Explains a month of a case. Errors: 'case-unknown'. */
export async function explainCase(
  store: Pick<EventStore, 'readStream'>,
  { caseId, month, knownAt }: ExplainAsked,
): Promise<Explanation> {
  const stored = await store.readStream(caseStream(caseId).name)
  const events = stored
    .filter(({ ordinal }) => knownAt === undefined || ordinal <= knownAt)
    .map((event) => codec.decode('case', event))
  const state = events.reduce(evolveCase, noCase)
  const opening = openingOf(state)
  if (!opening) throw new DomainError('case-unknown', { caseId })
  const standing = standingOf(events)
  const onRoll = isOnRoll(state, month)
  const decision = onRoll ? decisionIn(state, month) : undefined
  const granted = standing.filter(
    (event) => event.type === 'SupplementGranted' && event.data.month === month,
  )
  const areOwed = isSupplementOwedIn(state, month)
  const decidedBy = standing.find(({ version }) => version === decision?.version) ?? null
  return {
    caseId,
    programme: opening.programme,
    month,
    onRoll,
    amountFen: onRoll ? monthlyAmountIn(state, month) : monthlyAmountIn(noCase, month),
    components: decision?.components ?? [],
    workings: month <= (settledThroughOf(state) ?? '') ? null : workingsOf(decidedBy),
    decidedBy,
    supplements: areOwed ? granted : [],
    supplementsLapsed: areOwed ? [] : granted,
    events,
  }
}

type Events = readonly Recorded<CaseEvent>[]

/** What was not retracted. */
function standingOf(events: Events): Events {
  const retracted = new Set(
    events.flatMap((event) => (event.type === 'FactRetracted' ? event.data.retractsVersion : [])),
  )
  return events.filter(({ version }) => !retracted.has(version))
}

function workingsOf(event: Recorded<CaseEvent> | null): Workings | null {
  const isDecision = event?.type === 'BenefitGranted' || event?.type === 'BenefitAdjusted'
  return isDecision ? event.data.workings : null
}

/** The explanation as lines that people read. */
export function explanationLines(explanation: Explanation): readonly string[] {
  const { caseId, decidedBy, events, month, onRoll, programme } = explanation
  return [
    `个案 case ${caseId} · ${programme} · ${month}`,
    onRoll ? `在册 on the roll` : `不在册 not on the roll`,
    `月保障金额 monthly amount ${formatYuan(explanation.amountFen)} 元`,
    ...explanation.components.map(({ component, amountFen, personId }) => {
      const whose = personId ? ` (${personId})` : ''
      return `  ${saidComponent(component)} ${formatYuan(amountFen)} 元${whose}`
    }),
    ...(decidedBy ? [decisionLine(decidedBy), handsLine(decidedBy, events)] : []),
    ...workingLines(explanation),
    ...supplementLines(explanation.supplements, '另发 beside it'),
    ...supplementLines(explanation.supplementsLapsed, '不在册，不再应发 off the roll, not owed'),
    '事件 events',
    ...events.map(eventLine),
  ]
}

function supplementLines(supplements: Events, what: string): readonly string[] {
  return supplements.flatMap((event) =>
    event.type === 'SupplementGranted'
      ? [
          `${what} ${saidComponent(event.data.component)} ` +
            `${formatYuan(event.data.amountFen)} 元 ` +
            `${event.data.document.number} #${event.ordinal}`,
        ]
      : [],
  )
}

function saidComponent(component: string): string {
  const word = componentWord(component)
  return word ? `${word} ${component}` : component
}

type CaseFact = Recorded<CaseEvent>

function decisionLine({ ordinal, type }: CaseFact): string {
  return `依据 decided by #${ordinal} ${caseEventWords[type]} ${type}`
}

function eventLine(event: CaseFact): string {
  const { actor, effective, ordinal, recorded, type } = event
  const prepared = preparerOf(event)
  const hands = prepared === actor ? actor : `经办 ${prepared} 写入 ${actor}`
  return `  #${ordinal} ${recorded} ${effective} ${caseEventWords[type]} ${type} ${hands}`
}

/** Whose fact it is: the rows of a file are those of who prepared it, whoever had it written. */
function preparerOf({ actor, data }: CaseFact): string {
  return 'by' in data && data.by !== null ? data.by : actor
}

const decisions: readonly CaseEvent['type'][] = [
  'BenefitGranted',
  'BenefitAdjusted',
  'ExitApproved',
  'OpeningPositionRecorded',
]

/** Who recorded what the decision rests on, since the one before it; and who decided. */
function handsLine(decidedBy: CaseFact, events: Events): string {
  const earlier = events.filter(({ version }) => version < decidedBy.version)
  const since = earlier.findLast(({ type }) => decisions.includes(type))?.version ?? -1
  const isImport = decidedBy.type === 'OpeningPositionRecorded'
  const facts = earlier.filter(({ version }) => version > since).map(preparerOf)
  const prepared = new Set(isImport ? [preparerOf(decidedBy)] : facts)
  const { actor, data } = decidedBy
  if (!isImport) prepared.delete(actor)
  const approved = 'by' in data && data.by === null ? '按规则自动 by the rule' : actor
  return `经办 prepared by ${[...prepared].join('、') || '—'}，批准 approved by ${approved}`
}

function workingLines({ decidedBy, workings }: Explanation): readonly string[] {
  if (!workings)
    return decidedBy?.type === 'OpeningPositionRecorded'
      ? [`  来源 as reported by ${decidedBy.data.source}`]
      : []
  return [
    ...workings.standards.map(
      ({ benefitClass, document, from, monthlyFen }) =>
        `  标准 standard ${benefitClass} ${formatYuan(monthlyFen)} 元/月, ${from}, ${document.number}`,
    ),
    `  规则 rule from ${workings.ruleFrom}, ${workings.ruleDocument.number}`,
    `  保障 covered ${workings.coveredMembers}, 计入收入 assessed ${workings.assessedMembers}, ` +
      `收入 income ${formatYuan(workings.householdIncomeFen)} 元`,
    ...workings.steps.map(({ what, amountFen }) => `  ${what} = ${formatYuan(amountFen)} 元`),
  ]
}
