import type { CaseEvent, Circumstances } from '../../domain/case/events.js'
import type { BenefitComponent } from '../../domain/case/workings.js'
import { monthIndex } from '../../domain/values/calendar.js'
import type { Recorded } from '../../event-store/codec.js'

/**
 * A case read by hand, month by month: what do the events that stand say of this month? It shares
 * nothing with the timeline of the domain, so that one can show a mistake of the other. Months are
 * indices throughout.
 */
export class PlainCase {
  readonly #stands: readonly Recorded<CaseEvent>[]
  /** Somebody once put it on a roll, rightly or not. */
  readonly hasRoll: boolean

  constructor(events: readonly Recorded<CaseEvent>[]) {
    const begins: readonly CaseEvent['type'][] = ['EntryApproved', 'OpeningPositionRecorded']
    this.hasRoll = events.some(({ type }) => begins.includes(type))
    this.#stands = events.filter((event) => {
      const isRetracted = events.some(
        (other) =>
          other.type === 'FactRetracted' &&
          other.version > event.version &&
          other.data.retractsVersion === event.version,
      )
      return event.type !== 'FactRetracted' && !isRetracted
    })
  }

  get stands(): readonly Recorded<CaseEvent>[] {
    return this.#stands
  }

  all<Type extends CaseEvent['type']>(type: Type): readonly EventOfType<Type>[] {
    return this.#stands.filter((event): event is EventOfType<Type> => event.type === type)
  }

  get opened(): EventOfType<'CaseOpened'> | undefined {
    return this.all('CaseOpened')[0]
  }

  /** The event that says where the case is in a month. */
  placeAt(month: number): EventOfType<'CaseMoved' | 'CaseOpened'> | undefined {
    const moves = this.all('CaseMoved').filter((move) => monthIndex(move.data.from) <= month)
    return latest(moves, (move) => monthIndex(move.data.from)) ?? this.opened
  }

  classAt(month: number): string | undefined {
    const changes = this.all('CaseReclassified').filter(
      (change) => monthIndex(change.data.from) <= month,
    )
    const change = latest(changes, (each) => monthIndex(each.data.from))
    return change?.data.benefitClass ?? this.opened?.data.benefitClass
  }

  /** Programme, division, urban or rural, class. */
  cellAt(month: number): readonly string[] {
    const place = this.placeAt(month)?.data
    const programme = this.opened?.data.programme
    const benefitClass = this.classAt(month)
    return [programme ?? '', place?.division ?? '', place?.urbanRural ?? '', benefitClass ?? '']
  }

  get stays(): readonly Stay[] {
    const starts: Start[] = [
      ...this.all('OpeningPositionRecorded').map((event) => ({
        from: monthIndex(event.data.entryMonth),
        event,
      })),
      ...this.all('EntryApproved').map((event) => ({
        from: monthIndex(event.data.firstMonth),
        event,
      })),
    ]
    starts.sort((a, b) => a.from - b.from || a.event.version - b.event.version)
    return starts.map((start, at) => {
      const nextFrom = starts[at + 1]?.from ?? forEver + 1
      const exits = this.all('ExitApproved').filter((exit) => {
        const last = monthIndex(exit.data.lastMonth)
        // The exit stands when the position that it followed is put right.
        const isTaken = start.event.type === 'OpeningPositionRecorded'
        const isAfter = isTaken || exit.version > start.event.version
        return isAfter && last >= start.from - 1 && last < nextFrom
      })
      // Of several exits of one stay the last recorded counts.
      const exit = exits.at(-1)
      return { ...start, to: exit ? monthIndex(exit.data.lastMonth) : forEver, exit }
    })
  }

  staysAt(month: number): readonly Stay[] {
    return this.stays.filter((stay) => stay.from <= month && month <= stay.to)
  }

  get memberships(): readonly PlainMembership[] {
    return this.all('MemberJoined').map((joined) => {
      const from = monthIndex(joined.data.from)
      const leaves = this.all('MemberLeft').filter(
        (leave) =>
          leave.data.personId === joined.data.personId &&
          leave.version > joined.version &&
          monthIndex(leave.data.lastMonth) >= from - 1,
      )
      const left = earliest(leaves, (leave) => monthIndex(leave.data.lastMonth))
      return {
        personId: joined.data.personId,
        from,
        to: left ? monthIndex(left.data.lastMonth) : forEver,
        joined,
        left,
      }
    })
  }

  membersAt(month: number): readonly PlainMembership[] {
    return this.memberships.filter((member) => member.from <= month && month <= member.to)
  }

  coveredAt(month: number): readonly string[] {
    return this.membersAt(month)
      .filter((member) => this.isCoveredAt(member, month))
      .map((member) => member.personId)
  }

  isCoveredAt(member: PlainMembership, month: number): boolean {
    return this.#circumstancesAt(member, month).covered
  }

  #circumstancesAt(member: PlainMembership, month: number): Circumstances {
    const recorded = this.all('MemberCircumstancesRecorded').filter(({ data, version }) => {
      const from = monthIndex(data.from)
      const isTheirs = data.personId === member.personId && version > member.joined.version
      return isTheirs && from >= member.from && from <= month
    })
    const last = latest(recorded, (event) => monthIndex(event.data.from))
    return last?.data.circumstances ?? member.joined.data.circumstances
  }

  headAt(month: number): string | undefined {
    const members = this.membersAt(month).map((member) => member.personId)
    const named = [
      ...this.all('MemberJoined').filter((event) => event.data.head),
      ...this.all('HeadChanged'),
    ].filter(({ data }) => monthIndex(data.from) <= month && members.includes(data.personId))
    return latest(named, (event) => monthIndex(event.data.from))?.data.personId ?? members[0]
  }

  /** The decision about the monthly amount in force: its month, its event, its components. */
  decisionAt(month: number): PlainDecision | undefined {
    const opening = this.all('OpeningPositionRecorded').flatMap((event) =>
      event.data.history.map((part) => ({ ...part, from: monthIndex(part.from), event })),
    )
    const decided = [...this.all('BenefitGranted'), ...this.all('BenefitAdjusted')].map(
      (event) => ({
        from: monthIndex(event.data.from),
        components: event.data.components,
        event,
      }),
    )
    const stay = this.stays.filter((each) => each.from <= month).at(-1)
    const begun = [...opening, ...decided].filter(
      (decision) => decision.from <= month && (!stay || this.#isOf(stay, decision)),
    )
    let best: PlainDecision | undefined
    for (const decision of begun) {
      const isLater =
        !best ||
        decision.from > best.from ||
        (decision.from === best.from && decision.event.version >= best.event.version)
      if (isLater) best = decision
    }
    return best
  }

  /** A decision is of the stay that had begun when it was taken, for a month from its first on. */
  #isOf(stay: Stay, { event, from }: PlainDecision): boolean {
    if (from < stay.from) return false
    if (event.type === 'OpeningPositionRecorded' || event.version > stay.event.version) return true
    // A position that was put right leaves what was decided of the months after it.
    return stay.event.type === 'OpeningPositionRecorded' && from > this.settledThrough
  }

  amountAt(month: number): number {
    const components = this.decisionAt(month)?.components ?? []
    return components.reduce((sum, component) => sum + component.amountFen, 0)
  }

  /** The last month that somebody else settled; before every month when there is none. */
  get settledThrough(): number {
    const opening = this.all('OpeningPositionRecorded').at(-1)
    return opening ? monthIndex(opening.data.settledThrough) : -1
  }

  isGraceAt(month: number): boolean {
    return this.all('GracePeriodStarted').some(({ data }) => {
      const first = monthIndex(data.from)
      return first <= month && month <= first + data.months - 1
    })
  }
}

export type EventOfType<Type extends CaseEvent['type']> = Extract<
  Recorded<CaseEvent>,
  { type: Type }
>

interface Start {
  readonly from: number
  readonly event: EventOfType<'OpeningPositionRecorded' | 'EntryApproved'>
}

export interface Stay extends Start {
  readonly to: number
  readonly exit: EventOfType<'ExitApproved'> | undefined
}

export interface PlainMembership {
  readonly personId: string
  readonly from: number
  readonly to: number
  readonly joined: EventOfType<'MemberJoined'>
  readonly left: EventOfType<'MemberLeft'> | undefined
}

export interface PlainDecision {
  readonly from: number
  readonly components: readonly BenefitComponent[]
  readonly event: EventOfType<'OpeningPositionRecorded' | 'BenefitGranted' | 'BenefitAdjusted'>
}

/** December 2199: what has no end ends here. */
export const forEver = 2199 * 12 + 11

interface Versioned {
  readonly version: number
}

/** The one of the greatest month; of several, the one recorded last. */
function latest<Event extends Versioned>(
  events: readonly Event[],
  monthOf: (event: Event) => number,
): Event | undefined {
  let best: Event | undefined
  for (const event of events) {
    const [month, other] = [monthOf(event), best ? monthOf(best) : -1]
    if (!best || month > other || (month === other && event.version > best.version)) best = event
  }
  return best
}

/** The one of the smallest month; of several, the one recorded first. */
function earliest<Event extends Versioned>(
  events: readonly Event[],
  monthOf: (event: Event) => number,
): Event | undefined {
  let best: Event | undefined
  for (const event of events) {
    const [month, other] = [monthOf(event), best ? monthOf(best) : -1]
    if (!best || month < other || (month === other && event.version < best.version)) best = event
  }
  return best
}
