import { z } from 'zod'
import { derivedId } from '../../application/caller.js'
import type { Handled } from '../../application/command-handler.js'
import { assertAccountFits } from '../../application/payment/bank-record.js'
import { handlePersonCommand } from '../../application/processes/people.js'
import { personStream } from '../../application/streams.js'
import { personDecider } from '../../domain/person/decide.js'
import { type PayeeChange, type PersonEvent, personEvents } from '../../domain/person/events.js'
import type { PayeeProposal } from '../../domain/person/person.js'
import { assertReachable } from '../../domain/person/reachable.js'
import { PlainDate } from '../../domain/values/calendar.js'
import { ShortText } from '../../domain/values/document.js'
import { ActorId, EventId, PersonId } from '../../domain/values/identifiers.js'
import { callerOf, type LedgerServices, outcomeOf } from '../ledger-services.js'
import { commandRoute } from './command-route.js'
import { scopeOfReading, scopeOfWriting } from './person-scope.js'
import { queryRoute } from './query-route.js'
import { noBody, nothing, type Route } from './route.js'

const tag = '人员 Persons'
const Params = z.strictObject({ personId: PersonId })
const ProposalNumber = personEvents.PayeeChangeProposed.data.shape.proposal
const Proposed = z.strictObject({
  changed: z.boolean(),
  /** What another person confirms; null where it waits already. */
  proposal: ProposalNumber.nullable(),
})
const clerks = ['clerk', 'reviewer'] as const

const Account = z.strictObject({
  from: PlainDate,
  bank: ShortText,
  account: z.string().regex(/^[0-9A-Za-z-]{4,40}$/, 'an account has 4 to 40 digits or letters'),
  holder: ShortText,
})

/** Where a person's money goes: proposed by one, confirmed by another. */
export function payeeRoutes(services: LedgerServices): readonly Route[] {
  return [account(services), payee(services), confirmation(services), changes(services)]
}

function account({ paymentParts, processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/persons/:personId/accounts',
    tag,
    summary: { zh: '登记收款账户（待确认）', en: 'Propose the account for a person’s money' },
    roles: clerks,
    params: Params,
    body: Account,
    result: Proposed,
    scope: scopeOfWriting({ processes }),
    execute: async ({ actor, body, params: { personId } }, context) => {
      const caller = callerOf(actor, context)
      assertAccountFits(paymentParts.bankLayouts, body)
      const eventId = derivedId(EventId, caller, 'account')
      const seal = (field: 'account' | 'holder') =>
        processes.vault.seal({ person: personId, eventId, field, text: body[field] })
      const { bank, from } = body
      const sealed = { account: await seal('account'), holder: await seal('holder') }
      const change: PayeeChange = { kind: 'account', bank, ...sealed }
      const command = { type: 'ProposePayeeChange', from, change, by: actor.id } as const
      return proposed(await handlePersonCommand(processes, { personId, command, caller }))
    },
  })
}

function payee({ processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/persons/:personId/payee',
    tag,
    summary: { zh: '指定收款人（待确认）', en: 'Propose who receives a person’s money' },
    roles: clerks,
    params: Params,
    body: personEvents.PayeeDesignated.data,
    result: Proposed,
    scope: async ({ body: { payee: personId }, params }, actor) => [
      ...(await scopeOfWriting({ processes })({ params }, actor)),
      ...(await scopeOfReading({ processes })({ params: { personId } }, actor)),
    ],
    execute: async ({ actor, body: { from, ...designated }, params: { personId } }, context) => {
      const caller = callerOf(actor, context)
      await assertRegistered(processes, designated.payee)
      const change: PayeeChange = { kind: 'payee', ...designated }
      const command = { type: 'ProposePayeeChange', from, change, by: actor.id } as const
      return proposed(await handlePersonCommand(processes, { personId, command, caller }))
    },
  })
}

/** Nobody confirms where money goes by an id that is nobody's. */
async function assertRegistered(
  { handler, policies }: LedgerServices['processes'],
  personId: PersonId,
): Promise<void> {
  const { policy } = await policies.latest()
  const { state } = await handler.load(personStream(personId), personDecider(policy))
  assertReachable(state)
}

function proposed(handled: Handled<PersonEvent>) {
  const event = handled.events.find(({ type }) => type === 'PayeeChangeProposed')
  const proposal = event?.type === 'PayeeChangeProposed' ? event.data.proposal : null
  return outcomeOf(handled, { changed: handled.changed, proposal })
}

function confirmation({ processes }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/persons/:personId/payee-changes/confirmation',
    tag,
    summary: { zh: '确认收款变更', en: 'Confirm an account or a payee that another proposed' },
    roles: ['reviewer', 'approver'],
    params: Params,
    body: z.strictObject({ proposal: ProposalNumber }),
    result: z.strictObject({ changed: z.boolean() }),
    scope: scopeOfWriting({ processes }),
    execute: async ({ actor, body, params: { personId } }, context) => {
      const caller = callerOf(actor, context)
      const command = { type: 'ConfirmPayeeChange', ...body, by: actor.id } as const
      const handled = await handlePersonCommand(processes, { personId, command, caller })
      return outcomeOf(handled, { changed: handled.changed })
    },
  })
}

const Change = z.strictObject({
  proposal: ProposalNumber,
  from: PlainDate,
  kind: z.enum(['account', 'payee']),
  bank: z.string().nullable(),
  account: z.string().nullable(),
  holder: z.string().nullable(),
  payee: PersonId.nullable(),
  reason: z.string().nullable(),
  proposedBy: ActorId,
  confirmedBy: ActorId.nullable(),
  /** The account or the payee was set since without it: it can't be confirmed. */
  stale: z.boolean(),
})

function changes(services: LedgerServices): Route {
  const { processes } = services
  return queryRoute({
    method: 'GET',
    url: '/v1/persons/:personId/payee-changes',
    tag,
    summary: { zh: '收款变更', en: 'The accounts and payees proposed, and who confirmed them' },
    roles: ['clerk', 'reviewer', 'approver', 'payment-officer', 'auditor'],
    params: Params,
    query: nothing,
    body: noBody,
    result: z.strictObject({ personId: PersonId, changes: z.array(Change) }),
    personal: ({ personId }) => [personId],
    scope: scopeOfReading(services),
    read: async ({ params: { personId } }) => {
      const { policy } = await processes.policies.latest()
      const stream = personStream(personId)
      const { state } = await processes.handler.load(stream, personDecider(policy))
      const opened = state.proposals.map((proposal) => openedChange(services, proposal))
      return { personId, changes: await Promise.all(opened) }
    },
  })
}

const noParts = { bank: null, account: null, holder: null, payee: null, reason: null }

async function openedChange(
  { processes: { vault } }: LedgerServices,
  { by: proposedBy, change, confirmedBy, from, proposal, stale }: PayeeProposal,
): Promise<z.infer<typeof Change>> {
  const known = { ...noParts, proposal, from, proposedBy, confirmedBy, stale }
  if (change.kind === 'payee') return { ...known, ...change }
  const [number = null, holder = null] = await vault.openAll([change.account, change.holder])
  return { ...known, kind: change.kind, bank: change.bank, account: number, holder }
}
