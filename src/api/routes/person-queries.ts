import { z } from 'zod'
import { openDetails } from '../../application/processes/person-details.js'
import { personStream } from '../../application/streams.js'
import { DomainError } from '../../domain/errors.js'
import { personDecider } from '../../domain/person/decide.js'
import { monthFromIndex, PlainDate } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import { CaseId, PersonId } from '../../domain/values/identifiers.js'
import { parseIdentityNumber } from '../../domain/values/identity-number.js'
import {
  casesOfPerson,
  type PersonRow,
  peopleByIdentity,
  peopleByName,
  personById,
} from '../../projections/people/directory.js'
import type { LedgerServices } from '../ledger-services.js'
import { scopeOfReading } from './person-scope.js'
import { queryRoute } from './query-route.js'
import { noBody, nothing, type Route } from './route.js'

const tag = '人员 Persons'
const roles = ['clerk', 'reviewer', 'approver', 'payment-officer', 'auditor'] as const

const OpenPerson = z.strictObject({
  personId: PersonId,
  /** Null for a person whose key was destroyed. */
  name: z.string().nullable(),
  identityNumber: z.string().nullable(),
  address: z.string().nullable(),
  phone: z.string().nullable(),
  bornOn: PlainDate,
  sex: z.enum(['male', 'female']),
  diedOn: PlainDate.nullable(),
  erased: z.boolean(),
  mergedInto: PersonId.nullable().describe('已并入 The record that stands for this one'),
  version: z.int(),
})
type OpenPerson = z.infer<typeof OpenPerson>

/** Persons with their details opened: each answer is a logged access. */
export function personQueries(services: LedgerServices): readonly Route[] {
  const { model } = services
  return [
    queryRoute({
      method: 'POST',
      url: '/v1/persons/search',
      tag,
      summary: { zh: '查找人员', en: 'Find persons by identity number, or by name or part of it' },
      roles,
      params: nothing,
      query: nothing,
      body: z.union([
        z.strictObject({ identityNumber: z.string().max(40) }),
        z.strictObject({ name: z.string().min(1).max(100) }),
      ]),
      result: z.array(OpenPerson),
      personal: (found) => found.map(({ personId }) => personId),
      scope: () => [],
      read: async ({ actor: { division: within }, body }) => {
        const found: OpenPerson[] = []
        for (const row of (await search(services, { ...body, within })).rows)
          found.push(await opened(services, row))
        return found
      },
    }),
    queryRoute({
      method: 'GET',
      url: '/v1/persons/:personId',
      tag,
      summary: { zh: '人员信息', en: 'One person, with the households they belong to' },
      roles,
      params: z.strictObject({ personId: PersonId }),
      query: nothing,
      body: noBody,
      result: OpenPerson.extend({
        cases: z.array(
          z.strictObject({
            caseId: CaseId,
            programme: z.string(),
            from: z.string(),
            to: z.string(),
          }),
        ),
      }),
      personal: ({ personId }) => [personId],
      version: ({ version }) => version,
      scope: scopeOfReading(services),
      read: async ({ params: { personId } }) => {
        const row = await personById(model, personId)
        if (!row) throw new DomainError('person-unknown', { personId })
        const { rows } = await casesOfPerson(model, personId)
        const cases = rows.map(({ caseId, programme, fromMonth, toMonth }) => ({
          caseId,
          programme,
          from: monthFromIndex(fromMonth),
          to: monthFromIndex(toMonth),
        }))
        return { ...(await opened(services, row)), cases }
      },
    }),
  ]
}

const mostFound = 100

interface Within {
  /** Whose persons: those with a case in the subtree, and those with none. */
  readonly within: DivisionCode
}

function search(
  { model, processes }: LedgerServices,
  asked: ({ readonly identityNumber: string } | { readonly name: string }) & Within,
) {
  const { hashes } = processes
  const { within } = asked
  if ('identityNumber' in asked) {
    const number = parseIdentityNumber(asked.identityNumber)
    return peopleByIdentity(model, { hash: hashes.identity(number), within })
  }
  const parts = hashes.nameParts(asked.name)
  return peopleByName(model, { name: { parts }, within, limit: mostFound })
}

async function opened({ processes }: LedgerServices, row: PersonRow): Promise<OpenPerson> {
  const { bornOn, diedOn, erased, mergedInto, personId, sex } = row
  const { policy } = await processes.policies.latest()
  const stream = personStream(personId)
  const { state, version } = await processes.handler.load(stream, personDecider(policy))
  const details = state.details && (await openDetails(processes, state.details))
  return {
    personId,
    name: details?.name ?? null,
    identityNumber: details?.identityNumber ?? null,
    address: details?.address ?? null,
    phone: details?.phone ?? null,
    bornOn,
    sex,
    diedOn,
    erased,
    mergedInto,
    version,
  }
}
