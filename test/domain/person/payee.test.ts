import t from 'tap'
import { personDecider } from '../../../src/domain/person/decide.js'
import type { PayeeChange } from '../../../src/domain/person/events.js'
import { accountOn, payeeOn } from '../../../src/domain/person/person.js'
import { noPolicy } from '../../../src/domain/policy/policy.js'
import { plainDate } from '../../../src/domain/values/calendar.js'
import { ActorId } from '../../../src/domain/values/identifiers.js'
import { KeyedHash } from '../../../src/domain/values/sealed.js'
import { given } from '../../support/given.js'
import { personId } from '../../support/policy.js'

const me = personId(1)
const decider = personDecider(noPolicy)
const sealed = (letter: string) => ({ person: me, cipher: letter.repeat(40) })
const registered = {
  type: 'PersonRegistered',
  data: {
    personId: me,
    registeredOn: plainDate('2012-01-10'),
    name: sealed('n'),
    identityNumber: sealed('i'),
    identityHash: KeyedHash.parse('a'.repeat(64)),
    bornOn: plainDate('1940-03-04'),
    sex: 'female',
    address: null,
    phone: null,
  },
} as const
const erased = {
  type: 'PersonErased',
  data: { erasedOn: plainDate('2020-01-01'), reason: '保存期满' },
} as const
const clerk = ActorId.parse('clerk')
const reviewer = ActorId.parse('reviewer')
const from = plainDate('2012-03-01')

const proposedOf = (proposal: number, change: PayeeChange) =>
  ({ type: 'PayeeChangeProposed', data: { from, proposal, change, by: clerk } }) as const
const confirmedOf = (proposal: number) =>
  ({ type: 'PayeeChangeConfirmed', data: { from, proposal, by: reviewer } }) as const
const toAccount = (letter: string): PayeeChange => ({
  kind: 'account',
  bank: '农商行',
  account: sealed(letter),
  holder: sealed('h'),
})
const toPerson: PayeeChange = { kind: 'payee', payee: personId(5), reason: '监护人代领' }

t.test('ProposePayeeChange pays nobody yet', async () => {
  const propose = { type: 'ProposePayeeChange', from, change: toAccount('a'), by: clerk } as const
  const first = proposedOf(1, toAccount('a'))
  given(decider, registered).when(propose).then(first)
  given(decider, registered, first).when(propose).thenNothing()
  given(decider, registered, first)
    .when({ ...propose, change: toPerson })
    .then(proposedOf(2, toPerson))
  given(decider).when(propose).thenRefused('person-not-registered')
  given(decider, registered, erased).when(propose).thenRefused('person-erased')
  t.equal(accountOn(given(decider, registered, first).state(), from), undefined)
})

t.test('ConfirmPayeeChange pays there, and is another person’s', async () => {
  const [first, second] = [proposedOf(1, toAccount('a')), proposedOf(2, toAccount('b'))]
  const confirm = { type: 'ConfirmPayeeChange', proposal: 1, by: reviewer } as const
  const account = (accountVersion: number, letter: string) => {
    const [bank, holder] = ['农商行', sealed('h')]
    const data = { from, accountVersion, bank, account: sealed(letter), holder }
    return { type: 'PayeeAccountSet', data } as const
  }
  given(decider, registered, first).when(confirm).then(confirmedOf(1), account(1, 'a'))
  given(decider, registered, first)
    .when({ ...confirm, by: clerk })
    .thenRefused('same-person-prepares-and-approves', { by: clerk })
  given(decider, registered, first, second)
    .when(confirm)
    .thenRefused('payee-change-superseded', { proposal: 1, latest: 2 })
  given(decider, registered, first, confirmedOf(1), account(1, 'a')).when(confirm).thenNothing()
  given(decider, registered, first, confirmedOf(1), account(1, 'a'), second)
    .when({ ...confirm, proposal: 2 })
    .then(confirmedOf(2), account(2, 'b'))
  given(decider, registered).when(confirm).thenRefused('payee-change-unknown', { proposal: 1 })
})

t.test('a change that an import overtook is not confirmed, and can be proposed anew', async () => {
  const imported = (accountVersion: number) => {
    const to = { bank: '信用社', account: sealed('z'), holder: sealed('h') }
    return { type: 'PayeeAccountSet', data: { from, accountVersion, ...to } } as const
  }
  const account = proposedOf(1, toAccount('a'))
  const payee = proposedOf(2, toPerson)
  const confirm = { type: 'ConfirmPayeeChange', proposal: 1, by: reviewer } as const
  const history = [registered, account, payee, imported(1)] as const
  given(decider, ...history)
    .when(confirm)
    .thenRefused('payee-change-stale', { proposal: 1 })
  given(decider, ...history)
    .when({ ...confirm, proposal: 2 })
    .then(confirmedOf(2), {
      type: 'PayeeDesignated',
      data: { from, payee: personId(5), reason: '监护人代领' },
    })
  const propose = { type: 'ProposePayeeChange', from, change: toAccount('a'), by: clerk } as const
  const again = proposedOf(3, toAccount('a'))
  given(decider, ...history)
    .when(propose)
    .then(again)
  given(decider, ...history, again)
    .when({ ...confirm, proposal: 3 })
    .then(confirmedOf(3), {
      type: 'PayeeAccountSet',
      data: { from, accountVersion: 2, bank: '农商行', account: sealed('a'), holder: sealed('h') },
    })
})

t.test('a confirmed payee is paid from their day on', async (t) => {
  const proposed = proposedOf(1, toPerson)
  const designated = {
    type: 'PayeeDesignated',
    data: { from, payee: personId(5), reason: '监护人代领' },
  } as const
  const confirm = { type: 'ConfirmPayeeChange', proposal: 1, by: reviewer } as const
  given(decider, registered, proposed).when(confirm).then(confirmedOf(1), designated)
  const state = given(decider, registered, proposed, confirmedOf(1), designated).state()
  t.equal(payeeOn(state, plainDate('2012-02-29')), me)
  t.equal(payeeOn(state, from), personId(5))
  t.equal(payeeOn(given(decider).state(), from), null)
  t.equal(payeeOn(given(decider, registered, proposed).state(), from), me, 'not confirmed')
})
