import type { Decider } from '../../domain/decider.js'
import { divisionDecider, programmeDecider, standardDecider } from '../../domain/policy/decide.js'
import { evolvePolicy, type Policy, type PolicyEvent } from '../../domain/policy/policy.js'
import { shanghaiDateOf } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import { type Actor, assertWholeLedger, assertWithinScope } from '../caller.js'
import { divisionStream, programmeStream, standardStream } from '../streams.js'
import { PendingSeals } from './pending-seals.js'
import { type PolicyItem, policyDigestOf, readPolicyFiles } from './policy-files.js'
import { RowFaults, rowsOf } from './row-faults.js'
import {
  type ImportOutcome,
  type ImportParts,
  type ImportPlan,
  type ImportRequest,
  runImport,
} from './run-import.js'
import { StreamBook, type StreamSource } from './stream-book.js'
import type { ImportFile } from './table-file.js'
import { touchedPlaces } from './touched-places.js'

/**
 * Imports programmes, divisions, rules, standards and price terms from JSON files, all of them or
 * nothing.
 * Afterwards the ledger knows them from its log alone. The same item again adds nothing.
 *
 * @throws DomainError policy-file-malformed
 */
export async function importPolicy(
  parts: ImportParts,
  files: readonly ImportFile[],
  request: ImportRequest,
): Promise<ImportOutcome> {
  const faults = new RowFaults()
  const items = readPolicyFiles(files, { faults, today: shanghaiDateOf(parts.clock.now()) })
  return runImport(
    parts,
    {
      kind: 'policy',
      rows: items.length + rowsOf(faults.all),
      content: items.map(({ kind, data }) => JSON.stringify({ kind, data })).sort(),
      fileDigest: policyDigestOf(files),
      plan: () => planPolicy(parts, { items, itemFaults: faults, actor: request.actor }),
    },
    request,
  )
}

async function planPolicy(
  parts: ImportParts,
  of: {
    readonly items: readonly PolicyItem[]
    readonly itemFaults: RowFaults
    readonly actor: Actor
  },
): Promise<ImportPlan> {
  const { actor, itemFaults, items } = of
  const faults = new RowFaults()
  for (const fault of itemFaults.all) faults.add(fault, fault)
  const { policy } = await parts.policies.latest()
  const books = new PolicyBooks(parts, policy)
  await books.load(items)
  let changedRows = 0
  for (const item of items) {
    const events = faults.during(item.place, () => {
      const division = divisionOf(item)
      if (division !== undefined) assertWithinScope(actor, division)
      const events = books.take(item)
      if (events > 0 && division === undefined) assertWholeLedger(policy, actor)
      return events
    })
    if (events) changedRows += 1
  }
  return {
    faults: faults.all,
    changedRows,
    stages: books.stages(),
    seals: new PendingSeals(),
    places: touchedPlaces(items.flatMap((item) => divisionOf(item) ?? [])),
    cases: new Set(),
    openedBy: new Set(),
  }
}

/** The place that an item is about; a programme of the catalogue is about none. */
function divisionOf(item: PolicyItem): DivisionCode | undefined {
  switch (item.kind) {
    case 'programmes':
      return undefined
    case 'divisions':
      return item.data.code
    case 'rules':
    case 'standards':
    case 'price-terms':
      return item.data.division
  }
}

/** The policy streams that a file speaks of; each decision knows the items before it. */
class PolicyBooks {
  #policy: Policy
  readonly #programmes
  readonly #standards
  readonly #divisions

  constructor(source: StreamSource, policy: Policy) {
    this.#policy = policy
    this.#programmes = new StreamBook('programme', source, this.#deciding(programmeDecider))
    this.#standards = new StreamBook('standard', source, this.#deciding(standardDecider))
    this.#divisions = new StreamBook('division', source, this.#deciding(divisionDecider))
  }

  async load(items: readonly PolicyItem[]): Promise<void> {
    for (const item of items) await this.#loadStreamOf(item)
  }

  #loadStreamOf(item: PolicyItem): Promise<void> {
    switch (item.kind) {
      case 'programmes':
        return this.#programmes.load([programmeStream(item.data.definition.programme)])
      case 'rules':
      case 'price-terms':
        return this.#programmes.load([programmeStream(item.data.programme)])
      case 'standards':
        return this.#standards.load([standardStream(item.data)])
      case 'divisions':
        return this.#divisions.load([divisionStream(item.data.divisionId)])
    }
  }

  /** How many events the item adds: one, or none when it is known. */
  take(item: PolicyItem): number {
    const events = this.#decide(item)
    for (const event of events) this.#policy = evolvePolicy(this.#policy, event)
    return events.length
  }

  stages(): ImportPlan['stages'] {
    return [this.#programmes.planned(), this.#divisions.planned(), this.#standards.planned()]
  }

  #decide(item: PolicyItem): readonly PolicyEvent[] {
    switch (item.kind) {
      case 'programmes': {
        const stream = programmeStream(item.data.definition.programme)
        return this.#programmes.decide(stream, { type: 'DefineProgramme', ...item.data })
      }
      case 'rules': {
        const stream = programmeStream(item.data.programme)
        return this.#programmes.decide(stream, { type: 'SetRule', ...item.data })
      }
      case 'price-terms': {
        const stream = programmeStream(item.data.programme)
        return this.#programmes.decide(stream, { type: 'SetPriceTerms', ...item.data })
      }
      case 'standards':
        return this.#standards.decide(standardStream(item.data), {
          type: 'SetStandard',
          ...item.data,
        })
      case 'divisions':
        return this.#divisions.decide(divisionStream(item.data.divisionId), {
          type: 'DefineDivision',
          ...item.data,
        })
    }
  }

  #deciding<Command, Event>(
    under: (policy: Policy) => Decider<Policy, Command, Event>,
  ): Decider<Policy, Command, Event> {
    const { initial, evolve } = under(this.#policy)
    return {
      initial,
      evolve,
      decide: (command, own) => under(this.#policy).decide(command, own),
    }
  }
}
