import fc from 'fast-check'
import t from 'tap'
import {
  addDays,
  addMonths,
  ageOn,
  daysBetween,
  endOfTime,
  firstDayOf,
  Instant,
  instant,
  instantOfShanghai,
  lastDayOf,
  Month,
  month,
  monthOf,
  monthsBetween,
  monthsOf,
  nextMonth,
  PlainDate,
  plainDate,
  previousMonth,
  shanghaiDateOf,
} from '../../../src/domain/values/calendar.js'
import { assertRefused } from '../../support/given.js'

/** The oracle: JavaScript's own calendar in UTC, which shares no code with ours. */
const dayMilliseconds = 86_400_000
const utc = (date: string) => Date.parse(`${date}T00:00:00.000Z`)
const dateAt = (milliseconds: number) => new Date(milliseconds).toISOString().slice(0, 10)
const anyDay = fc.integer({
  min: utc('0001-01-01') / dayMilliseconds,
  max: utc('9999-12-31') / dayMilliseconds,
})
const anyDate = anyDay.map((day) => plainDate(dateAt(day * dayMilliseconds)))
const lastYear = utc('2199-12-31') / dayMilliseconds
const recentDate = fc
  .integer({ min: utc('1900-01-01') / dayMilliseconds, max: lastYear })
  .map((day) => plainDate(dateAt(day * dayMilliseconds)))

t.test('days are counted as an independent calendar counts them', async () => {
  fc.assert(
    fc.property(anyDate, fc.integer({ min: -800_000, max: 800_000 }), (date, count) => {
      const target = utc(date) + count * dayMilliseconds
      const inside = target >= utc('0001-01-01') && target <= utc('9999-12-31')
      if (!inside) return assertRefused(() => addDays(date, count), 'date-does-not-exist')
      const moved = addDays(date, count)
      if (moved !== dateAt(target)) throw new Error(`${date} + ${count} is not ${moved}`)
      return daysBetween({ from: date, to: moved }) === count
    }),
    { numRuns: 2000 },
  )
})

t.test('every day of four centuries follows the one before', async (t) => {
  let date = plainDate('1800-01-01')
  let wrong = 0
  for (let at = utc(date); at < utc('2200-01-01'); at += dayMilliseconds) {
    if (date !== dateAt(at)) wrong += 1
    date = addDays(date, 1)
  }
  t.equal(wrong, 0)
  t.equal(date, '2200-01-01')
})

t.test('the ends of the calendar are refused and never searched for', async () => {
  assertRefused(() => addDays(plainDate('9999-12-31'), 1), 'date-does-not-exist')
  assertRefused(() => addDays(plainDate('0001-01-01'), -1), 'date-does-not-exist')
  assertRefused(() => addDays(plainDate('0001-01-01'), -5000), 'date-does-not-exist')
  assertRefused(() => nextMonth(month('2299-12')), 'month-does-not-exist')
  assertRefused(() => previousMonth(month('1900-01')), 'month-does-not-exist')
})

t.test('text is a date exactly when the calendar has it', async (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 9999 }),
      fc.integer({ min: 0, max: 13 }),
      fc.integer({ min: 0, max: 32 }),
      (year, monthNumber, day) => {
        const pad = (value: number, width: number) => String(value).padStart(width, '0')
        const text = `${pad(year, 4)}-${pad(monthNumber, 2)}-${pad(day, 2)}`
        const at = utc(text)
        const exists = !Number.isNaN(at) && dateAt(at) === text
        return PlainDate.safeParse(text).success === exists
      },
    ),
    { numRuns: 2000 },
  )
  const wrong = [
    '2012-2-01',
    '2012/02/01',
    '2011-02-29',
    '1900-02-29',
    '20120201',
    '',
    ' 2012-02-01',
  ]
  t.notOk(wrong.some((text) => PlainDate.safeParse(text).success))
  t.ok(PlainDate.safeParse('2000-02-29').success)
  assertRefused(() => plainDate('2012-02-30'), 'date-does-not-exist', { value: '2012-02-30' })
})

t.test('months', async (t) => {
  const wrong = ['2012-00', '2012-13', '2012-1', '1899-12', '2300-01', '2012-05-01', '']
  t.notOk(wrong.some((text) => Month.safeParse(text).success))
  assertRefused(() => month('2012-13'), 'month-does-not-exist', { value: '2012-13' })
  t.equal(nextMonth(month('2012-12')), '2013-01')
  t.equal(nextMonth(endOfTime), '2200-01', 'the end of time has a month after it')
  t.equal(previousMonth(month('2012-01')), '2011-12')
  t.strictSame(monthsOf({ from: month('2011-11'), to: month('2012-02') }), [
    '2011-11',
    '2011-12',
    '2012-01',
    '2012-02',
  ])
  t.strictSame(monthsOf({ from: month('2012-02'), to: month('2012-01') }), [])

  fc.assert(
    fc.property(recentDate, fc.integer({ min: -600, max: 600 }), (date, count) => {
      const from = monthOf(date)
      const oracle = new Date(utc(`${from}-01`))
      oracle.setUTCMonth(oracle.getUTCMonth() + count)
      const expected = oracle.toISOString().slice(0, 7)
      if (!Month.safeParse(expected).success) return true
      const to = addMonths(from, count)
      return to === expected && monthsBetween({ from, to }) === count
    }),
    { numRuns: 1000 },
  )
  fc.assert(
    fc.property(recentDate, (date) => {
      const of = monthOf(date)
      const year = Number(of.slice(0, 4))
      const lastDay = new Date(Date.UTC(year, Number(of.slice(5, 7)), 0)).toISOString().slice(0, 10)
      return firstDayOf(of) === `${of}-01` && lastDayOf(of) === lastDay
    }),
    { numRuns: 1000 },
  )
})

t.test('an age is completed on the birthday; born on 29 February, on 1 March', async (t) => {
  const born = plainDate('1932-02-29')
  t.equal(ageOn(plainDate('2012-02-28'), born), 79)
  t.equal(ageOn(plainDate('2012-02-29'), born), 80)
  t.equal(ageOn(plainDate('2013-02-28'), born), 80)
  t.equal(ageOn(plainDate('2013-03-01'), born), 81)
  t.equal(ageOn(plainDate('2012-05-04'), plainDate('1932-05-05')), 79)
  t.equal(ageOn(plainDate('2012-05-05'), plainDate('1932-05-05')), 80)
})

t.test('instants', async (t) => {
  t.equal(instant('2012-06-06T02:00:00.000Z'), '2012-06-06T02:00:00.000Z')
  const wrong = [
    '2012-06-06T24:00:00.000Z',
    '2012-06-06T02:60:00.000Z',
    '2012-02-30T02:00:00.000Z',
    '2012-06-06T02:00:00Z',
    '2012-06-06T02:00:00.000+08:00',
  ]
  t.notOk(wrong.some((text) => Instant.safeParse(text).success))
  assertRefused(() => instant('today'), 'instant-does-not-exist')
})

t.test('the day in Shanghai begins at 16:00 UTC of the day before', async (t) => {
  t.equal(shanghaiDateOf(instant('2012-12-31T15:59:59.999Z')), '2012-12-31')
  t.equal(shanghaiDateOf(instant('2012-12-31T16:00:00.000Z')), '2013-01-01')
  t.equal(shanghaiDateOf(instant('2012-02-28T16:00:00.000Z')), '2012-02-29')
  t.equal(instantOfShanghai(plainDate('2013-01-01'), '00:00:00'), '2012-12-31T16:00:00.000Z')
  t.equal(instantOfShanghai(plainDate('2013-01-01'), '08:30:00'), '2013-01-01T00:30:00.000Z')
  t.equal(instantOfShanghai(plainDate('2013-01-01'), '23:59:59'), '2013-01-01T15:59:59.000Z')

  const milliseconds = fc.integer({ min: utc('1990-01-01'), max: utc('2199-12-30') })
  fc.assert(
    fc.property(milliseconds, (at) => {
      const text = instant(new Date(at).toISOString())
      const date = shanghaiDateOf(text)
      const time = new Date(at + 8 * 3_600_000).toISOString().slice(11, 19)
      const back = instantOfShanghai(date, time)
      const expected = new Date(at + 8 * 3_600_000).toISOString().slice(0, 10)
      return date === expected && back.slice(0, 19) === text.slice(0, 19)
    }),
    { numRuns: 2000 },
  )
})
