import { createHash } from 'node:crypto'
import { type CaseEvent, caseEvents } from '../../src/domain/case/events.js'
import { type Case, evolveCase, noCase } from '../../src/domain/case/facts.js'
import type { LedgerEventUnion } from '../../src/domain/events.js'
import { instant, month } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { BenefitClass, ComponentName } from '../../src/domain/values/document.js'
import { ActorId, CaseId, PersonId, ProgrammeCode } from '../../src/domain/values/identifiers.js'
import { AmountFen } from '../../src/domain/values/money.js'
import { codec, kindOfStream } from '../../src/event-store/codec.js'
import type { EventStore } from '../../src/event-store/event-store.js'

/** Numbers that look random and are the same for the same seed. */
export function randomOf(seed: number) {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
  const below = (limit: number) => Math.floor(next() * limit)
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[below(items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }
  return { below, pick, chance: (share: number) => next() < share }
}
export type Random = ReturnType<typeof randomOf>

export const idOf = (kind: string, at: number) => {
  const hex = createHash('sha256').update(`${kind} ${at}`).digest('hex')
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
  ]
  return [...parts, hex.slice(20, 32)].join('-')
}
export const personAt = (at: number) => PersonId.parse(idOf('person', at))
export const caseAt = (at: number) => CaseId.parse(idOf('case', at))
export const villages = ['990101001001', '990101001002', '990101002001', '990102001001'].map(
  (code) => DivisionCode.parse(code),
)
export const programmes = ['urban-dibao', 'rural-dibao', 'old-age-allowance'].map((code) =>
  ProgrammeCode.parse(code),
)
export const classes = ['general', 'class-a'].map((code) => BenefitClass.parse(code))
export const base = ComponentName.parse('base')
export const classified = ComponentName.parse('classified')
export const clerk = ActorId.parse('clerk-1')
export const yuan = (amount: number) => AmountFen.parse(amount * 100)
export const start = month('2012-01')

export interface Written {
  readonly stream: string
  readonly event: LedgerEventUnion
}

const appendsAtOnce = 37

/** Appends to a log one by one, each at a later instant. */
export async function writeAll(store: EventStore, written: readonly Written[]): Promise<void> {
  const head = await store.head()
  const appends = written.map(({ stream, event }, at) => {
    const kind = kindOfStream(stream)
    if (!kind) throw new Error(stream)
    const minute = head + 1 + at
    const recorded = new Date(Date.UTC(2012, 0, 1) + minute * 60_000).toISOString()
    return {
      stream,
      expected: 'exists' as const,
      events: [codec.encode(kind, event as never)],
      key: `write-${minute}`,
      requestHash: '0'.repeat(64),
      recorded: instant(recorded),
      actor: clerk,
      correlation: 'test',
    }
  })
  const seen = new Set<string>()
  for (const { stream } of written)
    if ((await store.readStream(stream)).length > 0) seen.add(stream)
  for (let at = 0; at < appends.length; at += appendsAtOnce) {
    const batch = appends.slice(at, at + appendsAtOnce).map((append) => {
      const isNew = !seen.has(append.stream)
      seen.add(append.stream)
      return isNew ? { ...append, expected: 'none' as const } : append
    })
    const outcomes = await store.append(batch)
    const bad = outcomes.find((outcome) => outcome.kind !== 'appended')
    if (bad) throw new Error(JSON.stringify(bad))
  }
}

/** The cases after some events, by id. */
export function casesAfter(written: readonly Written[]): ReadonlyMap<string, Case> {
  const cases = new Map<string, Case>()
  for (const { stream, event } of written)
    if (isCaseEvent(event)) {
      const caseId = stream.slice('case-'.length)
      cases.set(caseId, evolveCase(cases.get(caseId) ?? noCase, event))
    }
  return cases
}

function isCaseEvent(event: LedgerEventUnion): event is CaseEvent {
  return Object.hasOwn(caseEvents, event.type)
}
