import { monthIndex } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import type { BenefitClass, UrbanRural } from '../../domain/values/document.js'
import type { CaseId, PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import type { Fen } from '../../domain/values/money.js'
import { type Asked, conditionsOf, knownAt, knownRow, Parameters, scopeOf } from '../question.js'
import type { AsOf, ReadModel, ReadSession } from '../read-model.js'
import { sumsOf } from '../totals/sums.js'

/** Where a page begins: after this case, in the order of division, then case. */
export interface CaseKey {
  readonly division: DivisionCode
  readonly caseId: CaseId
}

/** One case on the roll of a month. */
export interface RollRow extends CaseKey {
  readonly programme: ProgrammeCode
  readonly urbanRural: UrbanRural
  readonly benefitClass: BenefitClass
  /** Taken over, not proven by this ledger. */
  readonly reported: boolean
  /** 渐退期. */
  readonly grace: boolean
  readonly headPersonId: PersonId | null
  /** Covered persons in the month. */
  readonly persons: readonly PersonId[]
  /** Monthly cash in the month, supplements of one month not included. */
  readonly monthlyAmountFen: Fen
}

export interface RollAsked extends Asked {
  readonly after?: CaseKey | undefined
  readonly limit: number
}

/** A page of the roll of one month; the next begins after its last row. */
export async function rollPage(
  model: ReadModel,
  asked: RollAsked,
): Promise<{ readonly rows: readonly RollRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => ({
    rows: await rollRows(session, asked),
    asOf: session.asOf,
  }))
}

async function rollRows(session: ReadSession, asked: RollAsked): Promise<readonly RollRow[]> {
  const parameters = new Parameters()
  const ordinal = parameters.add(knownAt(session, asked))
  const month = parameters.add(monthIndex(asked.month))
  const conditions = [conditionsOf(asked, await scopeOf(session, asked), parameters)]
  if (asked.after) {
    const division = parameters.add(asked.after.division)
    conditions.push(`(division, case_id) > (${division}, ${parameters.add(asked.after.caseId)})`)
  }
  const inForce = `from_month <= ${month} AND to_month >= ${month} AND ${knownRow(ordinal)}`
  const statement = `
    WITH page AS (
      SELECT case_id, division, programme, urban_rural, benefit_class, reported, grace
      FROM roll_case
      WHERE ${conditions.join(' AND ')} AND ${inForce}
      ORDER BY division, case_id
      LIMIT ${parameters.add(asked.limit)}
    )
    SELECT page.case_id AS "caseId", page.division, page.programme,
      page.urban_rural AS "urbanRural", page.benefit_class AS "benefitClass",
      page.reported, page.grace,
      (SELECT person_id FROM case_head
        WHERE case_head.case_id = page.case_id AND ${inForce}) AS "headPersonId",
      ARRAY(SELECT person_id FROM roll_member
        WHERE roll_member.case_id = page.case_id AND ${inForce}
        ORDER BY person_id) AS persons,
      (SELECT COALESCE(SUM(amount_fen), 0)::bigint FROM entitlement
        WHERE entitlement.case_id = page.case_id AND monthly AND measure = 'cash'
          AND ${inForce}) AS "monthlyAmountFen"
    FROM page
    ORDER BY page.division, page.case_id`
  return session.rows<RollRow>(statement, parameters.values)
}

/** 户 and 人 on the roll of a month. */
export async function rollCount(
  model: ReadModel,
  asked: Asked,
): Promise<{ readonly households: number; readonly persons: number; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const [sum] = await sumsOf(session, {
      ...asked,
      topic: 'roll',
      groupBy: [],
      months: { to: asked.month },
    })
    return {
      households: sum?.households ?? 0,
      persons: sum?.persons ?? 0,
      asOf: session.asOf,
    }
  })
}

export type RollGroup = 'programme' | 'division' | 'urbanRural' | 'benefitClass'

const columnOfGroup = {
  programme: 'programme',
  division: 'division',
  urbanRural: 'urban_rural',
  benefitClass: 'benefit_class',
} as const

export interface RollCountRow extends Partial<Readonly<Record<RollGroup, string>>> {
  readonly households: number
  readonly persons: number
}

/** The roll of a month counted by some of its attributes; groups without anyone are left out. */
export async function rollCounts(
  model: ReadModel,
  asked: Asked & { readonly groupBy: readonly RollGroup[] },
): Promise<{ readonly rows: readonly RollCountRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const sums = await sumsOf(session, {
      ...asked,
      topic: 'roll',
      groupBy: asked.groupBy.map((group) => columnOfGroup[group]),
      months: { to: asked.month },
    })
    const rows = sums
      .filter((sum) => sum.households !== 0 || sum.persons !== 0)
      .map((sum) => ({
        ...Object.fromEntries(
          asked.groupBy.map((group) => [group, String(sum[columnOfGroup[group]])]),
        ),
        households: sum.households,
        persons: sum.persons,
      }))
    return { rows, asOf: session.asOf }
  })
}
