import type { PaymentParts } from '../../../src/application/payment/parts.js'
import type { CaseCommand } from '../../../src/domain/case/commands.js'
import { caseDecider } from '../../../src/domain/case/decide.js'
import type { CaseEvent } from '../../../src/domain/case/events.js'
import type { StreamKind } from '../../../src/domain/events.js'
import type { PersonEvent } from '../../../src/domain/person/events.js'
import type { PolicyEvent } from '../../../src/domain/policy/policy.js'
import { month, monthOf, plainDate } from '../../../src/domain/values/calendar.js'
import { ComponentName } from '../../../src/domain/values/document.js'
import { CaseId, type PersonId, ProgrammeCode } from '../../../src/domain/values/identifiers.js'
import { codec, type EventOfKind } from '../../../src/event-store/codec.js'
import {
  circumstances,
  county,
  dibao,
  document,
  general,
  policyEvents,
  village,
  yuan,
} from '../../support/case-world.js'
import {
  divisionDefined,
  personId as numbered,
  programmeDefined,
  ruleSet,
} from '../../support/policy.js'
import { callerOf } from '../setting.js'

export const caseNumber = (number: number) => CaseId.parse(numbered(100_000 + number))
export const temporaryAid = ProgrammeCode.parse('temporary-aid')
export const head = (number: number) => numbered(number)

type Parts = Pick<PaymentParts, 'store' | 'clock' | 'hashes' | 'handler' | 'policies'>

/** A county with a village in it, and what happens to the households there. */
export class CountyWorld {
  readonly #parts: Parts
  #writes = 0

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async legislate(): Promise<void> {
    const more: readonly PolicyEvent[] = [
      programmeDefined(temporaryAid, { kind: 'one-off', repeatable: true }),
      ruleSet(temporaryAid, { division: county, from: '2010-01' }),
      divisionDefined(1, { code: county }),
      divisionDefined(2, { code: village }),
    ]
    const events = [...policyEvents({ firstMonth: 'month-of-confirmation' }), ...more]
    for (const event of events) await this.recordPolicy(event)
  }

  async recordPolicy(event: PolicyEvent): Promise<void> {
    switch (event.type) {
      case 'ProgrammeDefined':
        return this.record('programme', event.data.definition.programme, event)
      case 'RuleSet':
      case 'ProgrammeHoldPlaced':
      case 'ProgrammeHoldLifted':
        return this.record('programme', event.data.programme, event)
      case 'StandardSet':
        return this.record('standard', `${event.data.programme}-${event.data.division}`, event)
      case 'DivisionDefined':
        return this.record('division', event.data.divisionId, event)
      default:
        throw new Error(`no test needs ${event.type} yet`)
    }
  }

  async allocate(amountFen: ReturnType<typeof yuan>): Promise<void> {
    const data = {
      allocatedOn: plainDate('2012-01-01'),
      fundId: `fund-${this.#writes}`,
      programmes: [dibao, temporaryAid],
      amountFen,
      source: '县级财政',
      document,
    }
    await this.record('payer', county, { type: 'FundAllocated', data })
  }

  /** Writes an event as it is: history that a test begins with. */
  async record<Kind extends StreamKind>(
    kind: Kind,
    id: string,
    event: EventOfKind<Kind>,
  ): Promise<void> {
    const { store, clock, hashes } = this.#parts
    const stream = `${kind}-${id}`
    const version = (await store.readStream(stream)).length - 1
    this.#writes += 1
    const [outcome] = await store.append([
      {
        stream,
        expected: version < 0 ? 'none' : version,
        events: [codec.encode(kind, event)],
        key: `test-${this.#writes}`,
        requestHash: hashes.request(String(this.#writes)),
        recorded: clock.now(),
        actor: callerOf().actor.sub,
        correlation: 'test',
      },
    ])
    if (outcome?.kind !== 'appended') throw new Error(`not appended: ${outcome?.kind}`)
  }

  async recordPerson(person: PersonId, event: PersonEvent): Promise<void> {
    await this.record('person', person, event)
  }

  async recordCase(number: number, event: CaseEvent): Promise<void> {
    await this.record('case', caseNumber(number), event)
  }

  async decideCase(number: number, command: CaseCommand): Promise<void> {
    const { policy } = await this.#parts.policies.latest()
    await this.#parts.handler.handle({
      stream: { kind: 'case', name: `case-${caseNumber(number)}` },
      decider: caseDecider(policy),
      command,
      caller: callerOf({ sub: 'approver-1' }),
    })
  }

  /** A case with its head, who is its only member. */
  async openCase(
    number: number,
    given: { readonly programme: ProgrammeCode; readonly on: string },
  ): Promise<void> {
    const openedOn = plainDate(given.on)
    const data = {
      caseId: caseNumber(number),
      programme: given.programme,
      division: village,
      urbanRural: 'urban' as const,
      benefitClass: general,
      openedOn,
      importId: null,
      by: callerOf().actor.sub,
    }
    await this.recordCase(number, { type: 'CaseOpened', data })
    await this.decideCase(number, {
      type: 'JoinMember',
      from: monthOf(openedOn),
      personId: head(number),
      relation: '户主',
      head: true,
      circumstances: circumstances(),
      by: callerOf().actor.sub,
    })
  }

  /** A household of one on the roll from a month, with so much a month, and an account. */
  async household(
    number: number,
    given: { readonly from?: string; readonly monthly?: number; readonly account?: boolean } = {},
  ): Promise<void> {
    const { from = '2012-01', monthly = 350, account = true } = given
    await this.openCase(number, { programme: dibao, on: `${from}-01` })
    await this.assess(number, { from, monthly })
    await this.decideCase(number, {
      type: 'ApproveEntry',
      confirmedOn: plainDate(`${from}-05`),
      continues: null,
      reason: '收入低于标准',
      by: callerOf({ sub: 'approver-1' }).actor.sub,
    })
    if (account) await this.openAccount(number, `${from}-01`)
  }

  /** The income that leaves so much a month to be paid. */
  async assess(
    number: number,
    given: { readonly from: string; readonly monthly: number },
  ): Promise<void> {
    await this.decideCase(number, {
      type: 'AssessIncome',
      from: month(given.from),
      monthlyIncomeFen: yuan(350 - given.monthly),
      basis: '入户核算',
      by: callerOf().actor.sub,
    })
  }

  /** A backdated change of what is paid a month. */
  async change(
    number: number,
    given: { readonly from: string; readonly monthly: number },
  ): Promise<void> {
    await this.assess(number, given)
    await this.decideCase(number, {
      type: 'ReassessBenefit',
      from: month(given.from),
      cause: { kind: 'income', note: '收入变化', document },
      mode: 'confirmed',
      by: callerOf({ sub: 'approver-1' }).actor.sub,
    })
  }

  async exit(number: number, lastMonth: string): Promise<void> {
    await this.decideCase(number, {
      type: 'ApproveExit',
      lastMonth: month(lastMonth),
      reason: '收入超过标准',
      continuedBy: null,
      by: callerOf().actor.sub,
    })
  }

  async subsidise(number: number, given: { month: string; yuan: number }): Promise<void> {
    await this.decideCase(number, {
      type: 'GrantSupplement',
      month: month(given.month),
      component: ComponentName.parse('price-subsidy'),
      measure: 'cash',
      amountFen: yuan(given.yuan),
      persons: [],
      supplementId: `price-${given.month}`,
      document,
      decidedFor: 'roll',
      by: callerOf().actor.sub,
    })
  }

  /** A case of a programme that grants once, with one grant for the month. */
  async oneOffAid(number: number, given: { month: string; yuan: number }): Promise<void> {
    await this.openCase(number, { programme: temporaryAid, on: `${given.month}-01` })
    await this.openAccount(number, `${given.month}-01`)
    await this.decideCase(number, {
      type: 'GrantSupplement',
      month: month(given.month),
      component: ComponentName.parse('aid'),
      measure: 'cash',
      amountFen: yuan(given.yuan),
      persons: [],
      supplementId: 'aid-1',
      document,
      decidedFor: 'roll',
      by: callerOf().actor.sub,
    })
  }

  async openAccount(number: number, from: string): Promise<void> {
    const sealed = { person: head(number), cipher: 'A'.repeat(40) }
    const stored = await this.#parts.store.readStream(`person-${head(number)}`)
    const accountVersion = stored.filter((event) => event.type === 'PayeeAccountSet').length + 1
    await this.recordPerson(head(number), {
      type: 'PayeeAccountSet',
      data: {
        from: plainDate(from),
        accountVersion,
        bank: '农商行',
        account: sealed,
        holder: sealed,
      },
    })
  }
}
