import { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Table } from '../../application/exports/table.js'
import type { Actor } from '../auth/actor.js'
import { actorOn, assertWithinScope } from '../auth/authenticate.js'
import type { Column } from '../exports/column.js'
import { csvOf } from '../exports/csv.js'
import { dispositionOf, mediaTypes } from '../exports/export-file.js'
import { ndjsonOf } from '../exports/ndjson.js'
import { xlsxOf } from '../exports/xlsx.js'
import { openGate, type PersonalDataGate } from '../personal-data.js'
import { asOfFor } from '../position.js'
import { PurposeParameter, personalNotes, ReadParameters } from './query-route.js'
import { rawParts, readInput, readOne, splitQuery } from './request-input.js'
import {
  describeRoute,
  noBody,
  nothing,
  type Route,
  type RouteFace,
  type RouteServices,
  refusalResponse,
  type Scope,
} from './route.js'

/** A document about one thing, sent as a file: a run sheet, a notice, a bank file. */
export interface FileRoute<Params> extends RouteFace {
  readonly params: z.ZodType<Params>
  readonly scope: Scope<FileInput<Params>>
  /** Given where the file has no person in it, so that no purpose is asked for. */
  readonly impersonal?: true
  readonly make: (input: FileInput<Params>) => Promise<MadeFile>
}

export interface FileInput<Params> {
  readonly params: Params
  readonly actor: Actor
  readonly gate: PersonalDataGate
}

/** Rows that become CSV, XLSX or JSON lines as asked; or bytes that are what they are. */
export type MadeFile =
  | { readonly kind: 'table'; readonly table: Table }
  | { readonly kind: 'bytes'; readonly name: string; readonly bytes: Uint8Array }

const FormatParameter = z.strictObject({
  format: z.enum(['csv', 'xlsx', 'ndjson']).default('csv').describe('of a table'),
})
const FileParameters = ReadParameters.extend(FormatParameter.shape).extend(PurposeParameter.shape)
const reservedNames = Object.keys(FileParameters.shape)

const nobody: PersonalDataGate = { letOut: async () => undefined }

/** A file under `/v1`. */
export function fileRoute<Params>(declared: FileRoute<Params>): Route {
  return (app, services) => {
    app.route({
      method: 'GET',
      url: declared.url,
      config: { access: declared.roles },
      schema: {
        ...describeRoute(declared, declared.impersonal ? [] : personalNotes),
        params: declared.params,
        querystring: FileParameters,
        response: { '4xx': refusalResponse },
      },
      handler: (request, reply) => send({ declared, services, request, reply }),
    })
  }
}

interface Handling<Params> {
  readonly declared: FileRoute<Params>
  readonly services: RouteServices
  readonly request: FastifyRequest
  readonly reply: FastifyReply
}

async function send<Params>(handling: Handling<Params>): Promise<FastifyReply> {
  const { declared, services, request, reply } = handling
  const raw = rawParts(request)
  const { reserved, own } = splitQuery(raw.query, reservedNames)
  const asked = readOne('query', FileParameters, reserved)
  const schemas = { params: declared.params, query: nothing, body: noBody }
  const { params } = readInput({ ...raw, query: own }, schemas)
  const actor = actorOn(request)
  const gate = declared.impersonal
    ? nobody
    : openGate(request, { purpose: asked.purpose, log: services.accessLog })
  const input = { params, actor, gate }
  assertWithinScope(actor, await declared.scope(input, actor))
  const asOf = await asOfFor(services.progress, { minPosition: asked.minPosition })
  const made = await declared.make(input)
  if (made.kind === 'bytes') return sendBytes(reply, made)

  const { table } = made
  const { titleZh } = table
  const file = { titleZh, columns: columnsOf(table), pages: pagesOf(table), asOf, asked: [] }
  const streams = {
    csv: () => Readable.from(csvOf(file), { objectMode: false }),
    ndjson: () => Readable.from(ndjsonOf(file), { objectMode: false }),
    xlsx: () => xlsxOf(file),
  }
  return reply
    .code(200)
    .header('content-type', mediaTypes[asked.format])
    .header('content-disposition', dispositionOf(file, asked.format))
    .header('ledger-as-of', String(asOf.ordinal))
    .header('ledger-clock', asOf.clock)
    .send(streams[asked.format]())
}

function sendBytes(
  reply: FastifyReply,
  { bytes, name }: Extract<MadeFile, { kind: 'bytes' }>,
): FastifyReply {
  return reply
    .code(200)
    .header('content-type', 'application/octet-stream')
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .send(Buffer.from(bytes))
}

type TableRow = Readonly<Record<string, string | number | null>>

const kinds = {
  text: 'text',
  code: 'text',
  count: 'count',
  fen: 'yuan',
  month: 'month',
  date: 'date',
} as const

function columnsOf(table: Table): readonly Column<TableRow>[] {
  return table.columns.map(({ kind, ...column }) => ({ ...column, kind: kinds[kind] }))
}

const rowsAtOnce = 500

async function* pagesOf({ rows }: Table): AsyncGenerator<readonly TableRow[]> {
  let page: TableRow[] = []
  for await (const row of rows) {
    page.push(row)
    if (page.length < rowsAtOnce) continue
    yield page
    page = []
  }
  yield page
}
