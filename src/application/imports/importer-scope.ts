import type { CaseCommand } from '../../domain/case/commands.js'
import { caseDecider } from '../../domain/case/decide.js'
import type { Case } from '../../domain/case/facts.js'
import type { Person } from '../../domain/person/person.js'
import type { Policy } from '../../domain/policy/policy.js'
import type { Month } from '../../domain/values/calendar.js'
import type { DivisionCode } from '../../domain/values/division.js'
import { type Actor, outsideScope } from '../caller.js'
import { casesOf, placesOfPerson, placesOutside } from '../processes/person-places.js'
import { caseStream } from '../streams.js'
import { StreamBook, type StreamSource } from './stream-book.js'

interface ScopeParts {
  readonly source: StreamSource
  readonly policy: Policy
  readonly actor: Actor
  /** In which a roll has somebody or not. */
  readonly month: Month
}

/** Whom an importer may change: persons of other places are not theirs to write. */
export class ImporterScope {
  readonly #actor: Actor
  readonly #month: Month
  readonly #cases: StreamBook<'case', Case, CaseCommand>

  constructor({ actor, month, policy, source }: ScopeParts) {
    this.#actor = actor
    this.#month = month
    this.#cases = new StreamBook('case', source, caseDecider(policy))
  }

  /** Reads the cases of everyone who will be asked about. */
  async load(persons: readonly Person[]): Promise<void> {
    await this.#cases.load(persons.flatMap((person) => casesOf(person).map(caseStream)))
  }

  /** Refuses `division-outside-scope`. */
  assertMayWrite(person: Person): void {
    const [division] = placesOutside(this.#actor, this.placesOf(person))
    if (division !== undefined) throw outsideScope(this.#actor, division)
  }

  /** Whose person somebody is. */
  placesOf(person: Person): readonly DivisionCode[] {
    const cases = new Map(
      casesOf(person).map((caseId) => [caseId, this.#cases.stateOf(caseStream(caseId))]),
    )
    return placesOfPerson(person, { cases, month: this.#month }).writing
  }
}
