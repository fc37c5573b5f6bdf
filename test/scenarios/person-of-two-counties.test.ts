import t from 'tap'
import { type HttpLedger, policyOfCounty, startHttpLedger, textIn } from '../support/http-ledger.js'
import type { Person } from '../support/issuing.js'
import { handsOfProvince } from '../support/two-hands.js'
import { household, joining, newIdentityNumber, type Registered, register } from './office.js'

const home = '990301000000'
const elsewhere = '990201000000'

t.test('a person belongs to the county that has them on a roll', async (t) => {
  const ledger = await startHttpLedger(t, { startsOn: '2011-12-20' })
  await ledger.importPolicy(await policyOfCounty('p3'), await handsOfProvince(ledger))
  const both = ['clerk', 'administrator'] as const
  const clerkOf = (division: string) =>
    ledger.issue({ actor: `clerk-${division}`, roles: both, division })
  const own = await clerkOf(home)
  const other = await clerkOf(elsewhere)
  const { caseId, head } = await household(ledger, { name: '赵两地' })
  const office = { ledger, person: head }

  await t.test('without a case there nobody of another county sees or changes them', async (t) => {
    t.same(await mayRead(office, other), [false, false])
    t.same(await mayChange(office, other), ['division-outside-scope'])
    t.same(await mayRead(office, own), [true, true])
  })

  await t.test('whom a county may not read it does not name as a payee', async (t) => {
    const stranger = await register(ledger, { name: '钱他处', bornOn: '1960-05-06' })
    const payee = `POST /v1/persons/${stranger.personId}/payee`
    const body = { from: '2012-01-01', payee: head.personId, reason: '代领' }
    t.match(await ledger.refused(other, payee, { body }), { code: 'division-outside-scope' })
    const nobody = { ...body, payee: '0f8fad5b-d9cb-5469-a165-70867728950e' }
    t.match(await ledger.refused(other, payee, { body: nobody }), {
      code: 'person-not-registered',
    })
    await ledger.done(own, payee, body)
  })

  const aid = await aidCase(office, other)

  await t.test('a one-off case opens them to be read, not to be changed', async (t) => {
    t.same(await mayRead(office, other), [true, true])
    t.same(await mayChange(office, other), ['division-outside-scope'])
    t.same(await mayChange(office, own), [null])
    const erasure = `POST /v1/persons/${head.personId}/erasure`
    t.match(await ledger.refused(other, erasure, { body: { reason: '本人申请' } }), {
      status: 403,
      code: 'division-outside-scope',
    })
  })

  await t.test('after the exit any case of theirs will do', async (t) => {
    await ledger.advanceTo('2012-02-20')
    const exit = { lastMonth: '2012-01', reason: '收入提高' }
    await ledger.done('approver', `POST /v1/cases/${caseId}/exit`, exit)
    t.same(await mayChange(office, other), [null], aid)
    t.same(await mayChange(office, own), [null])
  })

  await t.test('somebody without a case is nobody’s yet', async (t) => {
    const person = await register(ledger, { name: '孙无案', bornOn: '1980-02-03' })
    t.same(await mayRead({ ledger, person }, other), [true, true])
    t.same(await mayChange({ ledger, person }, other), [null])
  })
})

interface Office {
  readonly ledger: HttpLedger
  readonly person: Registered
}

async function aidCase({ ledger, person }: Office, by: Person): Promise<string> {
  const opened = await ledger.done(by, 'POST /v1/cases', {
    programme: 'temporary-aid',
    division: '990201001001',
    urbanRural: 'urban',
    benefitClass: 'general',
    openedOn: '2011-12-20',
  })
  const caseId = textIn(opened, 'caseId')
  const join = joining(person, { from: '2011-12', head: true })
  await ledger.done(by, `POST /v1/cases/${caseId}/members`, join)
  return caseId
}

/** Whether somebody finds the person by name, and may read what is known of them. */
async function mayRead({ ledger, person }: Office, by: Person): Promise<readonly boolean[]> {
  const { status } = await ledger.call(by, `GET /v1/persons/${person.personId}`)
  const search = { body: { name: person.name } }
  const found = await ledger.call(by, 'POST /v1/persons/search', search)
  return [found.text.includes(person.personId), status === 200]
}

/** Why somebody may not write, or null where they may, of every kind of change. */
async function mayChange({ ledger, person }: Office, by: Person): Promise<readonly unknown[]> {
  const { bornOn, identityNumber, name, personId } = person
  const details = { name, bornOn, identityNumber, sex: 'female', address: null, phone: null }
  const account = {
    from: '2011-02-01',
    bank: '示例银行',
    account: newIdentityNumber(bornOn),
    holder: name,
  }
  const sent = [
    await ledger.call(by, `PUT /v1/persons/${personId}`, { body: { details, reason: '核对' } }),
    await ledger.call(by, `POST /v1/persons/${personId}/accounts`, { body: account }),
    await ledger.call(by, `POST /v1/persons/${personId}/life-verifications`, {
      body: { verifiedOn: '2011-12-19', method: '上门', validThrough: '2012-12' },
    }),
  ]
  return [...new Set(sent.map(({ json, status }) => (status === 200 ? null : json['code'])))]
}
