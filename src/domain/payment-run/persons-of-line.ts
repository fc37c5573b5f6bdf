import type { Month } from '../values/calendar.js'
import type { ComponentName } from '../values/document.js'
import type { PersonId } from '../values/identifiers.js'
import { type Fen, subtractFen } from '../values/money.js'
import type { LineItem } from './events.js'

/** One supplement: whom it is for, none for the household as one. */
export interface SupplementGrant {
  readonly monthFor: Month
  readonly component: ComponentName
  readonly amountFen: Fen
  readonly persons: readonly PersonId[]
}

interface LineOfHousehold {
  readonly items: readonly LineItem[]
  /** Whom the case covers: monthly money, and what a household gets as one, is theirs. */
  readonly covered: readonly PersonId[]
  /** Of one month and component the newest first: what is still due of them was granted last. */
  readonly grants: readonly SupplementGrant[]
}

/** How many persons a line pays: each once, however many items and months it has for them. */
export function personsOfLine({ covered, grants, items }: LineOfHousehold): number {
  const paid = items.filter(({ amountFen }) => amountFen > 0)
  return new Set(paid.flatMap((item) => personsOfItem(item, { covered, grants }))).size
}

function personsOfItem(
  { amountFen, component, monthFor }: LineItem,
  { covered, grants }: Omit<LineOfHousehold, 'items'>,
): readonly PersonId[] {
  const persons: PersonId[] = []
  let left = amountFen
  for (const grant of grants) {
    if (grant.component !== component || grant.monthFor !== monthFor || left <= 0) continue
    persons.push(...(grant.persons.length === 0 ? covered : grant.persons))
    left = subtractFen(left, grant.amountFen)
  }
  return left > 0 ? [...persons, ...covered] : persons
}
