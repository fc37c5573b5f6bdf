import t from 'tap'
import { z } from 'zod'
import { Role } from '../../src/api/auth/actor.js'
import { csvFile } from '../application/imports/import-files.js'
import {
  type Answer,
  county,
  fileOf,
  type HttpLedger,
  policyOfCounty,
  startHttpLedger,
} from '../support/http-ledger.js'
import type { Person } from '../support/issuing.js'
import { handsOfProvince } from '../support/two-hands.js'
import { allocate, household, paper, type Registered, releaseRun } from './office.js'
import type { Asking, Ours } from './other-county-asking.js'
import { requestsFor } from './other-county-requests.js'

const elsewhere = '990201000000'
const account = '622299998888'

/** What names something of ours; nobody elsewhere may read it, unless they said it themselves. */
type Traces = readonly string[]

const Documented = z.object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })

async function routesOf({ origin }: HttpLedger): Promise<readonly string[]> {
  const { paths } = Documented.parse(await (await fetch(`${origin}/docs/json`)).json())
  return Object.entries(paths)
    .filter(([path]) => path.startsWith('/v1/'))
    .flatMap(([path, methods]) => Object.keys(methods).map((at) => `${at.toUpperCase()} ${path}`))
}

/** A roll, a run, a recovery, a figure and a hold of one county; another county has nothing. */
async function ourCounty(ledger: HttpLedger): Promise<{ ours: Ours; traces: Traces }> {
  await allocate(ledger, { amountFen: 100_000_000 })
  const other = await household(ledger, { name: '甲县某户', account: '622277776666' })
  const { caseId, head } = await household(ledger, { name: '甲县退户', account })
  await ledger.advanceTo('2012-01-05')
  await releaseRun(ledger, { period: '2012-01' })
  const exit = { lastMonth: '2011-12', reason: '收入超标' }
  await ledger.done('approver', `POST /v1/cases/${caseId}/exit`, exit)
  await ledger.advanceTo('2012-02-05')
  const runId = await releaseRun(ledger, { period: '2012-02' })
  const holdId = 'hold-of-ours'
  await ledger.done('administrator', 'POST /v1/programme-holds', {
    from: '2012-03',
    programme: 'urban-dibao',
    division: county,
    holdId,
    reason: '核查',
  })
  await ledger.done('statistician', 'POST /v1/reported-figures', figureOfOurs)
  await ledger.read('clerk', `/v1/persons/${head.personId}`)
  const divisionId = await divisionIdOf(county)
  const importId = await preparedImport(ledger, head)
  const prepared = { importId, bulkDecisionId: await preparedCampaign(ledger) }
  const cases = { caseId, otherCaseId: other.caseId }
  const ours = { ...head, ...cases, runId, divisionId, holdId, ...prepared }
  const namesOf = ({ identityNumber, name, personId }: Registered) => [
    personId,
    name,
    String(identityNumber),
  ]
  const ids = [
    caseId,
    other.caseId,
    runId,
    account,
    '622277776666',
    figureOfOurs.figureId,
    'spring-of-ours',
  ]
  return {
    ours: { ...ours, identityNumber: String(head.identityNumber) },
    traces: [...ids, ...namesOf(head), ...namesOf(other.head)],
  }
}

async function preparedImport(ledger: HttpLedger, { identityNumber, name }: Registered) {
  const rows = [
    ['身份证号', '开户银行', '银行账号', '户名', '启用日期'],
    [String(identityNumber), '示例银行', '622233334444', name, '2012-02-05'],
  ]
  const file = fileOf(csvFile('账户.csv', rows))
  const body = { file, dryRun: true }
  return String((await ledger.done('administrator', 'POST /v1/imports/accounts', body)).importId)
}

async function preparedCampaign(ledger: HttpLedger): Promise<string> {
  const campaign = {
    campaignId: 'spring-of-ours',
    programme: 'festival-greeting',
    month: '2012-02',
    decidedOn: '2012-02-05',
    division: county,
    document: paper,
  }
  const tiers = [{ programme: 'urban-dibao', amountFen: 50_000 }]
  const body = { ...campaign, unit: 'household', tiers, dryRun: true }
  await ledger.done('reviewer', 'POST /v1/campaigns', body)
  const [waiting] = await ledger.rows('auditor', `/v1/bulk-decisions?division=${county}`)
  return String(waiting?.['bulkDecisionId'])
}

const figureOfOurs = {
  figureId: 'figure-of-ours',
  from: '2011-12',
  to: '2011-12',
  division: county,
  programme: 'urban-dibao',
  what: '保障户数',
  amountFen: null,
  count: 2,
  unit: '户',
  standing: 'reported',
  reason: null,
  source: '年报',
}

const Places = z.object({ items: z.array(z.object({ code: z.string(), divisionId: z.string() })) })

async function divisionIdOf(code: string): Promise<string> {
  const files = await policyOfCounty()
  const file = files.find(({ name }) => name.startsWith('divisions'))
  const { items } = Places.parse(JSON.parse(String(file?.bytes)))
  return items.find((item) => item.code === code)?.divisionId ?? ''
}

interface Question {
  readonly request: string
  readonly body?: unknown
}

function questionOf(route: string, { body, query = {} }: Asking, ours: Ours): Question {
  const filled = route.replace(/\{(\w+)\}/g, (_, name) => String(Object(ours)[name]))
  const search = new URLSearchParams(query).toString()
  const request = search === '' ? filled : `${filled}?${search}`
  return body === undefined ? { request } : { request, body }
}

/** Traces of ours in an answer, but for what was in the question. */
function tracesIn(answer: Answer, question: Question, traces: Traces): Traces {
  const said = JSON.stringify(question)
  return traces.filter((trace) => answer.text.includes(trace) && !said.includes(trace))
}

t.test('nobody of another county reads or changes anything of ours', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  const files = (await policyOfCounty('p3')).filter(({ name }) => name !== 'programmes.json')
  await ledger.importPolicy(files, await handsOfProvince(ledger))
  const { ours, traces } = await ourCounty(ledger)
  const requests = await requestsFor(ours)
  const strangers: Person[] = []
  for (const role of Role.options)
    strangers.push(await ledger.issue({ actor: `far-${role}`, roles: [role], division: elsewhere }))
  const routes = await routesOf(ledger)

  t.same([...routes].sort(), Object.keys(requests).sort(), 'every route is asked')
  for (const route of routes) {
    const asking = requests[route]
    if (!asking) continue
    await t.test(route, async (t) => {
      const question = questionOf(route, asking, ours)
      const head = await ledger.head()
      const codes = []
      for (const stranger of strangers) {
        const answer = await ledger.call(stranger, question.request, { body: question.body })
        codes.push(answer.json['code'] ?? answer.status)
        const secret = asking.tellsPersonId ? traces.filter((of) => of !== ours.personId) : traces
        t.same(tracesIn(answer, question, secret), [], `${stranger.actor} reads nothing of ours`)
        t.ok(mayAnswer(answer, asking), `${stranger.actor}: ${answer.status} ${answer.text}`)
      }
      t.ok(
        codes.some((code) => code !== 'role-missing'),
        'somebody has the role',
      )
      t.same(await ledger.eventsAfter(head), [], 'and nothing is written')
    })
  }

  await t.test('whose tokens they revoked goes on working', async (t) => {
    t.equal((await ledger.call('clerk', 'GET /v1/ledger')).status, 200)
  })

  await t.test('asked of their own place, lists hold nothing of ours', async (t) => {
    for (const route of routes) {
      const asking = requests[route]
      if (!asking?.query?.['division']) continue
      const query = { ...asking.query, division: elsewhere }
      const question = questionOf(route, { query }, ours)
      let answered = false
      for (const stranger of strangers) {
        const answer = await ledger.call(stranger, question.request)
        answered ||= answer.status === 200
        t.same(tracesIn(answer, question, traces), [], `${route} for ${stranger.actor}`)
      }
      t.ok(answered, `${route} is answered`)
    }
  })
})

/** Refused for the place, or there is no such thing; or an answer that holds nothing of ours. */
function mayAnswer({ json, status }: Answer, { code, isPublic, query }: Asking): boolean {
  if (code !== undefined && json['code'] === code) return true
  if (status === 403) return json['code'] !== 'access-purpose-missing'
  if (status === 404) return true
  return status === 200 && (isPublic === true || query === undefined)
}
