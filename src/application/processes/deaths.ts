import { isOnRoll, membershipsOf, openingOf, placeIn } from '../../domain/case/case.js'
import { caseDecider } from '../../domain/case/decide.js'
import type { Case } from '../../domain/case/facts.js'
import { DomainError } from '../../domain/errors.js'
import { personDecider } from '../../domain/person/decide.js'
import { lastMonthOf } from '../../domain/person/enrolments.js'
import type { PersonEvent } from '../../domain/person/events.js'
import { type Policy, ruleOn } from '../../domain/policy/policy.js'
import {
  type Month,
  monthOf,
  nextMonth,
  type PlainDate,
  previousMonth,
  shanghaiDateOf,
} from '../../domain/values/calendar.js'
import type { CaseId, PersonId } from '../../domain/values/identifiers.js'
import type { Caller } from '../caller.js'
import type { Handled } from '../command-handler.js'
import { assertHappened } from '../dates-in-reach.js'
import { caseStream, personStream } from '../streams.js'
import { handleCaseCommand } from './cases.js'
import type { ProcessParts } from './parts.js'
import { handlePersonCommand } from './people.js'

type Parts = Pick<ProcessParts, 'clock' | 'handler' | 'policies'>

/**
 * What a death did to one case. `decided`: the member left, and the amount or the case ended, as
 * the programme's rule lets a death decide. `proposed`: a person has to decide it. `refused`: the
 * case did not take it, with the code of the reason.
 */
export interface DeathConsequence {
  readonly caseId: CaseId
  readonly kind: 'decided' | 'proposed' | 'refused'
  readonly code: DomainError['code'] | null
}

export interface Death {
  readonly personId: PersonId
  readonly diedOn: PlainDate
  /** Who says so: a list, a family, a hospital. */
  readonly source: string
  readonly caller: Caller
  readonly step?: string
}

export interface DeathRecorded extends Handled<PersonEvent> {
  readonly consequences: readonly DeathConsequence[]
}

/**
 * Records a death and what follows from it for every case in which the person is a member.
 *
 * @throws DomainError of the person, `fact-in-future`
 */
export async function recordDeath(parts: Parts, death: Death): Promise<DeathRecorded> {
  const { caller, diedOn, personId, source, step = '' } = death
  assertHappened({ field: 'diedOn', on: diedOn }, shanghaiDateOf(parts.clock.now()))
  const recorded = await handlePersonCommand(parts, {
    personId,
    command: { type: 'RecordDeath', diedOn, source },
    caller,
    step: `${step}/death`,
  })
  return { ...recorded, consequences: await consequencesOf(parts, death) }
}

async function consequencesOf(parts: Parts, death: Death): Promise<readonly DeathConsequence[]> {
  const { policy } = await parts.policies.latest()
  const stream = personStream(death.personId)
  const { state } = await parts.handler.load(stream, personDecider(policy))
  const cases = state.enrolments.held
    .filter((held) => lastMonthOf(held) > monthOf(death.diedOn))
    .map((held) => held.caseId)
  const consequences: DeathConsequence[] = []
  for (const caseId of new Set(cases))
    consequences.push(await consequenceOn(parts, caseId, { ...death, policy }))
  return consequences
}

async function consequenceOn(
  parts: Parts,
  caseId: CaseId,
  death: Death & { readonly policy: Policy },
): Promise<DeathConsequence> {
  const { state } = await parts.handler.load(caseStream(caseId), caseDecider(death.policy))
  try {
    if (!decidesItself(state, death)) return { caseId, kind: 'proposed', code: null }
    await takeOffHousehold(parts, { caseId, state }, death)
    return { caseId, kind: 'decided', code: null }
  } catch (error) {
    if (!(error instanceof DomainError)) throw error
    return { caseId, kind: 'refused', code: error.code }
  }
}

function decidesItself(
  state: Case,
  { diedOn, policy }: { readonly diedOn: PlainDate; readonly policy: Policy },
): boolean {
  const month = monthOf(diedOn)
  const opening = openingOf(state)
  const place = placeIn(state, month)
  if (!opening || !place) return false
  const { programme } = opening
  const { rule } = ruleOn(policy, { programme, division: place.division, month })
  return rule.automatic.includes('death')
}

async function takeOffHousehold(
  parts: Parts,
  { caseId, state }: { readonly caseId: CaseId; readonly state: Case },
  death: Death,
): Promise<void> {
  const { caller, personId, step = '' } = death
  const lastMonth = lastMonthInHousehold(state, death)
  if (lastMonth === undefined) return
  await handleCaseCommand(parts, {
    caseId,
    command: {
      type: 'LeaveMember',
      lastMonth,
      personId,
      reason: '死亡',
      died: true,
      by: caller.actor.sub,
    },
    caller,
    step: `${step}/leave/${caseId}`,
  })
  const from = nextMonth(lastMonth)
  if (!isOnRoll(state, from)) return
  await handleCaseCommand(parts, {
    caseId,
    command: {
      type: 'ReassessBenefit',
      from,
      cause: { kind: 'death', note: '死亡', document: null },
      mode: 'automatic',
      by: caller.actor.sub,
    },
    caller,
    step: `${step}/reassess/${caseId}`,
  })
}

/** The month of death; for who joined after it, the month before. Undefined for no member then. */
function lastMonthInHousehold(state: Case, { diedOn, personId }: Death): Month | undefined {
  const died = monthOf(diedOn)
  const stay = membershipsOf(state).findLast((one) => one.personId === personId)
  if (!stay || stay.to < died) return undefined
  return stay.from > died ? previousMonth(stay.from) : died
}
