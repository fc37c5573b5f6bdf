import { type CommandOf, dataOf } from '../command.js'
import type { Decider } from '../decider.js'
import { DomainError } from '../errors.js'
import { saysTheSame } from '../structural-equality.js'
import { firstDayOf } from '../values/calendar.js'
import { isWithin } from '../values/division.js'
import { assertNotBeforeHold } from '../values/hold.js'
import type { DivisionCommand, ProgrammeCommand, StandardCommand } from './commands.js'
import { assertDivision, codeOn, type Place, placeOn } from './divisions.js'
import type { DivisionEvent, ProgrammeEvent, Rule, StandardEvent } from './events.js'
import {
  evolvePolicy,
  noPolicy,
  type Policy,
  type ProgrammeHold,
  type ProgrammePolicy,
  programmeOf,
} from './policy.js'

/** Decides a `programme-<code>` stream; its state is the policy which that stream alone says. */
export function programmeDecider(
  policy: Policy,
): Decider<Policy, ProgrammeCommand, ProgrammeEvent> {
  return {
    initial: noPolicy,
    evolve: evolvePolicy,
    decide: (command, own) => {
      switch (command.type) {
        case 'DefineProgramme':
          return defineProgramme(command, own)
        case 'SetRule':
          return setRule(command, own, policy)
        case 'SetPriceTerms':
          return setPriceTerms(command, own, policy)
        case 'PlaceProgrammeHold':
          return placeHold(command, own, policy)
        case 'LiftProgrammeHold':
          return liftHold(command, own)
      }
    },
  }
}

function defineProgramme(
  command: CommandOf<ProgrammeCommand, 'DefineProgramme'>,
  own: Policy,
): readonly ProgrammeEvent[] {
  const data = dataOf(command)
  const sameMonth = ownProgramme(own)?.definitions.findLast((one) => one.from === data.from)
  if (saysTheSame(sameMonth, data)) return []

  return [{ type: 'ProgrammeDefined', data }]
}

function setRule(
  command: CommandOf<ProgrammeCommand, 'SetRule'>,
  own: Policy,
  policy: Policy,
): readonly ProgrammeEvent[] {
  const data = dataOf(command)
  programmeOf(own, data.programme)
  assertDivision(policy, { division: data.division, on: firstDayOf(data.from) })
  assertRuleAgrees(data.rule)
  const standing = ownProgramme(own)?.rules.findLast(
    (one) => one.from === data.from && one.division === data.division,
  )
  if (saysTheSame(standing, data)) return []

  return [{ type: 'RuleSet', data }]
}

function assertRuleAgrees(rule: Rule): void {
  const classifiedTwice = rule.classified.find(
    (one) => (one.amountFen === null) === (one.shareOfStandard === null),
  )
  if (classifiedTwice) {
    const classification = classifiedTwice.classification
    throw new DomainError('rule-contradictory', { field: 'classified', classification })
  }
  if (!ascends(rule.bandsFen)) throw new DomainError('rule-contradictory', { field: 'bandsFen' })
  if (!ascends(rule.ageBands.map((band) => band.fromAge))) {
    throw new DomainError('rule-contradictory', { field: 'ageBands' })
  }
}

function ascends(values: readonly number[]): boolean {
  return values.every((value, at) => at === 0 || value > (values[at - 1] ?? value))
}

function setPriceTerms(
  command: CommandOf<ProgrammeCommand, 'SetPriceTerms'>,
  own: Policy,
  policy: Policy,
): readonly ProgrammeEvent[] {
  const data = dataOf(command)
  programmeOf(own, data.programme)
  assertDivision(policy, { division: data.division, on: firstDayOf(data.from) })
  const standing = ownProgramme(own)?.priceTerms.findLast(
    (one) => one.from === data.from && one.division === data.division,
  )
  if (saysTheSame(standing, data)) return []

  return [{ type: 'PriceTermsSet', data }]
}

function placeHold(
  command: CommandOf<ProgrammeCommand, 'PlaceProgrammeHold'>,
  own: Policy,
  policy: Policy,
): readonly ProgrammeEvent[] {
  const { programme, ...hold } = dataOf(command)
  programmeOf(own, programme)
  assertDivision(policy, { division: hold.division, on: firstDayOf(hold.from) })
  const placed = holdOf(own, hold.holdId)
  if (placed && saysTheSame({ ...placed, liftedFrom: null }, { ...hold, liftedFrom: null })) {
    return []
  }
  if (placed) throw new DomainError('hold-id-taken', { holdId: hold.holdId })

  return [{ type: 'ProgrammeHoldPlaced', data: dataOf(command) }]
}

function liftHold(
  command: CommandOf<ProgrammeCommand, 'LiftProgrammeHold'>,
  own: Policy,
): readonly ProgrammeEvent[] {
  const hold = holdOf(own, command.holdId)
  if (!hold) throw new DomainError('hold-unknown', { holdId: command.holdId })
  if (hold.liftedFrom === command.from) return []
  if (hold.liftedFrom !== null) {
    throw new DomainError('hold-already-lifted', { holdId: hold.holdId, from: hold.liftedFrom })
  }
  assertNotBeforeHold(hold, command.from)

  return [{ type: 'ProgrammeHoldLifted', data: dataOf(command) }]
}

function holdOf(own: Policy, holdId: string): ProgrammeHold | undefined {
  return ownProgramme(own)?.holds.find((hold) => hold.holdId === holdId)
}

function ownProgramme(own: Policy): ProgrammePolicy | undefined {
  return own.programmes[0]
}

/**
 * Decides a `standard-<programme>-<division>` stream. Another figure for the same month and class
 * supersedes the one before it: what was known of then stays known.
 */
export function standardDecider(policy: Policy): Decider<Policy, StandardCommand, StandardEvent> {
  return {
    initial: noPolicy,
    evolve: evolvePolicy,
    decide: (command, own) => {
      const data = dataOf(command)
      programmeOf(policy, data.programme)
      assertDivision(policy, { division: data.division, on: firstDayOf(data.from) })
      const standing = ownProgramme(own)?.standards.findLast(
        (one) => one.from === data.from && one.benefitClass === data.benefitClass,
      )
      if (saysTheSame(standing, data)) return []

      return [{ type: 'StandardSet', data }]
    },
  }
}

/** Decides a `division-<id>` stream; `policy` knows the other places. */
export function divisionDecider(policy: Policy): Decider<Policy, DivisionCommand, DivisionEvent> {
  return {
    initial: noPolicy,
    evolve: evolvePolicy,
    decide: (command, own) => {
      switch (command.type) {
        case 'DefineDivision':
          return defineDivision(command, own, policy)
        case 'RenameDivision':
          return renameDivision(command, own)
        case 'MergeDivision':
          return mergeDivision(command, own, policy)
      }
    },
  }
}

function defineDivision(
  command: CommandOf<DivisionCommand, 'DefineDivision'>,
  own: Policy,
  policy: Policy,
): readonly DivisionEvent[] {
  const { divisionId, code, from, nameZh } = command
  const standing = own.places[0]
  const first = standing?.names[0]
  if (standing?.code === code && saysTheSame(first, { from, nameZh })) return []
  if (standing) throw new DomainError('division-already-defined', { division: standing.code })
  const other = placeOn(policy, { division: code, on: from })
  if (other && other.divisionId !== divisionId) {
    throw new DomainError('division-code-taken', { division: code, by: other.divisionId })
  }

  return [{ type: 'DivisionDefined', data: dataOf(command) }]
}

function renameDivision(
  command: CommandOf<DivisionCommand, 'RenameDivision'>,
  own: Policy,
): readonly DivisionEvent[] {
  const { from, nameZh } = command
  const place = placeFrom(own, command)
  const sameDay = place.names.findLast((name) => name.from === from)
  if (saysTheSame(sameDay, { from, nameZh })) return []

  return [{ type: 'DivisionRenamed', data: dataOf(command) }]
}

function mergeDivision(
  command: CommandOf<DivisionCommand, 'MergeDivision'>,
  own: Policy,
  policy: Policy,
): readonly DivisionEvent[] {
  const { from, into } = command
  const { code } = placeFrom(own, command)
  const merged = own.mergers[0]
  if (saysTheSame(merged, { from, code, into })) return []
  if (merged) {
    const facts = { division: code, into: merged.into, from: merged.from }
    throw new DomainError('division-already-merged', facts)
  }
  assertDivision(policy, { division: into, on: from })
  if (isWithin(codeOn(policy, { division: into, on: from }), code)) {
    throw new DomainError('division-merged-into-itself', { division: code })
  }

  return [{ type: 'DivisionMerged', data: dataOf(command) }]
}

function placeFrom(
  own: Policy,
  command: CommandOf<DivisionCommand, 'RenameDivision' | 'MergeDivision'>,
): Place {
  const place = own.places[0]
  if (!place || command.from < place.from) {
    throw new DomainError('division-unknown', { division: command.divisionId, on: command.from })
  }
  return place
}
