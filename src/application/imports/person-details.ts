import { DomainError } from '../../domain/errors.js'
import type { Details } from '../../domain/person/person.js'
import type { PlainDate } from '../../domain/values/calendar.js'
import type { PersonId } from '../../domain/values/identifiers.js'
import { birthDateOf, sexOf } from '../../domain/values/identity-number.js'
import { earliestBirth, isPossibleBirth } from '../processes/person-details.js'
import type { OpenDetails, People } from './people.js'
import type { RowFaults, RowPlace } from './row-faults.js'
import type { TableRow } from './table-rows.js'
import type { MemberRow } from './tables.js'

/** The columns of any table that say who somebody is. */
type DescribingRow = Pick<MemberRow, 'identity_number' | 'name'> &
  Partial<Pick<MemberRow, 'sex' | 'born_on' | 'address' | 'phone'>>

/** What a row says of somebody, with what follows from the identity number. */
interface Stated {
  readonly name: string
  readonly sex: 'male' | 'female'
  readonly bornOn: PlainDate
  readonly identityNumber: string | null
  readonly address: string | null
  readonly phone: string | null
}

const correctionReason = '按导入名册更正'

/** Registers the persons of a file, and corrects those whom it describes otherwise. */
export class PersonDetails {
  readonly #people: People
  readonly #faults: RowFaults
  readonly #today: PlainDate
  readonly #stated = new Map<PersonId, { readonly said: string; readonly place: RowPlace }>()
  #known: ReadonlyMap<PersonId, OpenDetails> = new Map()

  constructor(people: People, faults: RowFaults, today: PlainDate) {
    this.#people = people
    this.#faults = faults
    this.#today = today
  }

  async load(persons: readonly PersonId[]): Promise<void> {
    this.#known = await this.#people.openDetails(persons)
  }

  /** How many events the row adds about the person; undefined where the row is refused. */
  learn({ place, row }: TableRow<DescribingRow>, person: PersonId): number | undefined {
    const stated = this.#read(place, row)
    if (!stated || !this.#agrees(person, stated, place)) return undefined
    const { registration } = this.#people.stateOf(person)
    return registration ? this.#correct(person, stated) : this.#register(person, row, stated)
  }

  #read(place: RowPlace, row: DescribingRow): Stated | undefined {
    const number = row.identity_number
    const bornOn = number ? birthDateOf(number) : row.born_on
    const sex = number ? sexOf(number) : row.sex
    if (!bornOn) this.#missing(place, '出生日期')
    if (!sex) this.#missing(place, '性别')
    if (row.born_on && row.born_on !== bornOn) this.#contradicts(place, '出生日期')
    if (row.sex && row.sex !== sex) this.#contradicts(place, '性别')
    if (!bornOn || !sex) return undefined
    if (!isPossibleBirth(bornOn, this.#today)) {
      this.#impossibleBirth(place, number ? '身份证号' : '出生日期')
      return undefined
    }
    if ((row.born_on ?? bornOn) !== bornOn || (row.sex ?? sex) !== sex) return undefined
    return {
      name: row.name,
      sex,
      bornOn,
      identityNumber: number ?? null,
      address: row.address ?? null,
      phone: row.phone ?? null,
    }
  }

  #missing(place: RowPlace, column: string): void {
    this.#faults.add(place, { column, code: 'cell-empty', facts: { column }, reason: null })
  }

  #impossibleBirth(place: RowPlace, column: string): void {
    const facts = { earliest: earliestBirth, today: this.#today }
    const reason = {
      zh: `出生日期须在 ${earliestBirth} 至今天（${this.#today}）之间，请核对年份`,
      en: `a birth date from ${earliestBirth} to today, ${this.#today}: check the year`,
    }
    this.#faults.add(place, { column, code: 'birth-date-out-of-range', facts, reason })
  }

  #contradicts(place: RowPlace, column: string): void {
    const code = 'row-contradicts-identity-number'
    this.#faults.add(place, { column, code, facts: { column }, reason: null })
  }

  /** Two rows about one person must say the same, or each import would change them to and fro. */
  #agrees(person: PersonId, stated: Stated, place: RowPlace): boolean {
    const said = JSON.stringify([stated.name, stated.sex, stated.bornOn])
    const earlier = this.#stated.get(person)
    if (!earlier) this.#stated.set(person, { said, place })
    if (!earlier || earlier.said === said) return true
    const facts = { otherLine: earlier.place.line }
    this.#faults.add(place, { column: null, code: 'row-twice', facts, reason: null })
    return false
  }

  #register(person: PersonId, row: DescribingRow, stated: Stated): number {
    const reserved = row.identity_number
      ? this.#people.reserve(person, row.identity_number, {
          type: 'ReserveIdentity',
          reservedOn: this.#today,
          personId: person,
        })
      : 0
    return (
      reserved +
      this.#people.decide(person, {
        type: 'RegisterPerson',
        personId: person,
        registeredOn: this.#today,
        identityHash: row.identity_number ? this.#people.hashOf(row.identity_number) : null,
        bornOn: stated.bornOn,
        sex: stated.sex,
        name: this.#people.seals.stand(person, stated.name),
        identityNumber: this.#standing(person, stated.identityNumber),
        address: this.#standing(person, stated.address),
        phone: this.#standing(person, stated.phone),
      })
    )
  }

  #correct(person: PersonId, stated: Stated): number {
    const { details } = this.#people.stateOf(person)
    const known = this.#known.get(person)
    // Whom this plan registers is described by the row that did so.
    if (!details || !known) return 0
    if (known.name === null) throw new DomainError('person-erased', { person })
    const changes = this.#changesOf(person, { stated, known })
    const same =
      Object.keys(changes).length === 0 &&
      stated.sex === details.sex &&
      stated.bornOn === details.bornOn
    if (same) return 0
    return this.#people.decide(person, {
      type: 'CorrectPersonDetails',
      correctedOn: this.#today,
      reason: correctionReason,
      ...details,
      ...changes,
      sex: stated.sex,
      bornOn: stated.bornOn,
    })
  }

  /** Only what the file says otherwise; a column that it leaves out changes nothing. */
  #changesOf(
    person: PersonId,
    { stated, known }: { readonly stated: Stated; readonly known: OpenDetails },
  ): Partial<Pick<Details, 'name' | 'address' | 'phone'>> {
    const differs = (field: 'name' | 'address' | 'phone') =>
      stated[field] !== null && stated[field] !== known[field]
    const stand = (text: string | null) => this.#people.seals.stand(person, text ?? '')
    return {
      ...(differs('name') ? { name: stand(stated.name) } : {}),
      ...(differs('address') ? { address: stand(stated.address) } : {}),
      ...(differs('phone') ? { phone: stand(stated.phone) } : {}),
    }
  }

  #standing(person: PersonId, text: string | null) {
    return text === null ? null : this.#people.seals.stand(person, text)
  }
}
