import { z } from 'zod'
import type { DistrictPlan, PlannedAction, PlannedCase, PlannedPerson } from '../generator/plan.js'
import type { LedgerClient } from '../office/ledger-client.js'
import type { OfficePeople } from '../office/office-people.js'

type OpenCase = Extract<PlannedAction, { do: 'open-case' }>

const Registered = z.looseObject({ personId: z.string() })
const Opened = z.looseObject({ caseId: z.string() })
const OnePerson = z.looseObject({
  cases: z.array(z.looseObject({ caseId: z.string(), programme: z.string() })),
})

/** What the ledger calls the plan's persons and cases: asked once, when first needed. */
export class KnownIds {
  readonly #client: LedgerClient
  readonly #people: OfficePeople
  readonly #persons: ReadonlyMap<string, PlannedPerson>
  readonly #openings: ReadonlyMap<string, OpenCase>
  readonly #takenOver: ReadonlyMap<string, PlannedCase>
  readonly #heads: ReadonlyMap<string, string>
  readonly #personIds = new Map<string, Promise<string>>()
  readonly #caseIds = new Map<string, Promise<string>>()

  constructor(plan: DistrictPlan, by: { client: LedgerClient; people: OfficePeople }) {
    this.#client = by.client
    this.#people = by.people
    this.#persons = new Map(plan.persons.map((person) => [person.key, person]))
    const actions = plan.months.flatMap((month) => month.actions)
    const openings = actions.filter((action) => action.do === 'open-case')
    this.#openings = new Map(openings.map((action) => [action.caseKey, action]))
    this.#takenOver = new Map(plan.opening.cases.map((row) => [row.caseKey, row]))
    const heads = plan.opening.members.filter((member) => member.head)
    this.#heads = new Map(heads.map(({ caseKey, personKey }) => [caseKey, personKey]))
  }

  person(key: string): PlannedPerson {
    const person = this.#persons.get(key)
    if (!person) throw new Error(`nobody in the plan is ${key}`)
    return person
  }

  /** Registers the person, which answers who is there already. */
  personId(key: string): Promise<string> {
    return remembered(this.#personIds, key, () => this.#register(this.person(key)))
  }

  /** Opens the case on its day; asked again, the same one. One that was taken over is looked up. */
  caseId(caseKey: string): Promise<string> {
    return remembered(this.#caseIds, caseKey, () => {
      const opening = this.#openings.get(caseKey)
      return opening ? this.#open(opening) : this.#lookUp(caseKey)
    })
  }

  async #register(person: PlannedPerson): Promise<string> {
    const { name, identityNumber, bornOn, sex, address } = person
    const body = { name, identityNumber, bornOn, sex, address, phone: null }
    const write = { path: '/v1/persons', body, key: `demo/${person.key}/registered` }
    return (await this.#client.write(this.#people.clerk, write, Registered)).personId
  }

  async #open(opening: OpenCase): Promise<string> {
    const { caseKey, programme, division, urbanRural, benefitClass, on: openedOn } = opening
    const body = { programme, division, urbanRural, benefitClass, openedOn }
    const write = { path: '/v1/cases', body, key: `demo/${caseKey}/opened` }
    return (await this.#client.write(this.#people.clerk, write, Opened)).caseId
  }

  async #lookUp(caseKey: string): Promise<string> {
    const taken = this.#takenOver.get(caseKey)
    const head = this.#heads.get(caseKey)
    if (!taken || !head) throw new Error(`no case in the plan is ${caseKey}`)
    const path = `/v1/persons/${await this.personId(head)}`
    const { cases } = await this.#client.read(this.#people.clerk, path, OnePerson)
    const found = cases.find(({ programme }) => programme === taken.programme)
    if (!found) throw new Error(`the ledger has no case ${caseKey}`)
    return found.caseId
  }
}

function remembered<Value>(
  known: Map<string, Promise<Value>>,
  key: string,
  find: () => Promise<Value>,
): Promise<Value> {
  const finding = known.get(key) ?? find()
  known.set(key, finding)
  return finding
}
