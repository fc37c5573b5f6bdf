import { z } from 'zod'
import { month as monthOf, monthsOf as monthsIn } from '../../../src/domain/values/calendar.js'
import type { DistrictKey } from '../generator/plan.js'
import type { Office } from '../living/office.js'
import { priceDecision } from '../living/price-link-file.js'
import type { OfficePerson } from '../office/office-people.js'
import type { LedgerAnswers } from './ledger-answers.js'

type Asked<Question extends keyof LedgerAnswers> = Parameters<LedgerAnswers[Question]>[0]

const Count = z.looseObject({ households: z.int(), persons: z.int() })
const Movements = z.looseObject({ opening: Count, entry: Count, exit: Count, closing: Count })
const Money = z.looseObject({ component: z.string(), amountFen: z.int() })
const PerCapita = z.looseObject({ perCapitaFen: z.int() })
const Standard = z.looseObject({ amountFen: z.int(), per: z.enum(['month', 'year']) })
const Run = z.looseObject({ runId: z.string(), kind: z.string() })
const Line = z.looseObject({
  caseId: z.string(),
  benefitClass: z.string(),
  outcome: z.string().nullable(),
  creditedFen: z.int().nullable(),
})
type Line = z.infer<typeof Line>
const OnRoll = z.looseObject({
  personCount: z.int(),
  monthlyAmountFen: z.int(),
})
const Granted = z.looseObject({ persons: z.int() })
const DeathList = z.looseObject({ rows: z.int(), source: z.string(), remarks: z.array(z.string()) })
const Reported = z.looseObject({
  figureId: z.string(),
  standing: z.string(),
  reason: z.string().nullable(),
})

const priceSubsidy = 'price-subsidy'

/** The ledger's own answers: asked over HTTP by the people who would ask them. */
export class HttpAnswers implements LedgerAnswers {
  readonly #offices: ReadonlyMap<DistrictKey, Office>
  readonly #paid = new Map<string, ReturnType<LedgerAnswers['paid']>>()

  readonly #province: OfficePerson

  /** `province` reads what an office sees its own share of only. */
  constructor(offices: readonly Office[], province: OfficePerson) {
    this.#province = province
    this.#offices = new Map(offices.map((office) => [office.plan.key, office]))
  }

  async roll({ district, month, programmes }: Asked<'roll'>) {
    const rows = await this.#rows(district, { list: 'rolls/counts', month, programmes }, Count)
    return headcount(rows)
  }

  /** Of a month before the ledger's own: what the former books reported, by their roll. */
  async perCapitaFen({ district, month, programme }: Asked<'perCapitaFen'>) {
    const { plan } = this.#office(district)
    if (month >= plan.cutOver) {
      const path = this.#path(district, {
        list: 'totals/per-capita',
        month,
        programmes: [programme],
      })
      return (await this.#read(district, path, PerCapita)).perCapitaFen
    }
    const asked = { month, programmes: [programme] }
    const owed = await this.#rows(district, { list: 'totals/owed', ...asked }, Money)
    const { persons } = await this.roll({ district, ...asked })
    return Math.floor((2 * sum(owed.map((row) => row.amountFen)) + persons) / (2 * persons))
  }

  async movements({ district, from, programmes, to }: Asked<'movements'>) {
    const { division } = this.#office(district).plan
    const path = `/v1/movements?division=${division}&programme=${programmes}&from=${from}&to=${to}`
    const { closing, entry, exit, opening } = await this.#read(district, path, Movements)
    return { opening, entries: entry, exits: exit, closing }
  }

  /** Asked by several figures, and thousands of lines each time: so once. */
  paid(asked: Asked<'paid'>) {
    const key = JSON.stringify(asked)
    const answer = this.#paid.get(key) ?? this.#askPaid(asked)
    this.#paid.set(key, answer)
    return answer
  }

  async #askPaid(asked: Asked<'paid'>) {
    if (asked.benefitClass !== undefined) return this.#paidToClass(asked)
    const rows = await Promise.all(
      monthsOf(asked).map((month) =>
        this.#rows(asked.district, { ...asked, list: 'totals/paid', month }, Money),
      ),
    )
    const isOwn = ({ component }: z.infer<typeof Money>) =>
      (component === priceSubsidy) === (asked.kind === 'price-subsidy')
    const amountFen = sum(
      rows
        .flat()
        .filter(isOwn)
        .map((row) => row.amountFen),
    )
    return { amountFen, recipients: await this.#recipients(asked) }
  }

  async standardFen(asked: Asked<'standardFen'>) {
    const { benefitClass, district, month, per, programme } = asked
    const { division } = this.#office(district).plan
    const place = `programme=${programme}&division=${division}&benefitClass=${benefitClass}`
    const path = `/v1/standards?${place}&month=${month}`
    const standard = await this.#read(district, path, Standard)
    if (standard.per === per) return standard.amountFen
    return per === 'year' ? standard.amountFen * 12 : standard.amountFen / 12
  }

  async personsPaidFen({ amountFen, district, month, programme }: Asked<'personsPaidFen'>) {
    const rows = await this.#onRoll(district, { month, programmes: [programme] })
    const paid = rows.filter((row) => row.monthlyAmountFen === amountFen)
    return sum(paid.map((row) => row.personCount))
  }

  async deathLists({ district }: Asked<'deathLists'>) {
    const { client, plan } = this.#office(district)
    const all = await client.rows(this.#province, '/v1/death-lists', DeathList)
    const sources = new Set(
      plan.months.flatMap(({ actions }) =>
        actions.flatMap((action) => (action.do === 'import-deaths' ? action.source : [])),
      ),
    )
    const own = all.filter(({ source }) => sources.has(source))
    return { rows: sum(own.map(({ rows }) => rows)), remarks: own.flatMap((list) => list.remarks) }
  }

  async reportedFigure(id: string) {
    const all = await Promise.all(
      [...this.#offices.values()].map(({ client, people }) =>
        client.rows(people.statistician, '/v1/reported-figures', Reported),
      ),
    )
    return all.flat().find(({ figureId }) => figureId === id) ?? null
  }

  async #recipients(asked: Asked<'paid'>): Promise<number> {
    if (asked.kind === 'price-subsidy') return this.#personsOfSubsidy(asked)
    const lines = await this.#creditedLines(asked)
    return new Set(lines.map(({ caseId }) => caseId)).size
  }

  /** A person on two rolls once: what the decision of the log says when it is tried again. */
  async #personsOfSubsidy({ district, programmes }: Asked<'paid'>): Promise<number> {
    const office = this.#office(district)
    const { client, people, plan, policyFile } = office
    const actions = plan.months.flatMap((month) => month.actions)
    for (const action of actions) {
      if (action.do !== 'decide-price-link') continue
      const decision = priceDecision(await policyFile(action.file), action.decisionId)
      if (String(decision.programmes) !== String(programmes)) continue
      const key = `demo/figures/${action.decisionId}/${performance.now()}`
      const write = { path: '/v1/price-links', body: { ...decision, dryRun: true }, key }
      return (await client.write(people.approver, write, Granted)).persons
    }
    return 0
  }

  /** Money by class stands in the lines alone. */
  async #paidToClass(asked: Asked<'paid'>) {
    const lines = await this.#creditedLines(asked)
    const amountFen = sum(lines.map((line) => line.creditedFen ?? 0))
    return { amountFen, recipients: new Set(lines.map(({ caseId }) => caseId)).size }
  }

  async #creditedLines(asked: Asked<'paid'>): Promise<readonly Line[]> {
    const { client, people } = this.#office(asked.district)
    const officer = people['payment-officer']
    const runs = await Promise.all(
      monthsOf(asked).map((month) =>
        client.rows(officer, this.#path(asked.district, { ...asked, list: 'runs', month }), Run),
      ),
    )
    const own = runs.flat().filter(({ kind }) => kind === asked.kind)
    const lines = await Promise.all(
      own.map(({ runId }) => client.rows(officer, `/v1/runs/${runId}/lines`, Line)),
    )
    const isOwn = (line: Line) =>
      line.outcome === 'credited' && [undefined, line.benefitClass].includes(asked.benefitClass)
    return lines.flat().filter(isOwn)
  }

  #onRoll(district: DistrictKey, asked: Omit<ListAsked, 'list'>) {
    const { client, people } = this.#office(district)
    return client.rows(people.auditor, this.#path(district, { ...asked, list: 'rolls' }), OnRoll)
  }

  #rows<Row>(district: DistrictKey, asked: ListAsked, schema: z.ZodType<Row>): Promise<Row[]> {
    const { client, people } = this.#office(district)
    return client.rows(people.statistician, this.#path(district, asked), schema)
  }

  #read<Result>(district: DistrictKey, path: string, schema: z.ZodType<Result>): Promise<Result> {
    const { client, people } = this.#office(district)
    return client.read(people.statistician, path, schema)
  }

  #path(district: DistrictKey, { list, month, programmes }: ListAsked): string {
    const { division } = this.#office(district).plan
    return `/v1/${list}?division=${division}&month=${month}&programme=${programmes}`
  }

  #office(district: DistrictKey): Office {
    const office = this.#offices.get(district)
    if (!office) throw new Error(`no office of ${district}`)
    return office
  }
}

interface ListAsked {
  readonly list: string
  readonly month: string
  readonly programmes: readonly string[]
}

function monthsOf({ from, to }: { readonly from: string; readonly to: string }) {
  return monthsIn({ from: monthOf(from), to: monthOf(to) })
}

function headcount(rows: readonly z.infer<typeof Count>[]) {
  return {
    households: sum(rows.map((row) => row.households)),
    persons: sum(rows.map((row) => row.persons)),
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
