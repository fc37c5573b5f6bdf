import type { MovementKind } from '../../domain/entitlement/movements.js'
import { DomainError } from '../../domain/errors.js'
import { type Month, monthIndex, previousMonth } from '../../domain/values/calendar.js'
import type { PersonId, ProgrammeCode } from '../../domain/values/identifiers.js'
import { type Asked, conditionsOf, knownAt, knownRow, Parameters, scopeOf } from '../question.js'
import type { AsOf, ReadModel, ReadSession } from '../read-model.js'
import { sumsOf } from '../totals/sums.js'
import type { CaseKey } from './roll.js'

export interface RollSum {
  readonly households: number
  readonly persons: number
}

export interface MovementSum extends RollSum {
  /** The monthly money that came or went with them. */
  readonly amountFen: number
}

export interface MovementsAsked extends Omit<Asked, 'month'> {
  /** Both inside; the opening is the roll of the month before `from`. */
  readonly from: Month
  readonly to: Month
}

/** What changed a roll from one month to another. */
export interface MovementTotals {
  readonly opening: RollSum
  readonly entry: MovementSum
  readonly exit: MovementSum
  readonly transferIn: MovementSum
  readonly transferOut: MovementSum
  readonly takenOver: MovementSum
  readonly increase: MovementSum
  readonly decrease: MovementSum
  readonly closing: RollSum
  readonly reasons: readonly (MovementSum & {
    readonly kind: MovementKind
    readonly reason: string
  })[]
  readonly asOf: AsOf
}

const nothing: MovementSum = { households: 0, persons: 0, amountFen: 0 }

/**
 * 新增 and 退出 of a span of months with the roll before and after. Transfers whose two ends both lie
 * in what was asked cancel. Opening + entries + taken over + transfers in − exits − transfers out =
 * closing, for households and persons, or 'identity-violated': rolls and movements come from
 * different rows.
 */
export async function movementTotals(
  model: ReadModel,
  asked: MovementsAsked,
): Promise<MovementTotals> {
  return model.read(async (session) => {
    const narrowed = { ...asked, month: asked.to }
    const kinds = await sumsOf(session, {
      ...narrowed,
      topic: 'movement',
      groupBy: ['detail', 'qualifier'],
      months: { from: asked.from, to: asked.to },
    })
    const reasons = kinds.map((row) => ({
      kind: kindOf(row.detail),
      reason: String(row.qualifier),
      households: row.households,
      persons: row.persons,
      amountFen: row.amount_fen,
    }))
    const inside = await transfersInside(session, asked)
    const of = (kind: MovementKind) => summed(reasons.filter((row) => row.kind === kind))
    const totals = {
      opening: await rollIn(session, narrowed, previousMonth(asked.from)),
      entry: of('entry'),
      exit: of('exit'),
      transferIn: less(of('transfer-in'), inside),
      transferOut: less(of('transfer-out'), inside),
      takenOver: of('taken-over'),
      increase: of('increase'),
      decrease: of('decrease'),
      closing: await rollIn(session, narrowed, asked.to),
    }
    assertIdentity(totals, asked)
    return { ...totals, reasons, asOf: session.asOf }
  })
}

const kinds = [
  'entry',
  'exit',
  'transfer-in',
  'transfer-out',
  'taken-over',
  'increase',
  'decrease',
] as const satisfies readonly MovementKind[]

function kindOf(detail: unknown): MovementKind {
  const kind = kinds.find((each) => each === detail)
  if (!kind) throw new Error('a movement of no kind')
  return kind
}

function summed(rows: readonly MovementSum[]): MovementSum {
  return rows.reduce(
    (sum, row) => ({
      households: sum.households + row.households,
      persons: sum.persons + row.persons,
      amountFen: sum.amountFen + row.amountFen,
    }),
    nothing,
  )
}

function less(sum: MovementSum, part: MovementSum): MovementSum {
  return {
    households: sum.households - part.households,
    persons: sum.persons - part.persons,
    amountFen: sum.amountFen - part.amountFen,
  }
}

/** The roll of a month in the places of `asked.month`, so that a merger is no movement. */
async function rollIn(session: ReadSession, asked: Asked, month: Month): Promise<RollSum> {
  const months = { to: month }
  const [roll] = await sumsOf(session, { ...asked, topic: 'roll', groupBy: [], months })
  return { households: roll?.households ?? 0, persons: roll?.persons ?? 0 }
}

/** What left one cell of those asked and arrived in another of them in the same month. */
async function transfersInside(session: ReadSession, asked: MovementsAsked): Promise<MovementSum> {
  const parameters = new Parameters()
  const narrowed = { ...asked, month: asked.to }
  const ordinal = parameters.add(knownAt(session, asked))
  const scope = await scopeOf(session, narrowed)
  const months = [parameters.add(monthIndex(asked.from)), parameters.add(monthIndex(asked.to))]
  const within = `${conditionsOf(asked, scope, parameters)} AND ${knownRow(ordinal)}
    AND month BETWEEN ${months.join(' AND ')}`
  const columns = 'case_id, counterpart, month, version, households, persons, amount_fen'
  const statement = `
    WITH gone AS (
      SELECT ${columns} FROM movement WHERE kind = 'transfer-out' AND ${within}
    ), come AS (
      SELECT ${columns} FROM movement WHERE kind = 'transfer-in' AND ${within}
    )
    SELECT COALESCE(SUM(LEAST(come.households, gone.households)), 0)::bigint AS households,
      COALESCE(SUM(LEAST(come.persons, gone.persons)), 0)::bigint AS persons,
      COALESCE(SUM(LEAST(come.amount_fen, gone.amount_fen)), 0)::bigint AS "amountFen"
    FROM come
    JOIN gone ON gone.month = come.month
      AND gone.case_id = come.counterpart AND gone.counterpart = come.case_id
      AND (gone.case_id <> come.case_id OR gone.version = come.version)`
  const [inside] = await session.rows<MovementSum>(statement, parameters.values)
  return inside ?? nothing
}

function assertIdentity(
  totals: Omit<MovementTotals, 'reasons' | 'asOf'>,
  asked: MovementsAsked,
): void {
  for (const unit of ['households', 'persons'] as const) {
    const { opening, entry, exit, transferIn, transferOut, takenOver, closing } = totals
    const came = entry[unit] + transferIn[unit] + takenOver[unit]
    const expected = opening[unit] + came - exit[unit] - transferOut[unit]
    if (expected === closing[unit]) continue
    throw new DomainError('identity-violated', {
      division: asked.division,
      from: asked.from,
      to: asked.to,
      unit,
      expected,
      closing: closing[unit],
    })
  }
}

/** One movement with the event that caused it: version `version` of the stream `case-<caseId>`. */
export interface MovementRow extends CaseKey, MovementSum {
  readonly rowNo: number
  readonly month: Month
  readonly programme: ProgrammeCode
  readonly urbanRural: string
  readonly benefitClass: string
  readonly kind: MovementKind
  readonly reason: string
  readonly personId: PersonId | null
  readonly version: number
  readonly knownFrom: number
}

export interface MovementListAsked extends Asked {
  readonly kinds?: readonly MovementKind[] | undefined
  readonly after?: (CaseKey & { readonly rowNo: number }) | undefined
  readonly limit: number
}

/** The single movements of one month, in the order of division, case and row. */
export async function movementList(
  model: ReadModel,
  asked: MovementListAsked,
): Promise<{ readonly rows: readonly MovementRow[]; readonly asOf: AsOf }> {
  return model.read(async (session) => {
    const parameters = new Parameters()
    const ordinal = parameters.add(knownAt(session, asked))
    const conditions = [
      `month = ${parameters.add(monthIndex(asked.month))}`,
      conditionsOf(asked, await scopeOf(session, asked), parameters),
      knownRow(ordinal),
    ]
    if (asked.kinds) conditions.push(`kind = ANY(${parameters.add(asked.kinds)})`)
    if (asked.after) {
      const { division, caseId, rowNo } = asked.after
      const after = [division, caseId, rowNo].map((value) => parameters.add(value))
      conditions.push(`(division, case_id, row_no) > (${after.join(', ')})`)
    }
    const statement = `
      SELECT case_id AS "caseId", row_no AS "rowNo", division, programme,
        urban_rural AS "urbanRural", benefit_class AS "benefitClass", kind, households, persons,
        amount_fen AS "amountFen", reason, person_id AS "personId", version,
        known_from AS "knownFrom"
      FROM movement
      WHERE ${conditions.join(' AND ')}
      ORDER BY division, case_id, row_no
      LIMIT ${parameters.add(asked.limit)}`
    const rows = await session.rows<Omit<MovementRow, 'month'>>(statement, parameters.values)
    return { rows: rows.map((row) => ({ ...row, month: asked.month })), asOf: session.asOf }
  })
}
