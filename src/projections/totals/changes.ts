/**
 * Every total is a sum of changes. A row that is in force from one month to another, and known from
 * one ordinal to another, changes a total four times: it adds at its first month and takes away
 * after its last when it becomes known, and the reverse when it is known no longer. So any total,
 * of any month, as known at any ordinal, is one sum of rows of this one view.
 */

/** What is summed: the roll and the money owed are stocks, the others flows of a month. */
export const topics = ['roll', 'owed', 'movement', 'paid'] as const
export type Topic = (typeof topics)[number]

/** What a total is counted under, besides its topic and months. */
export const cellColumns = [
  'programme',
  'division',
  'urban_rural',
  'benefit_class',
  'detail',
  'qualifier',
  'reported',
] as const

const cell = cellColumns.join(', ')

/** A period as its four changes; a period without an end never takes away. */
const endOfTimeIndex = 2199 * 12 + 11

interface PeriodSource {
  readonly topic: Topic
  readonly table: string
  readonly detail: string
  readonly qualifier: string
  readonly households: string
  readonly persons: string
  readonly amountFen: string
}

function periodChanges(source: PeriodSource): readonly string[] {
  return (['known_from', 'known_to'] as const).flatMap((ordinal) =>
    (['from_month', 'to_month + 1'] as const).map((month) => {
      const sign = (ordinal === 'known_from') === (month === 'from_month') ? '' : '-'
      return `
        SELECT ${ordinal} AS ordinal, '${source.topic}' AS topic,
          programme, division, urban_rural, benefit_class,
          ${source.detail} AS detail, ${source.qualifier} AS qualifier, reported,
          ${month} AS month, 0 AS month_in,
          ${sign}(${source.households})::bigint AS households,
          ${sign}(${source.persons})::bigint AS persons,
          ${sign}(${source.amountFen})::bigint AS amount_fen
        FROM ${source.table}
        ${month === 'from_month' ? '' : `WHERE to_month < ${endOfTimeIndex}`}`
    }),
  )
}

const movementChanges = (['known_from', 'known_to'] as const).map((ordinal) => {
  const sign = ordinal === 'known_from' ? '' : '-'
  return `
    SELECT ${ordinal} AS ordinal, 'movement' AS topic,
      programme, division, urban_rural, benefit_class,
      kind AS detail, reason AS qualifier, false AS reported,
      month, 0 AS month_in,
      ${sign}households::bigint AS households,
      ${sign}persons::bigint AS persons,
      ${sign}amount_fen::bigint AS amount_fen
    FROM movement`
})

const paidChanges = `
  SELECT ordinal, 'paid' AS topic,
    programme, division, urban_rural, '' AS benefit_class,
    component AS detail, measure AS qualifier, false AS reported,
    month_for AS month, month_in,
    households::bigint AS households, persons::bigint AS persons, amount_fen
  FROM payment_paid`

const nothing = { detail: "''", qualifier: "''", households: '0', persons: '0', amountFen: '0' }

const branches = [
  ...periodChanges({ ...nothing, topic: 'roll', table: 'roll_case', households: '1' }),
  ...periodChanges({ ...nothing, topic: 'roll', table: 'roll_member', persons: '1' }),
  ...periodChanges({
    ...nothing,
    topic: 'owed',
    table: 'entitlement',
    detail: 'component',
    qualifier: 'measure',
    amountFen: 'amount_fen',
  }),
  ...movementChanges,
  paidChanges,
]

export const createTotalChanges = `
  CREATE VIEW total_change AS ${branches.join('\n UNION ALL ')}`

/**
 * Sums of changes in blocks of ordinals: level 0 is all there is; the finer levels let the past be
 * summed up to a block. A block holds the ordinals with one `ordinal >> shift`.
 */
export interface BlockShifts {
  readonly coarse: number
  readonly fine: number
}

export const blockShifts: BlockShifts = { coarse: 17, fine: 12 }

const sums = `SUM(households)::bigint AS households, SUM(persons)::bigint AS persons,
    SUM(amount_fen)::bigint AS amount_fen`

/** Adds the changes of the ordinals $1 to $2 to the cells of every level. */
export function addChanges({ coarse, fine }: BlockShifts): string {
  const key = `topic, ${cell}, month, month_in`
  return `
  WITH change AS MATERIALIZED (
    SELECT ordinal >> ${fine} AS block, ${key}, ${sums}
    FROM total_change
    WHERE ordinal BETWEEN $1 AND $2
    GROUP BY ordinal >> ${fine}, ${key}
    HAVING SUM(households) <> 0 OR SUM(persons) <> 0 OR SUM(amount_fen) <> 0
  )
  INSERT INTO total_cell AS t (level, block, ${key}, households, persons, amount_fen)
  SELECT 0, 0, ${key}, ${sums} FROM change GROUP BY ${key}
  UNION ALL
  SELECT 1, block >> ${coarse - fine}, ${key}, ${sums} FROM change
  GROUP BY block >> ${coarse - fine}, ${key}
  UNION ALL
  SELECT 2, block, ${key}, households, persons, amount_fen FROM change
  ON CONFLICT (topic, level, block, division, programme, month, urban_rural, benefit_class, detail,
    qualifier, reported, month_in)
  DO UPDATE SET households = t.households + EXCLUDED.households,
    persons = t.persons + EXCLUDED.persons,
    amount_fen = t.amount_fen + EXCLUDED.amount_fen`
}

const columns = `topic, ${cell}, month, month_in, households, persons, amount_fen`

/** All changes that there are, as a table to be summed. */
export const allChanges = `(SELECT ${columns} FROM total_cell WHERE level = 0 AND block = 0)`

/**
 * The changes up to the ordinal of a placeholder, as a table to be summed: whole blocks from the
 * cells, the rest from the rows themselves.
 */
export function changesUpTo(placeholder: string, { coarse, fine } = blockShifts): string {
  const after = `(${placeholder}::bigint + 1)`
  return `(
    SELECT ${columns} FROM total_cell
    WHERE level = 1 AND block < ${after} >> ${coarse}
    UNION ALL
    SELECT ${columns} FROM total_cell
    WHERE level = 2 AND block < ${after} >> ${fine}
      AND block >= (${after} >> ${coarse}) << ${coarse - fine}
    UNION ALL
    SELECT ${columns} FROM total_change
    WHERE ordinal BETWEEN (${after} >> ${fine}) << ${fine} AND ${placeholder}::bigint
  )`
}
