import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { z } from 'zod'
import type { Role } from '../../src/api/auth/actor.js'
import { listen } from '../../src/compose/http.js'
import { type LedgerService, openService } from '../../src/compose/service.js'
import { readConfig } from '../../src/config.js'
import { ordinal } from '../../src/domain/values/identifiers.js'
import type { StoredEvent } from '../../src/event-store/event-store.js'
import { issuingFor, type Person, type PersonWish } from './issuing.js'
import { type Teardown, testFolder } from './postgres.js'
import { type Hands, importByTwo } from './two-hands.js'

/** The county that the scenarios are about: invented, the smallest of `policy/`. */
export const county = '990301000000'

/** A whole ledger as its users have it: HTTP over PostgreSQL, on a simulated clock. */
export interface HttpLedger {
  readonly origin: string
  /** For what no user can do: to look into the tables, or to stop a process. */
  readonly service: LedgerService
  /** A token for whoever the wish describes. */
  issue(wish: PersonWish): Promise<Person>
  /** The holder of a role in the whole county, always the same person. */
  personOf(role: Role): Promise<Person>
  /** Sends `METHOD /path`; writes get a key of their own, reads see all earlier writes. */
  call(by: Role | Person, request: string, options?: CallOptions): Promise<Answer>
  /** The result of a write that must succeed. */
  done(by: Role | Person, request: string, body?: unknown): Promise<Result>
  /** The answer of a read that must succeed: `result`, or `rows`. */
  read(by: Role | Person, path: string): Promise<Result>
  rows(by: Role | Person, path: string): Promise<readonly Result[]>
  /** The refusal of what must be refused. */
  refused(by: Role | Person, request: string, options?: CallOptions): Promise<Problem>
  /** The ordinal of the newest event. */
  head(): Promise<number>
  /** What was written since; looked up in the log itself. */
  eventsAfter(head: number): Promise<readonly StoredEvent[]>
  /** Moves the clock to ten in the morning of a day. */
  advanceTo(day: string): Promise<void>
  /** Advances to the day unless it has come already. */
  reach(day: string): Promise<void>
  importPolicy(files: readonly PolicyFile[], hands?: Hands): Promise<Result>
}

export interface CallOptions {
  /** JSON, or text that is sent as it is. */
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  readonly key?: string
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly bytes: Buffer
  readonly text: string
  /** The body as JSON; empty where it is none. */
  readonly json: Result
}

/** As a client reads it: loose, so that a test sees all that is there. */
export type Result = Readonly<Record<string, unknown>>

const Loose = z.record(z.string(), z.unknown())
const Fault = z.looseObject({ field: z.string(), detail: z.string(), detailEn: z.string() })
const Problem = z.looseObject({
  status: z.int(),
  code: z.string(),
  title: z.string(),
  detail: z.string(),
  detailEn: z.string(),
  facts: Loose.optional(),
  errors: z.array(Fault).optional(),
})
export type Problem = z.infer<typeof Problem>

export interface PolicyFile {
  readonly name: string
  readonly bytes: Buffer
}

/** The files of `policy/` that the county lives by; `p2` and `p3` are the counties beside it. */
export async function policyOfCounty(place = 'p4'): Promise<readonly PolicyFile[]> {
  const root = join(import.meta.dirname, '../../policy')
  const own = ['divisions', 'rules', 'standards'].map((kind) => `${kind}/${place}.json`)
  const names = ['programmes.json', ...own]
  return Promise.all(names.map(async (name) => ({ name, bytes: await readFile(join(root, name)) })))
}

/** A file as a request carries it. */
export function fileOf({ name, bytes }: PolicyFile) {
  return { name: name.replaceAll('/', '-'), contentBase64: bytes.toString('base64') }
}

const silent = { info: () => undefined, warn: () => undefined }

export interface LedgerChoices {
  /** The day on which the ledger is founded. */
  readonly startsOn: string
  /** What is imported before anything else; the county's own files when absent. */
  readonly policy?: readonly PolicyFile[]
  /** Settings beside those that every such ledger has. */
  readonly settings?: Readonly<Record<string, string>>
}

/** Starts a ledger for one test; all of it ends with the test. */
export async function startHttpLedger(t: Teardown, choices: LedgerChoices): Promise<HttpLedger> {
  const folder = await testFolder(t)
  const config = readConfig({
    DATA_DIR: folder,
    CLOCK: 'simulated',
    PORT: '0',
    LOG_LEVEL: 'error',
    ...choices.settings,
  })
  const service = await openService(config, {
    log: silent,
    simulatedStart: instantOf(choices.startsOn),
  })
  const http = await listen(service)
  t.teardown(async () => {
    await http.stop()
    await service.close()
  })
  const { localKey, origin } = http
  if (!localKey) throw new Error('a ledger without an identity provider has a key of its own')
  const issue = issuingFor(service, { county, key: localKey })
  const ledger = new Client({ origin, service, issue, startsOn: choices.startsOn })
  await ledger.importPolicy(choices.policy ?? (await policyOfCounty()))
  return ledger
}

function instantOf(day: string): string {
  return `${day}T02:00:00.000Z`
}

interface ClientParts {
  readonly startsOn: string
  readonly origin: string
  readonly service: LedgerService
  readonly issue: HttpLedger['issue']
}

const purpose = encodeURIComponent('办理业务')
const readAttempts = 30
const tooEarly = /^(projection-behind|service-busy)$/

class Client implements HttpLedger {
  readonly origin: string
  readonly service: LedgerService
  readonly issue: HttpLedger['issue']
  readonly #people = new Map<Role, Promise<Person>>()
  /** The position of the newest write that was answered. */
  #position: string | null = null
  #keys = 0
  #today: string

  constructor({ origin, service, issue, startsOn }: ClientParts) {
    this.#today = startsOn
    this.origin = origin
    this.service = service
    this.issue = issue
  }

  personOf(role: Role): Promise<Person> {
    const known = this.#people.get(role) ?? this.issue({ actor: `${role}-1`, roles: [role] })
    this.#people.set(role, known)
    return known
  }

  /** What came before the read models, or to a busy machine, is sent again as Retry-After says. */
  async call(by: Role | Person, request: string, options: CallOptions = {}): Promise<Answer> {
    for (let attempt = 1; ; attempt += 1) {
      const answer = await this.#send(by, request, options)
      if (attempt === readAttempts || !tooEarly.test(String(answer.json['code']))) return answer
      await wait(1000)
    }
  }

  async #send(by: Role | Person, request: string, options: CallOptions): Promise<Answer> {
    const { body, headers, key } = options
    const [method = '', path = ''] = request.split(' ', 2)
    const { token } = typeof by === 'string' ? await this.personOf(by) : by
    this.#keys += 1
    const response = await fetch(this.#addressOf(method, path), {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        'access-purpose': purpose,
        'x-request-id': `request-${String(this.#keys).padStart(6, '0')}`,
        ...(method === 'GET' ? {} : { 'idempotency-key': key ?? `scenario-key-${this.#keys}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const answer = await answerOf(response)
    const { position } = answer.json
    if (typeof position === 'string') this.#position = position
    return answer
  }

  #addressOf(method: string, path: string): string {
    if (method !== 'GET' || this.#position === null) return `${this.origin}${path}`
    return `${this.origin}${path}${path.includes('?') ? '&' : '?'}minPosition=${this.#position}`
  }

  async done(by: Role | Person, request: string, body: unknown = {}): Promise<Result> {
    const answer = await this.call(by, request, { body })
    return Loose.parse(succeeded(request, answer).result)
  }

  async read(by: Role | Person, path: string): Promise<Result> {
    const answer = await this.call(by, `GET ${path}`)
    return Loose.parse(succeeded(path, answer).result)
  }

  async rows(by: Role | Person, path: string): Promise<readonly Result[]> {
    const answer = await this.call(by, `GET ${path}`)
    return z.array(Loose).parse(succeeded(path, answer).rows)
  }

  async refused(by: Role | Person, request: string, options?: CallOptions): Promise<Problem> {
    const answer = await this.call(by, request, options)
    if (answer.status < 400) throw new Error(`${request} was not refused: ${answer.text}`)
    return Problem.parse(answer.json)
  }

  async head(): Promise<number> {
    return this.service.store.head()
  }

  async eventsAfter(head: number): Promise<readonly StoredEvent[]> {
    return this.service.store.readAll({ after: ordinal(head), limit: 1000 })
  }

  async advanceTo(day: string): Promise<void> {
    this.#today = day
    const division = '990000000000'
    const by = await this.issue({ actor: 'clock-1', roles: ['administrator'], division })
    await this.done(by, 'POST /v1/ledger/clock', { to: instantOf(day) })
  }

  async reach(day: string): Promise<void> {
    if (day > this.#today) await this.advanceTo(day)
  }

  importPolicy(files: readonly PolicyFile[], hands?: Hands): Promise<Result> {
    return importByTwo(this, { what: 'policy', body: { files: files.map(fileOf) }, hands })
  }
}

async function answerOf(response: Response): Promise<Answer> {
  const bytes = Buffer.from(await response.arrayBuffer())
  const text = bytes.toString('utf8')
  const isJson = /^application\/(problem\+)?json/.test(response.headers.get('content-type') ?? '')
  const json = isJson ? Loose.parse(JSON.parse(text)) : {}
  return { status: response.status, headers: response.headers, bytes, text, json }
}

function succeeded(what: string, { status, text, json }: Answer): Result {
  if (status >= 400) throw new Error(`${what} was refused with ${status}: ${text}`)
  return json
}

/** A text out of a result: an id, a code. */
export function textIn(result: Result, name: string): string {
  return z.string().parse(result[name])
}

export function numberIn(result: Result, name: string): number {
  return z.number().parse(result[name])
}
