import { DomainError } from '../domain/errors.js'
import { addMonths, Month, monthOf, PlainDate, plainDate } from '../domain/values/calendar.js'

/** How far ahead anything is decided: next year is planned for, a slip of a key is not. */
const monthsAheadAtMost = 24

/** Nothing that counts still was decided before it; months can't be written of earlier years. */
const earliest = plainDate('1900-01-01')

/**
 * Days on which something happened, whatever says so: a body, a row of a file, an option. The day
 * of a birth is held by the person's details, which may take it from the number.
 */
const happened: ReadonlySet<string> = new Set([
  'on',
  'verifiedOn',
  'diedOn',
  'receivedOn',
  'publishedOn',
])

/** Days and months from which, or up to which, something is to hold. */
const planned: ReadonlySet<string> = new Set([
  'from',
  'to',
  'month',
  'firstMonth',
  'lastMonth',
  'openedOn',
  'mergedOn',
  'confirmedOn',
  'retractedOn',
  'decidedOn',
  'allocatedOn',
  'validThrough',
  'entryMonth',
  'settledThrough',
  'incomeFrom',
])

/** A thing that is said to have happened has: nobody can know it before its day. */
export function assertHappened(
  said: { readonly field: string; readonly on: PlainDate },
  today: PlainDate,
): void {
  if (said.on > today) throw new DomainError('fact-in-future', { ...said, today })
}

/** A month from which something is to hold may lie ahead, but not beyond what is planned. */
export function assertInReach(
  said: { readonly field: string; readonly month: Month },
  today: PlainDate,
  monthsAhead: number = monthsAheadAtMost,
): void {
  const latest = addMonths(monthOf(today), monthsAhead)
  if (said.month > latest) throw new DomainError('month-too-far-ahead', { ...said, latest })
}

/** A date that a slip of a key made, by the path of its field: `campaign.month`. */
export interface DateFault {
  readonly field: string
  readonly error: DomainError
}

/**
 * Refuses what a slip of a key makes of a date, at whatever depth: a thing that happened after
 * today, a month further ahead than anybody decides, a year of long ago.
 *
 * @throws DomainError `fact-in-future`, `month-too-far-ahead`, `date-too-long-ago`
 */
export function assertDatesInReach(said: unknown, today: PlainDate): void {
  const [first] = datesOutOfReach(said, today)
  if (first) throw first.error
}

/** Every date out of reach, so that a file is told all of them; names may be written with `_`. */
export function datesOutOfReach(said: unknown, today: PlainDate): readonly DateFault[] {
  return partsOf(said).flatMap(([name, value]) => {
    if (typeof value === 'string') return faultOf({ name, value, field: name }, today)
    return datesOutOfReach(value, today).map((fault) => inside(name, fault))
  })
}

function partsOf(said: unknown): readonly (readonly [string, unknown])[] {
  return typeof said === 'object' && said !== null ? Object.entries(said) : []
}

function inside(name: string, { error, field }: DateFault): DateFault {
  const path = `${name}.${field}`
  return { field: path, error: new DomainError(error.code, { ...error.facts, field: path }) }
}

interface Said {
  readonly name: string
  readonly field: string
  readonly value: string
}

function faultOf({ field, name, value }: Said, today: PlainDate): readonly DateFault[] {
  try {
    assertOne({ name: camelCase(name), field, value }, today)
    return []
  } catch (error) {
    if (error instanceof DomainError) return [{ field, error }]
    throw error
  }
}

function assertOne({ field, name, value }: Said, today: PlainDate): void {
  const day = PlainDate.safeParse(value).data
  if (happened.has(name) && day) {
    assertNotLongAgo(field, day)
    assertHappened({ field, on: day }, today)
  }
  if (!planned.has(name)) return
  if (day) assertNotLongAgo(field, day)
  const month = day ? monthOf(day) : Month.safeParse(value).data
  if (month) assertInReach({ field, month }, today)
}

function assertNotLongAgo(field: string, on: PlainDate): void {
  if (on < earliest) throw new DomainError('date-too-long-ago', { field, on, earliest })
}

function camelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
