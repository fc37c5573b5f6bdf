import type { CaseEvent } from '../../domain/case/events.js'
import { monthIndex } from '../../domain/values/calendar.js'
import type { Recorded } from '../../event-store/codec.js'
import { forEver, type PlainCase } from './plain-case.js'
import { movementsIn } from './plain-movements.js'

/** Rows of one table in one month, each as the values that its row has besides months. */
export type PlainRows = readonly (readonly (string | number | boolean | null)[])[]

/** Tables whose rows are in force from one month to another, read month by month. */
export const monthlyTables = [
  'roll_case',
  'roll_member',
  'entitlement',
  'movement',
  'case_place',
  'case_member',
  'case_head',
  'case_hold',
] as const
export type MonthlyTable = (typeof monthlyTables)[number]

/** What each monthly table must say of a month. */
export const plainRowsIn: Readonly<
  Record<MonthlyTable, (plain: PlainCase, month: number) => PlainRows>
> = {
  roll_case: (plain, month) =>
    plain
      .staysAt(month)
      .map(() => [...plain.cellAt(month), month <= plain.settledThrough, plain.isGraceAt(month)]),
  roll_member: (plain, month) =>
    plain
      .staysAt(month)
      .flatMap(() =>
        plain
          .coveredAt(month)
          .map((person) => [
            ...plain.cellAt(month),
            person,
            person === plain.headAt(month),
            month <= plain.settledThrough,
          ]),
      ),
  entitlement: owedIn,
  movement: movementsIn,
  case_place: (plain, month) => (plain.opened ? [plain.cellAt(month)] : []),
  case_member: (plain, month) =>
    plain
      .membersAt(month)
      .map((member) => [member.personId, member.joined.version, plain.isCoveredAt(member, month)]),
  case_head: (plain, month) => {
    const head = plain.headAt(month)
    return head === undefined ? [] : [[head]]
  },
  case_hold: holdsIn,
}

function owedIn(plain: PlainCase, month: number): PlainRows {
  const components = plain.decisionAt(month)?.components ?? []
  const monthly = plain
    .staysAt(month)
    .flatMap(() =>
      components.map(({ component, personId, amountFen }) => [
        ...plain.cellAt(month),
        component,
        personId,
        'cash',
        true,
        amountFen,
        month <= plain.settledThrough,
        null,
      ]),
    )
  const once = plain
    .all('SupplementGranted')
    .filter(({ data }) => monthIndex(data.month) === month)
    .filter(() => !plain.hasRoll || plain.staysAt(month).length > 0)
    .map(({ data }) => [
      ...plain.cellAt(month),
      data.component,
      null,
      data.measure,
      false,
      data.amountFen,
      false,
      data.persons.join(','),
    ])
  return [...monthly, ...once].filter((row) => row[8] !== 0)
}

function holdsIn(plain: PlainCase, month: number): PlainRows {
  return plain
    .all('HoldPlaced')
    .filter((placed) => {
      const lift = plain
        .all('HoldLifted')
        .find(({ data, version }) => data.holdId === placed.data.holdId && version > placed.version)
      const to = lift ? monthIndex(lift.data.from) - 1 : forEver
      return monthIndex(placed.data.from) <= month && month <= to
    })
    .map(({ data }) => [data.holdId, data.reason])
}

/** What `case_review` must say; it has no months. */
export function plainReviews(plain: PlainCase): PlainRows {
  return plain
    .all('ReviewRecorded')
    .map(({ data, version }) => [data.on, data.level, data.kind, data.result, data.note, version])
}

const monthPattern = /"(\d{4})-(\d{2})(?:-\d{2})?"/g

/** Every month in which something about the case can differ from the month before, and one more. */
export function monthsToRead(events: readonly Recorded<CaseEvent>[]): readonly number[] {
  const text = JSON.stringify(
    events.map((event) => event.data),
    (name, value: unknown) => (name === 'bornOn' ? undefined : value),
  )
  const mentioned = [...text.matchAll(monthPattern)]
    .map(([, year, month]) => Number(year) * 12 + Number(month) - 1)
    .filter((month) => month > 1900 * 12 && month < forEver)
  const months = new Set<number>()
  for (const month of mentioned) for (const near of [-1, 0, 1, 2]) months.add(month + near)
  return [...months].sort((a, b) => a - b)
}
