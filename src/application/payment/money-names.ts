import type { PaymentLine } from '../../domain/payment-run/events.js'
import { recoveryComponent } from '../../domain/payment-run/line.js'
import { type Policy, programmeOf } from '../../domain/policy/policy.js'
import type { Month } from '../../domain/values/calendar.js'
import { componentWord } from '../component-words.js'

type NamedLine = Pick<PaymentLine, 'programme' | 'items'>

/** What the money of a run is called: to its officers, on the notice board, and by the bank. */
export interface MoneyNames {
  /** 款项: the month's money, a supplement, or the campaign by its own name. */
  moneyOf(line: NamedLine): string
  /** What stands on the statement of who gets it; what can be cut off stands last. */
  purposeOf(line: NamedLine): string
}

const monthly = '月保障金'

/**
 * By policy as known when the run was frozen. A campaign is a programme of its own, whose name it
 * goes by. Errors: 'programme-unknown'.
 */
export function moneyNames(policy: Policy, period: Month): MoneyNames {
  const definitionOf = (line: NamedLine) => programmeOf(policy, line.programme, period)
  const components = monthlyComponents(policy)
  const wordsOf = ({ items }: NamedLine): readonly string[] => {
    const paid = items.filter(({ amountFen }) => amountFen > 0)
    const words = paid.map(({ component }) =>
      components.has(component) ? monthly : (componentWord(component) ?? '其他补贴'),
    )
    return [...new Set(words)].sort((left, right) => rank(left) - rank(right))
  }
  return {
    moneyOf(line) {
      const { kind, nameZh } = definitionOf(line)
      return kind === 'one-off' ? nameZh : wordsOf(line).join('、')
    },
    purposeOf(line) {
      const { kind, nameZh } = definitionOf(line)
      const [first = monthly, ...others] = wordsOf(line)
      const month = `${period.slice(0, 4)}年${Number(period.slice(5))}月`
      if (kind === 'one-off') return `${nameZh}${month}`
      if (first === monthly) return `${[nameZh, ...others].join('、')}${month}`
      return `${[first, ...others].join('、')}${month}（${nameZh}）`
    },
  }
}

function rank(word: string): number {
  return word === monthly ? 0 : 1
}

/** What the rules of programmes with a roll pay month by month, and what is given back of it. */
function monthlyComponents(policy: Policy): ReadonlySet<string> {
  const withRoll = policy.programmes.filter(({ definitions }) =>
    definitions.some(({ definition }) => definition.kind !== 'one-off'),
  )
  const ofRules = withRoll.flatMap(({ rules }) => rules.map(({ rule }) => rule.component))
  return new Set(['base', 'classified', recoveryComponent, ...ofRules])
}
