import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { PersonId } from '../../domain/values/identifiers.js'
import { actorOn, assertWithinScope } from '../auth/authenticate.js'
import type { Column } from '../exports/column.js'
import { csvOf } from '../exports/csv.js'
import {
  askedIn,
  dispositionOf,
  type ExportFile,
  type ExportFormat,
  mediaTypes,
} from '../exports/export-file.js'
import { ndjsonOf } from '../exports/ndjson.js'
import { xlsxOf } from '../exports/xlsx.js'
import { type Keyset, type ListIdentity, largestPage, PageParameters } from '../paging.js'
import { openGate } from '../personal-data.js'
import { AsOf, asOfFor, figuresAt, knownAtIn } from '../position.js'
import {
  PurposeParameter,
  personalNotes,
  type QueryInput,
  type QuerySchema,
  ReadParameters,
} from './query-route.js'
import { rawParts, readInput, readOne, splitQuery } from './request-input.js'
import {
  describeRoute,
  type Route,
  type RouteFace,
  type RouteServices,
  refusalResponse,
  type Scope,
} from './route.js'

/** A list, declared: read page by page, or whole as a file. */
export interface ListRoute<Params, Query, Body, Row> extends RouteFace {
  readonly method: 'GET' | 'POST'
  readonly params: z.ZodType<Params>
  readonly query: QuerySchema<Query>
  readonly body: z.ZodType<Body>
  readonly row: z.ZodType<Row>
  /** What a file of this list is called. */
  readonly titleZh: string
  readonly columns: readonly Column<Row>[]
  readonly scope: Scope<QueryInput<Params, Query, Body>>
  /** Given where rows hold personal data: whose. */
  readonly personal?: (row: Row) => readonly PersonId[]
  readonly page: (input: QueryInput<Params, Query, Body>, at: PagePlace) => Promise<Page<Row>>
}

export interface PagePlace {
  /** The `next` of the page before; null for the first page. */
  readonly after: Keyset | null
  readonly limit: number
  readonly asOf: AsOf
}

export interface Page<Row> {
  readonly rows: readonly Row[]
  /** Where the next page begins; null when there is none. */
  readonly next: Keyset | null
}

const FormatParameter = z.strictObject({
  format: z
    .enum(['json', 'csv', 'xlsx', 'ndjson'])
    .optional()
    .describe('csv, xlsx, ndjson: the whole list as a file'),
})
const ListParameters = ReadParameters.extend(PageParameters.shape).extend(FormatParameter.shape)
const PersonalListParameters = ListParameters.extend(PurposeParameter.shape)
const reservedNames = Object.keys(PersonalListParameters.shape)

/** A list under `/v1`: paged by cursor as JSON, or whole as CSV, XLSX or JSON lines. */
export function listRoute<Params, Query, Body, Row>(
  declared: ListRoute<Params, Query, Body, Row>,
): Route {
  const Reserved = declared.personal ? PersonalListParameters : ListParameters
  const notes = declared.personal ? personalNotes : []
  return (app, services) => {
    app.route({
      method: declared.method,
      url: declared.url,
      config: { access: declared.roles },
      schema: {
        ...describeRoute(declared, [...notes, '格式 Formats: JSON, CSV, XLSX, JSON lines.']),
        params: declared.params,
        querystring: z.strictObject({ ...declared.query.shape, ...Reserved.shape }),
        ...(declared.method === 'POST' ? { body: declared.body } : {}),
        response: {
          200: z.strictObject({
            rows: z.array(declared.row),
            nextCursor: z.string().nullable(),
            asOf: AsOf,
          }),
          '4xx': refusalResponse,
        },
      },
      handler: (request, reply) => answer({ declared, services, request, reply }),
    })
  }
}

interface Handling<Params, Query, Body, Row> {
  readonly declared: ListRoute<Params, Query, Body, Row>
  readonly services: RouteServices
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function answer<Params, Query, Body, Row>(
  handling: Handling<Params, Query, Body, Row>,
): Promise<FastifyReply> {
  const { declared, services, request, reply } = handling
  const raw = rawParts(request)
  const { reserved, own } = splitQuery(raw.query, reservedNames)
  const asked = readOne('query', PersonalListParameters, reserved)
  const input = { ...readInput({ ...raw, query: own }, declared), actor: actorOn(request) }
  const gate =
    declared.personal && openGate(request, { purpose: asked.purpose, log: services.accessLog })
  assertWithinScope(input.actor, await declared.scope(input, input.actor))
  const list = { route: declared.url, filters: { ...raw, query: own } }
  const after = asked.cursor === undefined ? null : services.cursors.read(list, asked.cursor)

  const { minPosition } = asked
  const asOf = await asOfFor(services.progress, { minPosition, ...knownAtIn(input.query) })
  const reading: Reading<Row> = {
    page: async (place) => {
      const page = await declared.page(input, { ...place, asOf })
      if (gate && declared.personal) await gate.letOut(page.rows.flatMap(declared.personal))
      return page
    },
    asOf,
    asked: askedIn(input.query),
    after,
  }
  const format = asked.format ?? acceptedFormat(request)
  if (format !== 'json') return sendFile(handling, { reading, format })
  return sendPage(reply, { reading, list, services, limit: asked.limit })
}

/** A list with its filters, personal data let out page by page. */
interface Reading<Row> {
  readonly page: (place: Omit<PagePlace, 'asOf'>) => Promise<Page<Row>>
  readonly asOf: AsOf
  readonly asked: ExportFile<Row>['asked']
  readonly after: Keyset | null
}

interface PageOrder<Row> {
  readonly reading: Reading<Row>
  readonly list: ListIdentity
  readonly services: RouteServices
  readonly limit: number
}

async function sendPage<Row>(reply: FastifyReply, order: PageOrder<Row>): Promise<FastifyReply> {
  const { reading, list, services, limit } = order
  const { rows, next } = await reading.page({ after: reading.after, limit })
  const nextCursor = next === null ? null : services.cursors.write(list, next)
  return reply.code(200).send({ rows, nextCursor, asOf: reading.asOf })
}

async function sendFile<Params, Query, Body, Row>(
  { declared, reply }: Handling<Params, Query, Body, Row>,
  { reading, format }: { readonly reading: Reading<Row>; readonly format: ExportFormat },
): Promise<FastifyReply> {
  // The first page is read before the answer begins, so that a refusal can still be one.
  const first = await reading.page({ after: reading.after, limit: largestPage })
  const file = {
    titleZh: declared.titleZh,
    columns: declared.columns,
    asOf: reading.asOf,
    asked: reading.asked,
    pages: pagesFrom(first, reading),
  }
  const streams = {
    csv: () => Readable.from(csvOf(file), { objectMode: false }),
    ndjson: () => Readable.from(ndjsonOf(file), { objectMode: false }),
    xlsx: () => xlsxOf(file),
  }
  return reply
    .code(200)
    .header('content-type', mediaTypes[format])
    .header('content-disposition', dispositionOf(file, format))
    .header('ledger-as-of', String(figuresAt(reading.asOf)))
    .header('ledger-clock', reading.asOf.clock)
    .send(streams[format]())
}

async function* pagesFrom<Row>(
  first: Page<Row>,
  reading: Reading<Row>,
): AsyncGenerator<readonly Row[]> {
  let page = first
  while (true) {
    yield page.rows
    if (page.next === null) return
    page = await reading.page({ after: page.next, limit: largestPage })
  }
}

function acceptedFormat(request: FastifyRequest): ExportFormat | 'json' {
  const accept = request.headers.accept ?? ''
  if (accept.includes('text/csv')) return 'csv'
  if (accept.includes('application/x-ndjson')) return 'ndjson'
  return accept.includes('spreadsheetml.sheet') ? 'xlsx' : 'json'
}
