import { z } from 'zod'
import { DomainError } from '../errors.js'

/** A civil date in Asia/Shanghai, `2012-05-31`; sorts as text. */
export const PlainDate = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}$/, 'a date is written YYYY-MM-DD')
  .refine(isCalendarDate, 'no such date in the calendar')
  .brand<'PlainDate'>()
export type PlainDate = z.infer<typeof PlainDate>

/** A civil month in Asia/Shanghai, `2012-05`; sorts as text. */
export const Month = z
  .string()
  .regex(/^(19|20|21|22)\d{2}-(0[1-9]|1[0-2])$/, 'a month is written YYYY-MM, 01 to 12')
  .brand<'Month'>()
export type Month = z.infer<typeof Month>

/** A point in time, UTC with milliseconds, `2012-06-06T02:00:00.000Z`; sorts as text. */
export const Instant = z
  .string()
  .regex(
    /^\d{4}-\d{2}-\d{2}T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/,
    'an instant is written YYYY-MM-DDThh:mm:ss.sssZ',
  )
  .refine((text) => isCalendarDate(text.slice(0, 10)), 'no such date in the calendar')
  .brand<'Instant'>()
export type Instant = z.infer<typeof Instant>

/** After every month: the end of what has no end yet. */
export const endOfTime = '2199-12' as Month

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const

function isCalendarDate(text: string): boolean {
  const year = Number(text.slice(0, 4))
  const month = Number(text.slice(5, 7))
  const day = Number(text.slice(8, 10))
  return year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month)
}

function isLeap(year: number): boolean {
  return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0
}

function daysIn(year: number, month: number): number {
  return month === 2 && isLeap(year) ? 29 : (monthLengths[month - 1] ?? 0)
}

function pad(value: number, width: number): string {
  return String(value).padStart(width, '0')
}

export function plainDate(text: string): PlainDate {
  const parsed = PlainDate.safeParse(text)
  if (!parsed.success) throw new DomainError('date-does-not-exist', { value: text.slice(0, 40) })
  return parsed.data
}

export function month(text: string): Month {
  const parsed = Month.safeParse(text)
  if (!parsed.success) throw new DomainError('month-does-not-exist', { value: text.slice(0, 40) })
  return parsed.data
}

export function instant(text: string): Instant {
  const parsed = Instant.safeParse(text)
  if (!parsed.success) throw new DomainError('instant-does-not-exist', { value: text.slice(0, 40) })
  return parsed.data
}

/** The month as a count since year 0, so that months can be subtracted. */
export function monthIndex(of: Month): number {
  return Number(of.slice(0, 4)) * 12 + Number(of.slice(5, 7)) - 1
}

export function monthFromIndex(index: number): Month {
  const year = Math.floor(index / 12)
  if (year < 1900 || year > 2299)
    throw new DomainError('month-does-not-exist', { value: `${year}` })
  return `${year}-${pad((index % 12) + 1, 2)}` as Month
}

export function addMonths(to: Month, count: number): Month {
  return monthFromIndex(monthIndex(to) + count)
}

export function nextMonth(of: Month): Month {
  return addMonths(of, 1)
}

export function previousMonth(of: Month): Month {
  return addMonths(of, -1)
}

/** Whole months from `from` to `to`: 0 for the same month, 1 for the next. */
export function monthsBetween(span: { readonly from: Month; readonly to: Month }): number {
  return monthIndex(span.to) - monthIndex(span.from)
}

/** Every month from `from` to `to`, both inside; empty when `to` comes first. */
export function monthsOf(span: { readonly from: Month; readonly to: Month }): readonly Month[] {
  const count = monthsBetween(span) + 1
  return Array.from({ length: Math.max(0, count) }, (_, step) => addMonths(span.from, step))
}

export function monthOf(date: PlainDate): Month {
  return date.slice(0, 7) as Month
}

export function firstDayOf(of: Month): PlainDate {
  return `${of}-01` as PlainDate
}

export function lastDayOf(of: Month): PlainDate {
  const days = daysIn(Number(of.slice(0, 4)), Number(of.slice(5, 7)))
  return `${of}-${pad(days, 2)}` as PlainDate
}

/** The date `count` days later; negative counts go back. */
export function addDays(to: PlainDate, count: number): PlainDate {
  return dateFromDayNumber(dayNumber(to) + count)
}

/** Whole days from `from` to `to`. */
export function daysBetween(span: { readonly from: PlainDate; readonly to: PlainDate }): number {
  return dayNumber(span.to) - dayNumber(span.from)
}

/** Completed years of life on `on`, as GB/T civil age counts them (born 29 February: 1 March). */
export function ageOn(on: PlainDate, born: PlainDate): number {
  const years = Number(on.slice(0, 4)) - Number(born.slice(0, 4))
  return on.slice(5) < born.slice(5) ? years - 1 : years
}

/** The civil date in Asia/Shanghai (UTC+8 all year) at an instant. */
export function shanghaiDateOf(at: Instant): PlainDate {
  const utcDate = plainDate(at.slice(0, 10))
  return Number(at.slice(11, 13)) >= 16 ? addDays(utcDate, 1) : utcDate
}

/** The instant of a Shanghai civil date at `time`, `hh:mm:ss`, given as Shanghai time. */
export function instantOfShanghai(date: PlainDate, time: string): Instant {
  const hour = Number(time.slice(0, 2)) - 8
  const utcDate = hour < 0 ? addDays(date, -1) : date
  return instant(`${utcDate}T${pad((hour + 24) % 24, 2)}${time.slice(2)}.000Z`)
}

function dayNumber(date: PlainDate): number {
  const year = Number(date.slice(0, 4))
  const monthNumber = Number(date.slice(5, 7))
  const monthFromMarch = (monthNumber + 9) % 12
  const marchYear = year - (monthNumber <= 2 ? 1 : 0)
  return (
    daysBeforeMarch(marchYear) + daysBeforeMonth(monthFromMarch) + Number(date.slice(8, 10)) - 1
  )
}

/** Days from 0000-03-01 to 1 March of a year, in the proleptic Gregorian calendar. */
function daysBeforeMarch(year: number): number {
  return year * 365 + Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)
}

/** Days from 1 March to the first of a month, 0 for March itself. */
function daysBeforeMonth(monthFromMarch: number): number {
  return Math.floor((153 * monthFromMarch + 2) / 5)
}

function dateFromDayNumber(day: number): PlainDate {
  let year = Math.floor((day * 400) / 146_097)
  while (daysBeforeMarch(year + 1) <= day) year += 1
  while (daysBeforeMarch(year) > day) year -= 1
  const dayOfYear = day - daysBeforeMarch(year)
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const dayOfMonth = dayOfYear - daysBeforeMonth(monthFromMarch) + 1
  const monthNumber = ((monthFromMarch + 2) % 12) + 1
  const civilYear = year + (monthNumber <= 2 ? 1 : 0)
  if (civilYear < 1 || civilYear > 9999) {
    throw new DomainError('date-does-not-exist', { value: `in the year ${civilYear}` })
  }
  return `${pad(civilYear, 4)}-${pad(monthNumber, 2)}-${pad(dayOfMonth, 2)}` as PlainDate
}
