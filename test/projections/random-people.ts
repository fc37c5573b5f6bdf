import { createHash } from 'node:crypto'
import type { PersonEvent } from '../../src/domain/person/events.js'
import { addMonths, type PlainDate, plainDate } from '../../src/domain/values/calendar.js'
import { ActorId } from '../../src/domain/values/identifiers.js'
import { KeyedHash } from '../../src/domain/values/sealed.js'
import { divisionDefined, programmeDefined, ruleSet } from '../support/policy.js'
import {
  caseAt,
  personAt,
  programmes,
  type Random,
  start,
  villages,
  type Written,
} from './written-events.js'

const towns = ['990101001', '990101002', '990102001']
const places = ['99', '9901', '990101', '990102', ...towns]

/** The ledger's beginning: its clock, places, programmes and rules. */
export function policyEvents(): Written[] {
  const rule = { holdWhenReviewOverdue: true, reviewMonths: { general: 6 } }
  return [
    {
      stream: 'ledger',
      event: {
        type: 'LedgerFounded',
        data: { foundedOn: plainDate('2012-01-01'), clock: 'simulated', name: '试验区' },
      },
    },
    ...[...places, ...villages].map((code, at) => ({
      stream: `division-${divisionDefined(at, { code }).data.divisionId}`,
      event: divisionDefined(at, { code }),
    })),
    ...programmes.flatMap((code) => [
      { stream: `programme-${code}`, event: programmeDefined(code) },
      {
        stream: `programme-${code}`,
        event: ruleSet(code, { division: '99', from: '2010-01' }, rule),
      },
    ]),
  ]
}

const sealed = (at: number, text: string) => ({
  person: personAt(at),
  cipher: Buffer.from(text, 'utf8').toString('hex').padEnd(40, '_'),
})

const hashOf = (text: string) => KeyedHash.parse(createHash('sha256').update(text).digest('hex'))

function details(at: number, name: string) {
  return {
    name: sealed(at, name),
    identityNumber: null,
    identityHash: hashOf(`number ${at}`),
    bornOn: plainDate('1950-05-15'),
    sex: 'male' as const,
    address: null,
    phone: null,
  }
}

/**
 * An account that was proposed by one and confirmed by another; of every other person one that was
 * imported, with a change of each kind that waits.
 */
function changeOfAccount(
  at: number,
  { from, set }: { readonly from: PlainDate; readonly set: PersonEvent },
): readonly PersonEvent[] {
  const [account, holder] = [sealed(at, 'account'), sealed(at, 'holder')]
  const toAccount = { kind: 'account', bank: '农村信用社', account, holder } as const
  const toPayee = { kind: 'payee', payee: personAt(at + 1), reason: '代领' } as const
  const [by, reviewer] = [ActorId.parse('clerk'), ActorId.parse('reviewer')]
  const first: PersonEvent = {
    type: 'PayeeChangeProposed',
    data: { from, proposal: 1, change: toAccount, by },
  }
  if (at % 2 === 0)
    return [
      set,
      first,
      { type: 'PayeeChangeProposed', data: { from, proposal: 2, change: toPayee, by } },
    ]
  return [first, { type: 'PayeeChangeConfirmed', data: { from, proposal: 1, by: reviewer } }, set]
}

/** What is said of a person, in an order in which it can be. */
export function randomPerson(at: number, random: Random): Written[] {
  const on = plainDate('2012-03-01')
  const account = (accountVersion: number): PersonEvent => ({
    type: 'PayeeAccountSet',
    data: {
      from: plainDate(`2012-0${1 + random.below(9)}-11`),
      accountVersion,
      bank: '农村信用社',
      account: sealed(at, 'account'),
      holder: sealed(at, 'holder'),
    },
  })
  const choices: readonly (() => PersonEvent)[] = [
    () => account(2),
    () => ({
      type: 'PersonDetailsCorrected',
      data: { correctedOn: on, reason: '改名', ...details(at, `李${at}`) },
    }),
    () => ({ type: 'PersonDied', data: { diedOn: on, source: '火化' } }),
    () => ({ type: 'DeathRetracted', data: { retractedOn: on, reason: '错' } }),
    () => ({
      type: 'PayeeDesignated',
      data: { from: on, payee: personAt(random.below(40)), reason: '代领' },
    }),
    () => ({
      type: 'PersonHoldPlaced',
      data: { from: addMonths(start, 2), holdId: `p${at}`, scope: 'person', reason: '存疑' },
    }),
    () => ({
      type: 'PersonHoldLifted',
      data: { from: addMonths(start, 5), holdId: `p${at}`, reason: '清楚' },
    }),
    () => ({
      type: 'LifeVerified',
      data: { verifiedOn: on, method: '上门', validThrough: addMonths(start, 12) },
    }),
    () => ({
      type: 'EnrolmentClaimed',
      data: {
        from: start,
        caseId: caseAt(at),
        programme: random.pick(programmes),
        excludes: [],
        covered: true,
        campaign: null,
      },
    }),
    () => ({
      type: 'EnrolmentReleased',
      data: { lastMonth: addMonths(start, 7), caseId: caseAt(at), reason: '退出' },
    }),
    () => ({
      type: 'PersonsMerged',
      data: { mergedOn: on, into: personAt(random.below(40)), reason: '重复登记' },
    }),
    () => ({ type: 'PersonErased', data: { erasedOn: on, reason: '本人申请' } }),
  ]
  const registered: PersonEvent = {
    type: 'PersonRegistered',
    data: { personId: personAt(at), registeredOn: on, ...details(at, `张${at}`) },
  }
  const more = choices.filter(() => random.chance(0.3)).map((choice) => choice())
  const first = changeOfAccount(at, { from: on, set: account(1) })
  return [registered, ...first, ...more].map((event) => ({
    stream: `person-${personAt(at)}`,
    event,
  }))
}
