import { caseStream, personStream } from '../../src/application/streams.js'
import { caseDecider } from '../../src/domain/case/decide.js'
import type { CaseEvent } from '../../src/domain/case/events.js'
import { fold } from '../../src/domain/decider.js'
import type { PersonEvent } from '../../src/domain/person/events.js'
import { month, plainDate } from '../../src/domain/values/calendar.js'
import { CaseId, PersonId } from '../../src/domain/values/identifiers.js'
import { AmountFen } from '../../src/domain/values/money.js'
import type { Sealed } from '../../src/domain/values/sealed.js'
import { codec } from '../../src/event-store/codec.js'
import { eventIdOf } from '../../src/event-store/event-id.js'
import type { SealRequest } from '../../src/sealing/person-cipher.js'
import type { Vault } from '../../src/sealing/vault.js'
import {
  approver,
  benchPolicy,
  clerk,
  general,
  ruralDibao,
  type StreamEvents,
  urbanDibao,
  villageAt,
} from './invented-district.js'

const firstMonth = month('2012-01')
const openedOn = plainDate('2012-01-04')
const confirmedOn = plainDate('2012-01-20')
const decider = caseDecider(benchPolicy)

/** Ids that scatter over an index as those of real requests do. */
export const caseAt = (at: number) => CaseId.parse(eventIdOf('bench-case', at))
const personAt = (at: number, member: number) =>
  PersonId.parse(eventIdOf(`bench-person-${member}`, at))

/** Every second household has two members. */
const membersOf = (at: number) =>
  Array.from({ length: 1 + (at % 2) }, (_, member) => personAt(at, member))

const programmeOf = (at: number) => (at % 3 === 0 ? ruralDibao : urbanDibao)

/** One household: its case, entered on the roll or still waiting for its approval. */
export interface Household {
  readonly at: number
  readonly pending: boolean
}

/** The streams of some households: their cases, their persons, names and accounts sealed. */
export async function householdStreams(
  households: readonly Household[],
  vault: Pick<Vault, 'sealAll'>,
): Promise<readonly StreamEvents[]> {
  const persons = households.flatMap(({ at }) =>
    membersOf(at).map((person, member) => ({ at, member, person })),
  )
  const sealed = await vault.sealAll(persons.flatMap(sealRequests))
  return [
    ...persons.map((one, index) => personStreamOf(one, sealed.slice(index * 4, index * 4 + 4))),
    ...households.map((household) => ({
      stream: caseStream(caseAt(household.at)).name,
      events: caseEventsOf(household).map((event) => codec.encode('case', event)),
    })),
  ]
}

interface Member {
  readonly at: number
  readonly member: number
  readonly person: PersonId
}

/** What an append's key is made of; the ids of its events follow from it. */
export const keyOfStream = (stream: string) => `bench/${stream}`

function sealRequests({ at, member, person }: Member): readonly SealRequest[] {
  const key = keyOfStream(personStream(person).name)
  const [registered, account] = [eventIdOf(key, 0), eventIdOf(key, 2)]
  const name = nameOf(at, member)
  return [
    { person, eventId: registered, field: 'name', text: name },
    { person, eventId: registered, field: 'address', text: `测试县${villageAt(at)}${at}号` },
    { person, eventId: account, field: 'account', text: `62${String(at).padStart(17, '0')}` },
    { person, eventId: account, field: 'holder', text: name },
  ]
}

const surnames = [...'王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗']
const given = [...'伟芳娜敏静丽强磊军洋勇艳杰娟涛明超兰霞平']

function nameOf(at: number, member: number): string {
  const pick = (from: readonly string[], by: number) => from[by % from.length] ?? ''
  return pick(surnames, at) + pick(given, at >> 3) + pick(given, (at >> 7) + member)
}

function personStreamOf({ at, member, person }: Member, sealed: readonly Sealed[]): StreamEvents {
  const [name, address, account, holder] = sealed
  if (!name || !address || !account || !holder) throw new Error('a field was not sealed')
  const events: readonly PersonEvent[] = [
    {
      type: 'PersonRegistered',
      data: {
        personId: person,
        registeredOn: openedOn,
        name,
        identityNumber: null,
        identityHash: null,
        bornOn: plainDate(`19${40 + (at % 50)}-05-15`),
        sex: at % 2 === 0 ? 'male' : 'female',
        address,
        phone: null,
      },
    },
    {
      type: 'EnrolmentClaimed',
      data: {
        from: firstMonth,
        caseId: caseAt(at),
        programme: programmeOf(at),
        excludes: [],
        covered: true,
        campaign: null,
      },
    },
    {
      type: 'PayeeAccountSet',
      data: { from: openedOn, accountVersion: 1, bank: '测试农商银行', account, holder },
    },
  ]
  // Money goes to the head's account; the others have none.
  const kept = member === 0 ? events : events.slice(0, 2)
  return {
    stream: personStream(person).name,
    events: kept.map((event) => codec.encode('person', event)),
  }
}

function caseEventsOf({ at, pending }: Household): readonly CaseEvent[] {
  const prepared: readonly CaseEvent[] = [
    {
      type: 'CaseOpened',
      data: {
        caseId: caseAt(at),
        programme: programmeOf(at),
        division: villageAt(at),
        urbanRural: at % 3 === 0 ? 'rural' : 'urban',
        benefitClass: general,
        openedOn,
        importId: null,
        by: clerk,
      },
    },
    ...membersOf(at).map(
      (personId, member): CaseEvent => ({
        type: 'MemberJoined',
        data: {
          from: firstMonth,
          personId,
          relation: member === 0 ? '户主' : '配偶',
          head: member === 0,
          circumstances: {
            assessed: true,
            covered: true,
            classifications: [],
            bornOn: plainDate(`19${40 + (at % 50)}-05-15`),
          },
          by: clerk,
        },
      }),
    ),
    {
      type: 'IncomeAssessed',
      data: {
        from: firstMonth,
        monthlyIncomeFen: AmountFen.parse(((at * 37) % 300) * 100),
        basis: '入户核算',
        by: clerk,
      },
    },
  ]
  if (pending) return prepared
  const entry = { confirmedOn, continues: null, reason: '收入低于标准', by: approver }
  const approved = decider.decide({ type: 'ApproveEntry', ...entry }, fold(decider, prepared))
  return [...prepared, ...approved]
}
