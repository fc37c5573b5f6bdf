import { benefitClassIn, placeIn, spellsOf } from '../../domain/case/case.js'
import type { CaseCommand } from '../../domain/case/commands.js'
import { type Case, factsOf } from '../../domain/case/facts.js'
import { DomainError } from '../../domain/errors.js'
import { assertDivision } from '../../domain/policy/divisions.js'
import type { ProgrammeDefinition } from '../../domain/policy/events.js'
import { type Policy, programmeOf } from '../../domain/policy/policy.js'
import { saysTheSame } from '../../domain/structural-equality.js'
import { firstDayOf, type Month, monthOf, type PlainDate } from '../../domain/values/calendar.js'
import { BenefitClass } from '../../domain/values/document.js'
import { type CaseId, type ImportId, ProgrammeCode } from '../../domain/values/identifiers.js'
import { type Actor, assertWithinScope } from '../caller.js'
import { caseStream } from '../streams.js'
import { caseColumns, memberColumnsOf } from './fault-columns.js'
import { caseIdOfHousehold } from './import-ids.js'
import { MemberPlanner } from './member-planner.js'
import { openingPositionOf } from './opening-history.js'
import type { People } from './people.js'
import type { PersonDetails } from './person-details.js'
import type { HouseholdGroup } from './plan-households.js'
import type { RowFaults } from './row-faults.js'
import type { StreamBook } from './stream-book.js'
import type { TableRow } from './table-rows.js'
import type { CaseRow, HistoryRow } from './tables.js'

export interface PlannerParts {
  readonly actor: Actor
  readonly cases: StreamBook<'case', Case, CaseCommand>
  readonly details: PersonDetails
  readonly faults: RowFaults
  readonly importId: ImportId
  /** Rows of members could not be read: whose, nobody knows. */
  readonly membersUnread: boolean
  readonly people: People
  readonly policy: Policy
  readonly today: PlainDate
}

/** One household while its rows are decided. */
export interface Household {
  readonly caseId: CaseId
  readonly programme: ProgrammeCode
  /** The month that a row without one of its own means. */
  readonly firstMonth: Month
}

const unnamedBasis = '按导入名册'
export const correction = '按导入名册更正'

/** Turns the rows about one household into commands, and decides them. */
export class HouseholdPlanner {
  readonly #parts: PlannerParts
  readonly #members: MemberPlanner

  constructor(parts: PlannerParts) {
    this.#parts = parts
    this.#members = new MemberPlanner(parts)
  }

  /** How many of the group's rows change something. */
  plan(group: HouseholdGroup): number {
    const { faults } = this.#parts
    const place = placeOf(group)
    if (!place) return 0
    const opened = faults.during(place, () => this.#open(group))
    if (!opened) return 0
    const { household } = opened
    const faultsBefore = faults.count
    const members = this.#members.plan(household, group.members)
    const membersRefused = this.#parts.membersUnread || faults.count > faultsBefore
    const position = faults.during(place, () =>
      group.own
        ? {
            income: this.#income(household, group.own.row),
            events: this.#position(household, { ...group, row: group.own.row, membersRefused }),
          }
        : undefined,
    )
    const own = opened.events + (position?.income ?? 0) + (position?.events ?? 0) > 0 ? 1 : 0
    return members + own + ((position?.events ?? 0) > 0 ? group.history.length : 0)
  }

  #open(group: HouseholdGroup): { readonly household: Household; readonly events: number } {
    const caseId = caseIdOfHousehold(group.householdNumber)
    const state = this.#stateOf(caseId)
    const known = factsOf(state, 'CaseOpened')[0]?.data
    if (!group.own) {
      if (!known) throw new DomainError('household-unknown', { household: group.householdNumber })
      const firstMonth = firstMonthOf(state, known)
      const place = placeIn(state, firstMonth)
      if (place) assertWithinScope(this.#parts.actor, place.division)
      return {
        household: { caseId, programme: known.programme, firstMonth },
        events: 0,
      }
    }
    const { row } = group.own
    assertWithinScope(this.#parts.actor, row.division)
    const { programme, urbanRural } = this.#programmeOf(row.programme)
    const firstMonth = monthOfRow(row)
    const household = { caseId, programme, firstMonth }
    if (!known) {
      const placed = { urbanRural: row.urban_rural ?? urbanRural, row }
      return { household, events: this.#openCase(household, placed) }
    }
    if (known.programme !== programme)
      throw new DomainError('case-already-opened', { programme: known.programme })
    return { household, events: this.#correctCase(household, row) }
  }

  /** By code, or by the Chinese name that the policy gives it. */
  #programmeOf(name: string): ProgrammeDefinition {
    const { policy } = this.#parts
    const code = ProgrammeCode.safeParse(name)
    if (code.success) return programmeOf(policy, code.data)
    const found = policy.programmes
      .flatMap(({ definitions }) => definitions)
      .findLast(({ definition }) => definition.nameZh === name)
    if (!found) throw new DomainError('programme-unknown', { programme: name })
    return found.definition
  }

  #openCase(
    { caseId, programme, firstMonth }: Household,
    { row, urbanRural }: { readonly row: CaseRow; readonly urbanRural: 'urban' | 'rural' | 'none' },
  ): number {
    const openedOn = row.opened_on ?? firstDayOf(firstMonth)
    assertDivision(this.#parts.policy, { division: row.division, on: openedOn })
    return this.#decide(caseId, {
      type: 'OpenCase',
      caseId,
      programme,
      division: row.division,
      urbanRural,
      benefitClass: row.class ?? BenefitClass.parse('general'),
      openedOn,
      importId: this.#parts.importId,
      by: this.#parts.actor.sub,
    })
  }

  #correctCase({ caseId, firstMonth: from }: Household, row: CaseRow): number {
    const state = this.#stateOf(caseId)
    const place = placeIn(state, from)
    const by = this.#parts.actor.sub
    let events = 0
    if (place) assertWithinScope(this.#parts.actor, place.division)
    const urbanRural = row.urban_rural ?? place?.urbanRural ?? 'none'
    if (place?.division !== row.division || place.urbanRural !== urbanRural) {
      assertDivision(this.#parts.policy, { division: row.division, on: firstDayOf(from) })
      const move = { type: 'MoveCase', from, urbanRural, reason: correction, by } as const
      events += this.#decide(caseId, { ...move, division: row.division })
    }
    if (row.class !== undefined && benefitClassIn(state, from) !== row.class) {
      const change = { type: 'ReclassifyCase', from, reason: correction, by } as const
      events += this.#decide(caseId, { ...change, benefitClass: row.class })
    }
    return events
  }

  #income({ caseId, firstMonth }: Household, row: CaseRow): number {
    if (row.income === undefined) return 0
    return this.#decide(caseId, {
      type: 'AssessIncome',
      from: row.income_from ?? firstMonth,
      monthlyIncomeFen: row.income,
      basis: row.income_basis ?? row.source ?? unnamedBasis,
      by: this.#parts.actor.sub,
    })
  }

  /** A position that is reported otherwise takes the place of the one before it. */
  #position(
    { caseId, programme }: Household,
    reported: {
      readonly row: CaseRow
      readonly history: readonly TableRow<HistoryRow>[]
      readonly membersRefused: boolean
    },
  ): number {
    const { row, history, membersRefused } = reported
    const { policy, actor, today } = this.#parts
    const state = this.#stateOf(caseId)
    const taking = { row, history, membersRefused, state, policy, programme }
    const position = openingPositionOf({ ...taking, division: row.division })
    const known = factsOf(state, 'OpeningPositionRecorded').at(-1)
    const by = actor.sub
    if (!position || saysTheSame({ ...known?.data, by }, { ...position, by })) return 0
    const retracted = known
      ? this.#decide(caseId, {
          type: 'RetractFact',
          retractedOn: today,
          retractsVersion: known.version,
          reason: correction,
          by,
        })
      : 0
    return retracted + this.#decide(caseId, { type: 'RecordOpeningPosition', ...position, by })
  }

  #stateOf(caseId: CaseId): Case {
    return this.#parts.cases.stateOf(caseStream(caseId))
  }

  #decide(caseId: CaseId, command: CaseCommand): number {
    return this.#parts.cases.decide(caseStream(caseId), command).length
  }
}

/** The row that stands for the household: its own, else the first of its members. */
function placeOf({ members, own }: HouseholdGroup) {
  if (own) return { ...own.place, columns: caseColumns }
  const [first] = members
  return first && { ...first.place, columns: memberColumnsOf(first.row) }
}

function monthOfRow(row: CaseRow): Month {
  if (row.entry_month) return row.entry_month
  if (row.opened_on) return monthOf(row.opened_on)
  throw new DomainError('cell-empty', { column: '首次享受月 / 申请日期' })
}

function firstMonthOf(state: Case, { openedOn }: { readonly openedOn: PlainDate }): Month {
  return spellsOf(state)[0]?.from ?? monthOf(openedOn)
}
