import { z } from 'zod'
import { advanceClock } from '../../application/clock.js'
import { Instant } from '../../domain/values/calendar.js'
import { type LedgerServices, outcomeOfMany } from '../ledger-services.js'
import { bulkRoutes } from './bulk-routes.js'
import { campaignRoute } from './campaign-route.js'
import { caseQueries } from './case-queries.js'
import { caseRoutes } from './case-routes.js'
import { commandRoute } from './command-route.js'
import { deathLists } from './death-lists.js'
import { eventRoute } from './event-route.js'
import { fundRoutes } from './fund-routes.js'
import { importRoutes } from './import-routes.js'
import { payeeRoutes } from './payee-routes.js'
import { personQueries } from './person-queries.js'
import { personRoutes } from './person-routes.js'
import { personalDataAccessRoutes } from './personal-data-accesses.js'
import { policyRoutes } from './policy-routes.js'
import { proposalRoute } from './proposal-route.js'
import { queryRoute } from './query-route.js'
import { recoveryLists } from './recovery-lists.js'
import { recoveryRoutes } from './recovery-routes.js'
import { rollRoutes } from './roll-routes.js'
import { noBody, nothing, type Route } from './route.js'
import { runQueries } from './run-queries.js'
import { runRoutes } from './run-routes.js'
import { tokenRevocationRoutes } from './token-revocations.js'
import { totalRoutes } from './total-routes.js'
import { waitingRoutes } from './waiting-routes.js'

const tag = '台账 Ledger'

/** Everything under `/v1`. */
export function ledgerRoutes(services: LedgerServices): readonly Route[] {
  const { accessLog, issuedTokens, progress, revocations } = services
  return [
    ...policyRoutes(services),
    ...personRoutes(services),
    ...payeeRoutes(services),
    ...personQueries(services),
    ...caseRoutes(services),
    ...caseQueries(services),
    ...bulkRoutes(services),
    campaignRoute(services),
    ...importRoutes(services),
    deathLists(services),
    ...rollRoutes(services),
    ...waitingRoutes(services),
    proposalRoute(services),
    ...totalRoutes(services),
    ...fundRoutes(services),
    ...runRoutes(services),
    ...runQueries(services),
    ...recoveryRoutes(services),
    ...recoveryLists(services),
    ledgerFacts(services),
    clock(services),
    eventRoute(services),
    ...personalDataAccessRoutes(accessLog),
    ...tokenRevocationRoutes({ issuedTokens, revocations, progress }),
  ]
}

function ledgerFacts({ clock: { kind }, founding, store }: LedgerServices): Route {
  return queryRoute({
    method: 'GET',
    url: '/v1/ledger',
    tag,
    summary: { zh: '台账', en: 'What this ledger is called, its clock, and its newest event' },
    roles: [
      'clerk',
      'reviewer',
      'approver',
      'payment-officer',
      'auditor',
      'statistician',
      'administrator',
    ],
    params: nothing,
    query: nothing,
    body: noBody,
    result: z.strictObject({
      name: z.string(),
      foundedOn: z.string(),
      clock: z.enum(['real', 'simulated']),
      head: z.int(),
    }),
    scope: () => [],
    read: async () => ({
      name: founding.name,
      foundedOn: founding.foundedOn,
      clock: kind,
      head: await store.head(),
    }),
  })
}

function clock({ clock: of, processes, store }: LedgerServices): Route {
  return commandRoute({
    method: 'POST',
    url: '/v1/ledger/clock',
    tag,
    summary: { zh: '拨动模拟时钟', en: 'Advance the clock of a simulated ledger' },
    roles: ['administrator'],
    params: nothing,
    body: z.strictObject({ to: Instant }),
    result: z.strictObject({ now: Instant }),
    // One clock for every place of the ledger.
    scope: async () => (await processes.policies.latest()).policy.places.map(({ code }) => code),
    execute: async ({ body: { to } }) => {
      advanceClock(of, to)
      return outcomeOfMany(store, { now: of.now() })
    },
  })
}
