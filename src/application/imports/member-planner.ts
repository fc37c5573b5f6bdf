import { headIn, membershipsOf, membersIn } from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import type { Circumstances } from '../../domain/case/events.js'
import type { Case } from '../../domain/case/facts.js'
import { DomainError } from '../../domain/errors.js'
import type { Month } from '../../domain/values/calendar.js'
import type { CaseId, PersonId } from '../../domain/values/identifiers.js'
import { caseStream } from '../streams.js'
import { memberColumnsOf } from './fault-columns.js'
import { correction, type Household, type PlannerParts } from './household-planner.js'
import type { TableRow } from './table-rows.js'
import type { MemberRow } from './tables.js'

interface Belonging {
  readonly household: Household
  readonly row: MemberRow
  readonly person: PersonId
  readonly from: Month
  readonly bornOn: Circumstances['bornOn']
}

const headWords = ['户主', '本人', 'head']

type MemberParts = Pick<PlannerParts, 'actor' | 'cases' | 'details' | 'faults' | 'people'>

/** Decides who belongs to a household, and what has changed about those who do. */
export class MemberPlanner {
  readonly #parts: MemberParts

  constructor(parts: MemberParts) {
    this.#parts = parts
  }

  /** How many of the rows change something. */
  plan(household: Household, rows: readonly TableRow<MemberRow>[]): number {
    const { faults, people } = this.#parts
    const seen = new Map<PersonId, number>()
    let changed = 0
    for (const each of rows) {
      const events = faults.during({ ...each.place, columns: memberColumnsOf(each.row) }, () => {
        const person = people.idOf(each.row)
        const otherLine = seen.get(person)
        if (otherLine !== undefined) throw new DomainError('row-twice', { otherLine })
        seen.set(person, each.place.line)
        return this.#member(household, { each, person })
      })
      if (events !== undefined && events > 0) changed += 1
    }
    return changed
  }

  #member(
    household: Household,
    { each, person }: { readonly each: TableRow<MemberRow>; readonly person: PersonId },
  ): number {
    const learned = this.#parts.details.learn(each, person)
    const registration = this.#parts.people.stateOf(person).details
    if (learned === undefined || !registration) return 0
    const { row } = each
    const { bornOn } = registration
    const state = this.#stateOf(household.caseId)
    const stay = membershipsOf(state).find(
      ({ personId, from }) => personId === person && (row.from === undefined || row.from === from),
    )
    if (stay) {
      const belonging = { household, row, person, from: stay.from }
      return learned + this.#correctMember({ ...belonging, bornOn })
    }
    const from = row.from ?? household.firstMonth
    return learned + this.#join({ household, row, person, from, bornOn })
  }

  #join({ household, row, person, from, bornOn }: Belonging): number {
    const { caseId } = household
    const circumstances: Circumstances = {
      assessed: row.assessed ?? true,
      covered: row.covered ?? true,
      classifications: row.classifications ?? [],
      bornOn,
    }
    const { covered } = circumstances
    const claim = claimOf({ household, from, covered })
    return (
      this.#parts.people.decide(person, claim) +
      this.#decide(caseId, {
        type: 'JoinMember',
        from,
        personId: person,
        relation: row.relation,
        head: isHead(row),
        circumstances,
        by: this.#parts.actor.sub,
      })
    )
  }

  #correctMember({ household, row, person, from, bornOn }: Belonging): number {
    const { caseId } = household
    const state = this.#stateOf(caseId)
    const known = membersIn(state, from).find(({ personId }) => personId === person)?.circumstances
    if (!known) return 0
    const circumstances: Circumstances = {
      assessed: row.assessed ?? known.assessed,
      covered: row.covered ?? known.covered,
      classifications: row.classifications ?? known.classifications,
      bornOn,
    }
    const { covered } = circumstances
    const by = this.#parts.actor.sub
    let events = 0
    if (covered !== known.covered) {
      const claim = claimOf({ household, from, covered })
      events += this.#parts.people.decide(person, claim)
    }
    const record = { type: 'RecordCircumstances', from, reason: correction, by } as const
    events += this.#decide(caseId, { ...record, personId: person, circumstances })
    if (isHead(row) && headIn(state, from) !== person) {
      const change = { type: 'ChangeHead', from, reason: correction, by } as const
      events += this.#decide(caseId, { ...change, personId: person })
    }
    return events
  }

  #stateOf(caseId: CaseId): Case {
    return this.#parts.cases.stateOf(caseStream(caseId))
  }

  #decide(caseId: CaseId, command: CaseCommand): number {
    return this.#parts.cases.decide(caseStream(caseId), command).length
  }
}

function claimOf({
  covered,
  from,
  household,
}: Omit<Belonging, 'row' | 'person' | 'bornOn'> & {
  readonly covered: boolean
}) {
  const { caseId, programme } = household
  return { type: 'ClaimEnrolment', from, caseId, programme, covered, campaign: null } as const
}

function isHead(row: MemberRow): boolean {
  return row.head ?? headWords.includes(row.relation)
}
