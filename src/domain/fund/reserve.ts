import { DomainError } from '../errors.js'
import type { ProgrammeCode } from '../values/identifiers.js'
import { AmountFen, type Fen, fen, sumFen } from '../values/money.js'
import type { FundPart } from './events.js'

export interface FundOnHand {
  readonly fundId: string
  readonly programmes: readonly ProgrammeCode[]
  readonly leftFen: Fen
}

export interface FundNeed {
  readonly programme: ProgrammeCode
  readonly amountFen: Fen
}

/**
 * Which fund pays how much, in the order of the funds. A fund pays only the programmes it is for;
 * a need may be split over several. When the money can be found at all it is found: a fund that
 * several programmes may use gives way to the one that has no other.
 * Errors: 'funds-insufficient' with what is missing in all.
 */
export function partsFor(
  needs: readonly FundNeed[],
  funds: readonly FundOnHand[],
): readonly FundPart[] {
  const plan = funds.map((fund) => ({ fund, left: Number(fund.leftFen), pays: needs.map(() => 0) }))
  const missing = needs.map((need, at) => need.amountFen - cover(plan, { needs, at }))
  if (missing.some((amount) => amount > 0)) {
    throw new DomainError('funds-insufficient', {
      missingFen: sumFen(missing.map(fen)),
      programmes: needs.filter((_, at) => (missing[at] ?? 0) > 0).map((need) => need.programme),
    })
  }
  return plan.flatMap(({ fund: { fundId }, pays }) =>
    needs.flatMap(({ programme }, at) => {
      const amountFen = AmountFen.parse(pays[at] ?? 0)
      return amountFen > 0 ? [{ fundId, programme, amountFen }] : []
    }),
  )
}

/** What funds paid for a run, and what they have back of it. */
interface PaidAndReturned {
  readonly parts: readonly FundPart[]
  readonly returned: readonly FundPart[]
}

/**
 * To which funds the money of a run goes back: those that paid the programme, the last first.
 * `cameBack` is all that came back of the run so far.
 */
export function partsBack(
  cameBack: readonly FundNeed[],
  { parts, returned }: PaidAndReturned,
): readonly FundPart[] {
  return cameBack.flatMap((back) => {
    const ofProgramme = ({ programme }: FundPart) => programme === back.programme
    let due = back.amountFen - amountOf(returned.filter(ofProgramme))
    return parts
      .filter(ofProgramme)
      .toReversed()
      .flatMap((part) => {
        const had = amountOf(
          returned.filter((one) => ofProgramme(one) && one.fundId === part.fundId),
        )
        const amount = Math.min(due, part.amountFen - had)
        if (amount <= 0) return []
        due -= amount
        return [{ ...part, amountFen: AmountFen.parse(amount) }]
      })
  })
}

function amountOf(parts: readonly FundPart[]): Fen {
  return sumFen(parts.map(({ amountFen }) => amountFen))
}

interface PlannedFund {
  readonly fund: FundOnHand
  left: number
  /** By need, what it pays of it. */
  readonly pays: number[]
}

interface NeedAt {
  readonly needs: readonly FundNeed[]
  readonly at: number
}

function cover(plan: readonly PlannedFund[], need: NeedAt): number {
  const wanted = need.needs[need.at]?.amountFen ?? 0
  let covered = 0
  while (covered < wanted) {
    const more = pay(plan, { ...need, wanted: wanted - covered }, new Set())
    if (more === 0) break
    covered += more
  }
  return covered
}

/** One step of a largest flow: pays some of a need, moving another's money when it must. */
function pay(
  plan: readonly PlannedFund[],
  need: NeedAt & { readonly wanted: number },
  tried: Set<PlannedFund>,
): number {
  const programme = need.needs[need.at]?.programme
  const open = plan.filter(
    (one) => !tried.has(one) && programme !== undefined && one.fund.programmes.includes(programme),
  )
  const free = open.find((one) => one.left > 0)
  if (free) {
    const amount = Math.min(free.left, need.wanted)
    free.left -= amount
    free.pays[need.at] = (free.pays[need.at] ?? 0) + amount
    return amount
  }
  for (const full of open) {
    tried.add(full)
    for (const [other, held] of full.pays.entries()) {
      if (other === need.at || held === 0) continue
      const wanted = Math.min(held, need.wanted)
      const moved = pay(plan, { needs: need.needs, at: other, wanted }, tried)
      if (moved === 0) continue
      full.pays[other] = held - moved
      full.pays[need.at] = (full.pays[need.at] ?? 0) + moved
      return moved
    }
  }
  return 0
}
