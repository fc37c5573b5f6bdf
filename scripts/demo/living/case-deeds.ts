import { z } from 'zod'
import type { PlannedAction } from '../generator/plan.js'
import type { KnownIds } from './known-ids.js'
import { type Deed, does, type Office } from './office.js'

/** Actions about one case or one person, which may happen beside those about others. */
export type CaseAction = Extract<
  PlannedAction,
  { readonly caseKey: string } | { readonly do: 'set-account' }
>

type AboutCase = Exclude<CaseAction, { readonly do: 'set-account' }>
type ActionOf<Do extends CaseAction['do']> = Extract<CaseAction, { do: Do }>

export function isCaseAction(action: PlannedAction): action is CaseAction {
  return 'caseKey' in action || action.do === 'set-account'
}

/** What comes after what: actions about one case keep their order. */
export function subjectOf(action: CaseAction): string {
  return action.do === 'set-account' ? action.personKey : action.caseKey
}

/** What the people of an office do for an action. */
export async function actOnCase(office: Office, action: CaseAction, key: string): Promise<void> {
  if (action.do === 'set-account') return setAccount(office, action, key)
  const deed = await caseDeed(action, { ids: office.ids, key })
  if (deed) await does(office, deed)
}

/** What a person of the office sends for an action; null where learning the id was the deed. */
async function caseDeed(
  action: AboutCase,
  { ids, key }: { readonly ids: KnownIds; readonly key: string },
): Promise<Deed | null> {
  const path = `/v1/cases/${await ids.caseId(action.caseKey)}`
  const deed = await partOf(action, ids)
  return deed && { ...deed, path: `${path}/${deed.path}`, key }
}

type Part = Omit<Deed, 'key'>

async function partOf(action: AboutCase, ids: KnownIds): Promise<Part | null> {
  switch (action.do) {
    case 'open-case':
      return null
    case 'join-member':
      return join(action, ids)
    case 'leave-member':
      return leave(action, ids)
    case 'change-head':
      return changeHead(action, ids)
    case 'assess-income':
      return assessIncome(action)
    case 'record-step':
      return step(action)
    case 'approve-entry':
      return approveEntry(action)
    case 'continue-case':
      return continuation(action, ids)
    case 'approve-exit':
      return approveExit(action)
    case 'confirm-reassessment':
      return confirmReassessment(action)
    case 'move-case':
      return move(action)
    case 'record-review':
      return review(action)
    case 'grant-supplement':
      return grant(action, ids)
  }
}

const Proposed = z.looseObject({ proposal: z.int().nullable() })

/** The clerk proposes the account, and the reviewer confirms it. */
async function setAccount(
  { client, ids, people }: Office,
  { account: { account, bank, holder }, on, personKey }: ActionOf<'set-account'>,
  key: string,
): Promise<void> {
  const person = `/v1/persons/${await ids.personId(personKey)}`
  const body = { from: on, bank, account, holder }
  const write = { path: `${person}/accounts`, key, body }
  const { proposal } = await client.write(people.clerk, write, Proposed)
  if (proposal === null) return
  const path = `${person}/payee-changes/confirmation`
  const confirmed = { path, key: `${key}/confirmed`, body: { proposal } }
  await client.write(people.reviewer, confirmed, z.unknown())
}

async function join(action: ActionOf<'join-member'>, ids: KnownIds): Promise<Part> {
  const { from, relation, head, personKey } = action
  const { bornOn } = ids.person(personKey)
  const circumstances = { ...action.circumstances, bornOn }
  const body = { from, personId: await ids.personId(personKey), relation, head, circumstances }
  return { role: 'clerk', path: 'members', body }
}

async function leave(
  { lastMonth, personKey, reason }: ActionOf<'leave-member'>,
  ids: KnownIds,
): Promise<Part> {
  const body = { lastMonth, personId: await ids.personId(personKey), reason }
  return { role: 'clerk', path: 'members/leaving', body }
}

async function changeHead(
  { from, personKey, reason }: ActionOf<'change-head'>,
  ids: KnownIds,
): Promise<Part> {
  return {
    role: 'clerk',
    path: 'head',
    body: { from, personId: await ids.personId(personKey), reason },
  }
}

function assessIncome({ basis, from, monthlyIncomeFen }: ActionOf<'assess-income'>): Part {
  return { role: 'clerk', path: 'income', body: { from, monthlyIncomeFen, basis } }
}

function step({ on, step: taken }: ActionOf<'record-step'>): Part {
  return { role: 'reviewer', path: 'steps', body: { on, step: taken, passed: true, note: null } }
}

function approveEntry({ on: confirmedOn, reason }: ActionOf<'approve-entry'>): Part {
  return { role: 'approver', path: 'entry', body: { confirmedOn, reason } }
}

async function continuation(action: ActionOf<'continue-case'>, ids: KnownIds): Promise<Part> {
  const { lastMonth, on: confirmedOn, reason } = action
  const into = await ids.caseId(action.into)
  return { role: 'approver', path: 'continuation', body: { into, lastMonth, confirmedOn, reason } }
}

function approveExit({ lastMonth, reason }: ActionOf<'approve-exit'>): Part {
  return { role: 'approver', path: 'exit', body: { lastMonth, reason } }
}

function confirmReassessment(action: ActionOf<'confirm-reassessment'>): Part {
  const { cause: kind, from, note } = action
  const body = { from, cause: { kind, note, document: null } }
  return { role: 'approver', path: 'reassessment', body }
}

function move({ division, from, reason, urbanRural }: ActionOf<'move-case'>): Part {
  return { role: 'clerk', path: 'move', body: { from, division, urbanRural, reason } }
}

function review({ kind, level, note, on, result }: ActionOf<'record-review'>): Part {
  return { role: 'reviewer', path: 'reviews', body: { on, level, kind, result, note } }
}

async function grant(action: ActionOf<'grant-supplement'>, ids: KnownIds): Promise<Part> {
  const { amountFen, component, document, month, personKey, supplementKey } = action
  const persons = [await ids.personId(personKey)]
  const granted = { month, component, measure: 'cash', amountFen, persons, document }
  return {
    role: 'approver',
    path: 'supplements',
    body: { ...granted, supplementId: supplementKey },
  }
}
