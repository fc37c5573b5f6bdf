import { monthIndex } from '../../domain/values/calendar.js'
import type { PlainCase, Stay } from './plain-case.js'

/** Kind, households, persons, fen, reason, person, version, counterpart: after the cell. */
export type PlainMovement = readonly (string | number | null)[]

/** What a month changed against the month before, told from the two months alone. */
export function movementsIn(plain: PlainCase, month: number): readonly PlainMovement[] {
  return plain.stays
    .filter((stay) => stay.to >= stay.from)
    .flatMap((stay) => {
      if (month === stay.from) return [began(plain, stay)]
      if (month === stay.to + 1 && stay.exit) return [ended(plain, stay, stay.exit)]
      if (stay.from < month && month <= stay.to)
        return [
          ...transfers(plain, month),
          ...comings(plain, month),
          ...goings(plain, month),
          ...changeOfAmount(plain, month),
        ]
      return []
    })
}

function began(plain: PlainCase, { from, event }: Stay): PlainMovement {
  const people = plain.coveredAt(from).length
  const amount = plain.amountAt(from)
  const row = (kind: string, reason: string, counterpart: string | null): PlainMovement => [
    ...plain.cellAt(from),
    kind,
    1,
    people,
    amount,
    reason,
    null,
    event.version,
    counterpart,
  ]
  if (event.type === 'OpeningPositionRecorded') return row('taken-over', event.data.source, null)
  const { continues, reason } = event.data
  return continues === null ? row('entry', reason, null) : row('transfer-in', reason, continues)
}

function ended(plain: PlainCase, stay: Stay, exit: NonNullable<Stay['exit']>): PlainMovement {
  const { continuedBy, reason } = exit.data
  return [
    ...plain.cellAt(stay.to),
    continuedBy === null ? 'exit' : 'transfer-out',
    1,
    plain.coveredAt(stay.to).length,
    plain.amountAt(stay.to),
    reason,
    null,
    exit.version,
    continuedBy,
  ]
}

function transfers(plain: PlainCase, month: number): readonly PlainMovement[] {
  const moves = plain.all('CaseMoved').filter((event) => monthIndex(event.data.from) === month)
  const changes = plain
    .all('CaseReclassified')
    .filter((event) => monthIndex(event.data.from) === month)
  const cause = changes.at(-1) ?? moves.at(-1)
  const isSame =
    plain.placeAt(month)?.version === plain.placeAt(month - 1)?.version &&
    plain.classAt(month) === plain.classAt(month - 1)
  if (!cause || isSame) return []
  const rest = [
    1,
    plain.coveredAt(month - 1).length,
    plain.amountAt(month - 1),
    cause.data.reason,
    null,
    cause.version,
    plain.opened?.data.caseId ?? null,
  ]
  return [
    [...plain.cellAt(month - 1), 'transfer-out', ...rest],
    [...plain.cellAt(month), 'transfer-in', ...rest],
  ]
}

function comings(plain: PlainCase, month: number): readonly PlainMovement[] {
  const before = plain.coveredAt(month - 1)
  const come = plain.coveredAt(month).filter((person) => !before.includes(person))
  return come.map((person) => {
    const joined = plain
      .all('MemberJoined')
      .findLast(({ data }) => data.personId === person && monthIndex(data.from) === month)
    const cause = joined
      ? { reason: joined.data.relation, version: joined.version }
      : recordedIn(plain, { person, month })
    return [...plain.cellAt(month), 'entry', 0, 1, 0, cause.reason, person, cause.version, null]
  })
}

function goings(plain: PlainCase, month: number): readonly PlainMovement[] {
  const now = plain.coveredAt(month)
  const gone = plain.coveredAt(month - 1).filter((person) => !now.includes(person))
  return gone.map((person) => {
    const left = plain.memberships.find(
      (member) => member.personId === person && member.to === month - 1 && member.left,
    )?.left
    const cause = left
      ? { reason: left.data.reason, version: left.version }
      : recordedIn(plain, { person, month })
    return [...plain.cellAt(month), 'exit', 0, 1, 0, cause.reason, person, cause.version, null]
  })
}

function recordedIn(
  plain: PlainCase,
  at: { readonly person: string; readonly month: number },
): { readonly reason: string; readonly version: number } {
  const recorded = plain
    .all('MemberCircumstancesRecorded')
    .findLast(({ data }) => data.personId === at.person && monthIndex(data.from) === at.month)
  return { reason: recorded?.data.reason ?? '', version: recorded?.version ?? -1 }
}

function changeOfAmount(plain: PlainCase, month: number): readonly PlainMovement[] {
  const difference = plain.amountAt(month) - plain.amountAt(month - 1)
  const decision = plain.decisionAt(month)
  if (difference === 0 || decision?.from !== month) return []
  const { event } = decision
  const reason = event.type === 'BenefitAdjusted' ? event.data.cause.note : ''
  return [
    [
      ...plain.cellAt(month),
      difference > 0 ? 'increase' : 'decrease',
      1,
      0,
      Math.abs(difference),
      reason,
      null,
      event.version,
      null,
    ],
  ]
}
