import { monthOf, plainDate } from '../../../src/domain/values/calendar.js'
import type { People } from './invented-people.js'
import { someVillage } from './places.js'
import type { PlannedAction } from './plan.js'
import type { Random } from './random.js'

const grants = [
  ['2012-02-14', 300_000, '火灾'],
  ['2012-04-11', 150_000, '重病'],
  ['2012-07-25', 500_000, '交通事故'],
  ['2012-10-16', 120_000, '就学困难'],
] as const

const document = {
  number: '丙民发〔2010〕33号',
  issuer: '示例丙区民政局',
  provenance: 'invented',
} as const

/** 临时救助: one grant a case, applied for, seen and paid within days. */
export function temporaryAid({
  people,
  random,
}: {
  readonly people: People
  readonly random: Random
}): readonly PlannedAction[] {
  return grants.flatMap(([text, amountFen, cause], at): readonly PlannedAction[] => {
    const on = plainDate(text)
    const month = monthOf(on)
    const person = people.invent({ bornFrom: 1950, bornTo: 1985, account: true })
    const caseKey = `P4-T${String(at + 1).padStart(4, '0')}`
    return [
      {
        do: 'open-case',
        on,
        caseKey,
        programme: 'temporary-aid',
        division: someVillage('P4', random, 'none'),
        urbanRural: 'none',
        benefitClass: 'general',
      },
      {
        do: 'join-member',
        on,
        caseKey,
        personKey: person.key,
        relation: '本人',
        head: true,
        from: month,
        circumstances: { assessed: true, covered: true, classifications: [] },
      },
      ...(person.account
        ? [{ do: 'set-account', on, personKey: person.key, account: person.account } as const]
        : []),
      { do: 'record-step', on, caseKey, step: 'survey' },
      { do: 'record-step', on, caseKey, step: 'confirmation' },
      {
        do: 'grant-supplement',
        on,
        caseKey,
        month,
        component: 'temporary-aid',
        amountFen,
        personKey: person.key,
        supplementKey: `${caseKey}-${cause}`,
        document,
      },
      {
        do: 'pay',
        on,
        kind: 'one-off',
        programmes: ['temporary-aid'],
        period: month,
        returned: [],
      },
    ]
  })
}
