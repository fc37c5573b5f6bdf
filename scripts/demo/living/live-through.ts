import { z } from 'zod'
import type { PlannedAction } from '../generator/plan.js'
import type { LedgerClient } from '../office/ledger-client.js'
import type { OfficePerson } from '../office/office-people.js'
import { actOnCase, type CaseAction, isCaseAction, subjectOf } from './case-deeds.js'
import type { Office } from './office.js'
import { doneByTwo, Imported, isByTwo, officeDeed } from './office-deeds.js'
import { pay } from './pay.js'
import { takeOver } from './take-over.js'

export interface Living {
  readonly offices: readonly Office[]
  readonly client: LedgerClient
  /** Who moves the simulated clock. */
  readonly administrator: OfficePerson
  /** The day that the ledger has come to; all days before it are done. */
  readonly reached: string
  /** Told of every action that is done, with its day. */
  readonly onDone: (done: { readonly day: string; readonly actions: number }) => void
}

/** One day of one office. Actions keep their place in the plan, from which their keys come. */
interface OfficeDay {
  readonly office: Office
  readonly day: string
  readonly actions: readonly KeyedAction[]
}

interface KeyedAction {
  readonly action: PlannedAction
  readonly key: string
}

/** Requests in flight for cases that have nothing to do with each other. */
const atOnce = 24

/**
 * Lives through the offices' months, day by day on one clock. A day that was cut short is lived
 * again: what was done in it has its key and adds nothing.
 */
export async function liveThrough(living: Living): Promise<void> {
  const { client, offices, onDone, reached } = living
  for (const office of offices) {
    if (reached <= `${office.plan.cutOver}-01`) await takeOver(office)
    onDone({ day: `${office.plan.cutOver}-01`, actions: 0 })
  }
  const days = offices.flatMap(daysOf)
  for (const day of [...new Set(days.map((one) => one.day))].sort()) {
    const today = days.filter((one) => one.day === day)
    if (day < reached) {
      onDone({ day, actions: today.reduce((sum, one) => sum + one.actions.length, 0) })
      continue
    }
    await advanceTo(client, living.administrator, day)
    for (const officeDay of today) await liveDay(officeDay, onDone)
  }
}

/** Every action of the offices, for who shows how far they have come. */
export function actionCount(offices: readonly Office[]): number {
  return offices.flatMap(daysOf).reduce((sum, { actions }) => sum + actions.length, 0)
}

function daysOf(office: Office): readonly OfficeDay[] {
  const keyed = office.plan.months.flatMap(({ actions, month }) =>
    actions.map((action, at) => ({
      action,
      key: `demo/${office.plan.key}/${month}/${at}/${action.do}`,
    })),
  )
  const days = together(keyed, ({ action }) => action.on)
  return [...days].map(([day, actions]) => ({ office, day, actions }))
}

function together<One>(all: readonly One[], by: (one: One) => string): Map<string, One[]> {
  const groups = new Map<string, One[]>()
  for (const one of all) {
    const group = groups.get(by(one)) ?? []
    group.push(one)
    groups.set(by(one), group)
  }
  return groups
}

async function advanceTo(client: LedgerClient, by: OfficePerson, day: string): Promise<void> {
  const to = `${day}T02:00:00.000Z`
  const write = { path: '/v1/ledger/clock', body: { to }, key: `demo/clock/${day}` }
  await client.write(by, write, z.unknown())
}

async function liveDay(
  { actions, day, office }: OfficeDay,
  onDone: Living['onDone'],
): Promise<void> {
  for (const part of partsOf(actions)) {
    await (part.kind === 'cases'
      ? doOnCases(office, part.actions)
      : doAlone(office, part.action, part.key))
    onDone({ day, actions: part.kind === 'cases' ? part.actions.length : 1 })
  }
}

type DayPart =
  | { readonly kind: 'cases'; readonly actions: KeyedCaseAction[] }
  | {
      readonly kind: 'alone'
      readonly action: Exclude<PlannedAction, CaseAction>
      readonly key: string
    }

interface KeyedCaseAction {
  readonly action: CaseAction
  readonly key: string
}

/** Neighbouring actions about cases go together; what concerns many waits for them. */
function partsOf(actions: readonly KeyedAction[]): readonly DayPart[] {
  const parts: DayPart[] = []
  for (const { action, key } of actions) {
    const last = parts.at(-1)
    if (!isCaseAction(action)) parts.push({ kind: 'alone', action, key })
    else if (last?.kind === 'cases' && action.do !== 'continue-case')
      last.actions.push({ action, key })
    else parts.push({ kind: 'cases', actions: [{ action, key }] })
  }
  return parts
}

async function doOnCases(office: Office, actions: readonly KeyedCaseAction[]): Promise<void> {
  const waiting = [...together(actions, ({ action }) => subjectOf(action)).values()]
  const work = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      for (const { action, key } of next) {
        await actOnCase(office, action, key)
      }
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
}

async function doAlone(
  office: Office,
  action: Exclude<PlannedAction, CaseAction>,
  key: string,
): Promise<void> {
  if (action.do === 'pay') return pay(office, action, key)
  const { role, ...part } = await officeDeed(office, action)
  if (isByTwo(action)) return doneByTwo(office, { ...part, role, key })
  const schema = action.do === 'import-deaths' ? Imported : z.unknown()
  await office.client.write(office.people[role], { ...part, key }, schema)
}
