import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { OfficePerson } from './office-people.js'

/** A write, as the API page describes it. */
export interface Write {
  readonly method?: 'POST' | 'PUT'
  /** From `/v1` on. */
  readonly path: string
  readonly body: unknown
  /** The same for the same deed at every start, so that a deed is done once. */
  readonly key: string
}

/** What a service answers that refuses; `code` is stable. */
export class Refused extends Error {
  readonly code: string

  constructor(what: string, problem: { readonly code: string; readonly text: string }) {
    super(`${what} was refused: ${problem.text}`)
    this.name = 'Refused'
    this.code = problem.code
  }
}

const Written = z.looseObject({ result: z.unknown(), position: z.string() })
const Read = z.looseObject({ result: z.unknown() })
const Listed = z.looseObject({ rows: z.array(z.unknown()), nextCursor: z.string().nullable() })
const Problem = z.looseObject({ code: z.string(), detail: z.string() })

const purpose = encodeURIComponent('演示：办理业务')
const rowsAtOnce = 1000
/** Beyond that something is broken: nothing in the demonstration keeps a service busy so long. */
const longestTryingMilliseconds = 180_000

/** The ledger over HTTP, as any client has it. Reads see every write that was answered before. */
export class LedgerClient {
  readonly origin: string
  /** The position of the newest write that was answered. */
  #position: string | null = null

  constructor(origin: string) {
    this.origin = origin
  }

  /** @throws Refused */
  async write<Result>(by: OfficePerson, write: Write, schema: z.ZodType<Result>): Promise<Result> {
    const { body, key, method = 'POST', path } = write
    const response = await this.#send(path, {
      method,
      headers: { ...headersOf(by), 'idempotency-key': key, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const { position, result } = Written.parse(await response.json())
    this.#position = position
    return schema.parse(result)
  }

  /** The `result` of a read. @throws Refused */
  async read<Result>(by: OfficePerson, path: string, schema: z.ZodType<Result>): Promise<Result> {
    return schema.parse((await this.whole(by, path, Read)).result)
  }

  /** A whole answer, with where it stands in the ledger. @throws Refused */
  async whole<Answer>(by: OfficePerson, path: string, schema: z.ZodType<Answer>): Promise<Answer> {
    const response = await this.#get(by, path)
    return schema.parse(await response.json())
  }

  /** All rows of a list, page by page. */
  async rows<Row>(by: OfficePerson, path: string, schema: z.ZodType<Row>): Promise<Row[]> {
    const rows: Row[] = []
    let cursor: string | null = null
    do {
      const next: string = cursor === null ? '' : `&cursor=${encodeURIComponent(cursor)}`
      const response = await this.#get(by, `${joined(path)}limit=${rowsAtOnce}${next}`)
      const page: z.infer<typeof Listed> = Listed.parse(await response.json())
      rows.push(...page.rows.map((row) => schema.parse(row)))
      cursor = page.nextCursor
    } while (cursor !== null)
    return rows
  }

  /** A document, byte for byte. */
  async file(by: OfficePerson, path: string): Promise<Buffer> {
    const response = await this.#get(by, path)
    return Buffer.from(await response.arrayBuffer())
  }

  #get(by: OfficePerson, path: string): Promise<Response> {
    const seen = this.#position === null ? path : `${joined(path)}minPosition=${this.#position}`
    return this.#send(seen, { method: 'GET', headers: headersOf(by) })
  }

  /** Sends again what the service was too busy for: a write's key makes that safe. */
  async #send(path: string, request: RequestInit): Promise<Response> {
    const until = performance.now() + longestTryingMilliseconds
    for (;;) {
      const response = await fetch(`${this.origin}${path}`, request)
      if (response.ok) return response
      const text = await response.text()
      const isBusy = response.status === 503 || response.status === 429
      if (!isBusy || performance.now() > until)
        throw new Refused(`${request.method} ${path.split('?')[0]}`, {
          code: codeOf(text),
          text: `${response.status} ${text}`,
        })
      await wait(1000 * Number(response.headers.get('retry-after') ?? 1))
    }
  }
}

function headersOf({ token }: OfficePerson): Record<string, string> {
  return { authorization: `Bearer ${token}`, 'access-purpose': purpose }
}

function joined(path: string): string {
  return `${path}${path.includes('?') ? '&' : '?'}`
}

function codeOf(text: string): string {
  try {
    return Problem.parse(JSON.parse(text)).code
  } catch {
    return 'unknown'
  }
}
