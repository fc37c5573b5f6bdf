import type { Month } from '../../domain/values/calendar.js'
import { monthIndex } from '../../domain/values/calendar.js'
import { type Asked, conditionsOf, knownAt, Parameters, scopeOf } from '../question.js'
import type { ReadSession } from '../read-model.js'
import { allChanges, changesUpTo, type Topic } from './changes.js'

/** Columns that split a total. `detail`: component or kind; `qualifier`: measure or reason. */
export type GroupColumn =
  | 'programme'
  | 'division'
  | 'urban_rural'
  | 'benefit_class'
  | 'detail'
  | 'qualifier'
  | 'month'
  | 'month_in'

export interface SumsAsked extends Asked {
  readonly topic: Topic
  readonly groupBy: readonly GroupColumn[]
  /** Of the month the money or movement is for, both inside; a stock needs all up to its month. */
  readonly months: { readonly from?: Month; readonly to?: Month }
  readonly monthsIn?: { readonly from: Month; readonly to: Month }
  readonly detail?: string | undefined
  readonly qualifier?: string | undefined
}

export interface SumRow extends Partial<Readonly<Record<GroupColumn, string | number>>> {
  readonly households: number
  readonly persons: number
  readonly amount_fen: number
}

/** Sums of changes, one row a group that is not all zero. Months are month indices. */
export async function sumsOf(session: ReadSession, asked: SumsAsked): Promise<readonly SumRow[]> {
  const scope = await scopeOf(session, asked)
  const parameters = new Parameters()
  const changes =
    asked.knownAt === undefined ? allChanges : changesUpTo(parameters.add(knownAt(session, asked)))
  const conditions = [
    `topic = ${parameters.add(asked.topic)}`,
    conditionsOf(asked, scope, parameters),
    ...monthConditions(asked, parameters),
  ]
  if (asked.detail !== undefined) conditions.push(`detail = ${parameters.add(asked.detail)}`)
  if (asked.qualifier !== undefined)
    conditions.push(`qualifier = ${parameters.add(asked.qualifier)}`)
  const groups = asked.groupBy.join(', ')
  const statement = `
    SELECT ${groups === '' ? '' : `${groups}, `}
      COALESCE(SUM(households), 0)::bigint AS households,
      COALESCE(SUM(persons), 0)::bigint AS persons,
      COALESCE(SUM(amount_fen), 0)::bigint AS amount_fen
    FROM ${changes} AS change
    WHERE ${conditions.join(' AND ')}
    ${groups === '' ? '' : `GROUP BY ${groups} ORDER BY ${groups}`}`
  return session.rows<SumRow>(statement, parameters.values)
}

function monthConditions(asked: SumsAsked, parameters: Parameters): readonly string[] {
  const conditions: string[] = []
  const { from, to } = asked.months
  if (from) conditions.push(`month >= ${parameters.add(monthIndex(from))}`)
  if (to) conditions.push(`month <= ${parameters.add(monthIndex(to))}`)
  if (asked.monthsIn) {
    conditions.push(`month_in >= ${parameters.add(monthIndex(asked.monthsIn.from))}`)
    conditions.push(`month_in <= ${parameters.add(monthIndex(asked.monthsIn.to))}`)
  }
  return conditions
}
