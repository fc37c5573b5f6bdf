import { z } from 'zod'
import { explainCase } from '../../application/explain-case.js'
import { membershipsOf, placeIn } from '../../domain/case/case.js'
import { DomainError } from '../../domain/errors.js'
import { endOfTime, Month, monthFromIndex } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import { CaseId, type Ordinal, PersonId } from '../../domain/values/identifiers.js'
import { type OneCase as OneCaseRows, oneCase } from '../../projections/cases/one-case.js'
import type { LedgerServices } from '../ledger-services.js'
import { knownAtOf, knownAtParameter } from './known-at.js'
import { queryRoute } from './query-route.js'
import { noBody, type Route } from './route.js'

const tag = '个案 Cases'
const roles = ['clerk', 'reviewer', 'approver', 'payment-officer', 'auditor'] as const
const Params = z.strictObject({ caseId: CaseId })

const OneCase = z.strictObject({
  caseId: CaseId,
  version: z.int(),
  programme: z.string().nullable(),
  persons: z.array(PersonId),
  known: z.record(z.string(), z.array(z.record(z.string(), z.json()))),
  payments: z.array(z.record(z.string(), z.json())),
  recoveries: z.array(z.record(z.string(), z.json())),
})

const Explained = z.strictObject({
  caseId: CaseId,
  persons: z.array(PersonId),
  programme: z.string(),
  month: Month,
  onRoll: z.boolean(),
  amountFen: z.int(),
  components: z.json(),
  workings: z.json(),
  decidedBy: z.json(),
  supplements: z.json(),
  supplementsLapsed: z.json(),
  events: z.json(),
})

/** One case: what is known of it, and why it gets what it gets. */
export function caseQueries({ clock, model, store }: LedgerServices): readonly Route[] {
  return [
    queryRoute({
      method: 'GET',
      url: '/v1/cases/:caseId',
      tag,
      summary: { zh: '个案', en: 'One case: roll, members, money, movements, payments' },
      roles,
      params: Params,
      query: knownAtParameter,
      body: noBody,
      result: OneCase,
      personal: ({ persons }) => persons,
      version: ({ version }) => version,
      scope: async ({ params }) => placesOf(await found(params, undefined)),
      read: async ({ params, query }) => {
        const known = await found(params, await knownAtOf({ clock, store }, query.knownAt))
        const { asOf: _asOf, state: _state, ...rest } = known
        return OneCase.parse({
          ...rest,
          persons: personsOf(known),
          known: Object.fromEntries(
            Object.entries(known.known).map(([table, rows]) => [table, rows.map(inMonths)]),
          ),
          payments: known.payments.map(inMonths),
          recoveries: known.recoveries.map(inMonths),
        })
      },
    }),
    queryRoute({
      method: 'GET',
      url: '/v1/cases/:caseId/explanation',
      tag,
      summary: { zh: '为何是这个数', en: 'Why the amount of a month is what it is' },
      roles,
      params: Params,
      query: knownAtParameter.extend({ month: Month }),
      body: noBody,
      result: Explained,
      personal: ({ persons }) => persons,
      scope: async ({ params }) => placesOf(await found(params, undefined)),
      read: async ({ params, query: { knownAt, month } }) => {
        const known = await knownAtOf({ clock, store }, knownAt)
        const explained = await explainCase(store, { ...params, month, knownAt: known })
        const persons = explained.events.flatMap((event) =>
          event.type === 'MemberJoined' ? event.data.personId : [],
        )
        return Explained.parse({ ...explained, persons: [...new Set(persons)] })
      },
    }),
  ]

  async function found(params: z.infer<typeof Params>, knownAt: Ordinal | undefined) {
    const known = await oneCase(model, { ...params, knownAt })
    if (!known) throw new DomainError('case-unknown', params)
    return known
  }
}

/** Where the case is now: who asks must work for that place. */
function placesOf({ state }: OneCaseRows): readonly DivisionCode[] {
  const place = placeIn(state, endOfTime)
  return place ? [place.division] : []
}

function personsOf({ state }: OneCaseRows): readonly PersonId[] {
  return [...new Set(membershipsOf(state).map(({ personId }) => personId))]
}

/** Read models count months from year 0; people write them. */
const monthColumns = ['month', 'from_month', 'to_month', 'monthFor'] as const

function inMonths(row: object): object {
  const entries = Object.entries(row).map(([column, value]) => {
    const isMonth = monthColumns.some((name) => name === column) && typeof value === 'number'
    return [column, isMonth ? monthFromIndex(value) : value] as const
  })
  return Object.fromEntries(entries)
}
