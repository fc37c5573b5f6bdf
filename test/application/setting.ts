import type { Caller } from '../../src/application/caller.js'
import { createSimulatedClock } from '../../src/application/clock.js'
import { createCommandHandler } from '../../src/application/command-handler.js'
import { handlePolicyCommand, type PolicyCommand } from '../../src/application/policy-commands.js'
import { createPolicyReader } from '../../src/application/policy-reader.js'
import { handleCaseCommand } from '../../src/application/processes/cases.js'
import { openCase } from '../../src/application/processes/continuation.js'
import { registerPerson } from '../../src/application/processes/people.js'
import { caseStream, personStream } from '../../src/application/streams.js'
import type { CaseCommand } from '../../src/domain/case/commands.js'
import { caseDecider } from '../../src/domain/case/decide.js'
import type { Case } from '../../src/domain/case/facts.js'
import type { ErrorCode } from '../../src/domain/error-codes.js'
import { personDecider } from '../../src/domain/person/decide.js'
import type { Person } from '../../src/domain/person/person.js'
import type { PolicyEvent } from '../../src/domain/policy/policy.js'
import { instant, month, plainDate } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ActorId, type CaseId, type PersonId } from '../../src/domain/values/identifiers.js'
import { checkCharacterOf } from '../../src/domain/values/identity-number.js'
import type { EventStore } from '../../src/event-store/event-store.js'
import { createInMemoryEventStore } from '../../src/event-store/in-memory.js'
import { createInMemoryErasureList } from '../../src/sealing/erasure-list.js'
import { createKeyedHashes } from '../../src/sealing/keyed-hashes.js'
import { masterKeyOf } from '../../src/sealing/master-key.js'
import { createInMemoryPersonKeys } from '../../src/sealing/person-keys.js'
import { createVault } from '../../src/sealing/vault.js'
import {
  amount,
  benefitClass,
  component,
  division,
  divisionDefined,
  programme,
  programmeDefined,
  ruleSet,
  standardSet,
} from '../support/policy.js'

/** A province that nobody lives in. */
export const everywhere = DivisionCode.parse('990000000000')

/** An application in memory, on a simulated clock that begins on 31 May 2012. */
export function createSetting(store: EventStore = createInMemoryEventStore()) {
  const masterKey = masterKeyOf(Buffer.alloc(32, 7))
  const clock = createSimulatedClock(instant('2012-05-31T02:00:00.000Z'))
  const hashes = createKeyedHashes(masterKey)
  const erasures = createInMemoryErasureList()
  const vault = createVault({ keys: createInMemoryPersonKeys(), erasures, masterKey })
  const handler = createCommandHandler({ store, clock, hashes })
  const policies = createPolicyReader(store)
  return { store, clock, hashes, vault, handler, policies }
}
export type Setting = ReturnType<typeof createSetting>

let requests = 0

/** One request: with a key of its own, by a clerk for everywhere, unless said otherwise. */
export function callerOf(
  given: { readonly key?: string; readonly sub?: string; readonly division?: string } = {},
): Caller {
  requests += 1
  const { key = `key-${requests}`, sub = 'clerk-1', division = everywhere } = given
  return {
    actor: { sub: ActorId.parse(sub), roles: ['clerk'], division: DivisionCode.parse(division) },
    key,
    correlation: `request-${requests}`,
  }
}

/** An identity number that can't be a living person's: its region is nobody's. */
export function identityNumberOf(sequence: number, born = '19500312'): string {
  const digits = `990107${born}${String(sequence).padStart(3, '0')}`
  return digits + checkCharacterOf(digits)
}

/** 低保 in town and country, which exclude 特困, an allowance by age, and a one-off campaign. */
export async function setPolicy(parts: Pick<Setting, 'handler' | 'policies'>): Promise<void> {
  const place = { division: '990107', from: '2000-01' }
  const caller = callerOf({ sub: 'policy-1' })
  const events = [
    divisionDefined(1, { code: '990107' }),
    divisionDefined(2, { code: '990107001' }),
    divisionDefined(3, { code: '990107002' }),
    divisionDefined(4, { code: '990107001002' }),
    programmeDefined('urban-dibao', { excludes: [programme('tekun')] }),
    programmeDefined('rural-dibao', { urbanRural: 'rural', excludes: [programme('urban-dibao')] }),
    programmeDefined('tekun', { kind: 'flat' }),
    programmeDefined('survivors', { kind: 'flat' }),
    programmeDefined('festival', { kind: 'one-off', repeatable: true }),
    ruleSet('urban-dibao', place, { automatic: ['death', 'standard'] }),
    ruleSet('rural-dibao', place, { firstMonth: 'month-of-confirmation', automatic: [] }),
    ruleSet('tekun', place, {}),
    ruleSet('survivors', place, { monthsAfterDeath: 6 }),
    ruleSet('festival', place, { capFen: amount(50_000) }),
    standardSet('urban-dibao', { ...place, fen: 50_000 }),
    standardSet('rural-dibao', { ...place, fen: 30_000 }),
    standardSet('tekun', { ...place, fen: 70_000 }),
    standardSet('survivors', { ...place, fen: 20_000 }),
  ]
  for (const [at, event] of events.entries())
    await handlePolicyCommand(parts, { command: policyCommandOf(event), caller, step: `${at}` })
}

function policyCommandOf(event: PolicyEvent): PolicyCommand {
  switch (event.type) {
    case 'ProgrammeDefined':
      return { type: 'DefineProgramme', ...event.data }
    case 'RuleSet':
      return { type: 'SetRule', ...event.data }
    case 'StandardSet':
      return { type: 'SetStandard', ...event.data }
    case 'DivisionDefined':
      return { type: 'DefineDivision', ...event.data }
    default:
      throw new Error(`no such policy in these tests: ${event.type}`)
  }
}

/** A registered person without a number. */
export async function someone(parts: Setting, name = '某人'): Promise<PersonId> {
  const details = {
    name,
    identityNumber: null,
    bornOn: plainDate('1950-03-12'),
    sex: 'male',
    address: null,
    phone: null,
  } as const
  const { personId } = await registerPerson(parts, { details, caller: callerOf() })
  return personId
}

/** A case that was opened, without members. */
export async function openedCase(parts: Setting, code = 'urban-dibao'): Promise<CaseId> {
  const details = {
    programme: programme(code),
    division: division('990107001002'),
    urbanRural: code === 'rural-dibao' ? 'rural' : 'urban',
    benefitClass: benefitClass('general'),
    openedOn: plainDate('2012-01-05'),
    importId: null,
  } as const
  const { caseId } = await openCase(parts, { details, caller: callerOf() })
  return caseId
}

export function joining(personId: PersonId, over: { from?: string; covered?: boolean } = {}) {
  const { from = '2012-01', covered = true } = over
  return {
    type: 'JoinMember' as const,
    from: month(from),
    personId,
    relation: '本人',
    head: false,
    circumstances: {
      assessed: true,
      covered,
      classifications: [],
      bornOn: plainDate('1950-03-12'),
    },
    by: ActorId.parse('clerk-1'),
  }
}

/** A case on the roll from February 2012, with these members. */
export async function caseOnRoll(
  parts: Setting,
  members: readonly PersonId[],
  code = 'urban-dibao',
): Promise<CaseId> {
  const caseId = await openedCase(parts, code)
  for (const personId of members)
    await handleCaseCommand(parts, { caseId, command: joining(personId), caller: callerOf() })
  const command = {
    type: 'ApproveEntry',
    confirmedOn: plainDate('2012-01-20'),
    continues: null,
    reason: '符合条件',
    by: ActorId.parse('approver-1'),
  } as const
  await handleCaseCommand(parts, { caseId, command, caller: callerOf({ sub: 'approver-1' }) })
  return caseId
}

/** A case taken over of whose income nothing is known. */
export async function takenOver(parts: Setting, personId: PersonId): Promise<CaseId> {
  const caseId = await openedCase(parts, 'urban-dibao')
  await handle(parts, caseId, joining(personId))
  await handle(parts, caseId, {
    type: 'RecordOpeningPosition',
    entryMonth: month('2011-03'),
    settledThrough: month('2012-05'),
    source: '旧系统',
    history: [
      {
        from: month('2011-03'),
        to: month('2012-05'),
        components: [{ component: component('base'), personId: null, amountFen: amount(21_000) }],
      },
    ],
    by: callerOf().actor.sub,
  })
  return caseId
}

/** The person as their stream says. */
export async function personOf(parts: Setting, personId: PersonId): Promise<Person> {
  const { policy } = await parts.policies.latest()
  return (await parts.handler.load(personStream(personId), personDecider(policy))).state
}

export async function caseOf(parts: Setting, caseId: CaseId): Promise<Case> {
  const { policy } = await parts.policies.latest()
  return (await parts.handler.load(caseStream(caseId), caseDecider(policy))).state
}

export async function ready(store?: EventStore): Promise<Setting> {
  const setting = createSetting(store)
  await setPolicy(setting)
  return setting
}

/** A command of a case by one who prepared nothing of it. */
export function handle(
  parts: Setting,
  caseId: CaseId,
  command: CaseCommand,
): ReturnType<typeof handleCaseCommand> {
  return handleCaseCommand(parts, { caseId, command, caller: callerOf({ sub: 'approver-1' }) })
}

export const exit = (lastMonth: string) => ({
  type: 'ApproveExit' as const,
  lastMonth: month(lastMonth),
  reason: '收入超标',
  continuedBy: null,
  by: ActorId.parse('approver-1'),
})

export const refused = (code: ErrorCode) => ({ code })
