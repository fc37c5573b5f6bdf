import type {
  DistrictPlan,
  OpeningHistory,
  PlannedAction,
} from '../../scripts/demo/generator/plan.js'
import { isOnRoll, membersIn, openingOf } from '../../src/domain/case/case.js'
import { CaseCommand } from '../../src/domain/case/commands.js'
import { caseDecider } from '../../src/domain/case/decide.js'
import { type Case, noCase } from '../../src/domain/case/facts.js'
import { fold } from '../../src/domain/decider.js'
import { type Policy, policyFrom } from '../../src/domain/policy/policy.js'
import { type Month, monthOf, nextMonth } from '../../src/domain/values/calendar.js'
import { readPolicyFile } from '../policy/policy-files.js'

/** Lives through a plan with the ledger's own deciders, in memory, without a log. */
export class DecidedPlan {
  readonly #cases = new Map<string, Case>()
  readonly #plan: DistrictPlan
  readonly #personIds: ReadonlyMap<string, string>
  #policyPaths: readonly string[]
  #policy: Policy

  constructor(plan: DistrictPlan, policyPaths: readonly string[]) {
    this.#plan = plan
    this.#policyPaths = policyPaths
    this.#policy = policyFrom(policyPaths.flatMap(readPolicyFile))
    this.#personIds = new Map(plan.persons.map(({ key }, at) => [key, idOf(1, at)]))
  }

  get cases(): readonly Case[] {
    return [...this.#cases.values()]
  }

  live(): this {
    for (const row of this.#plan.opening.cases) this.#takeOver(row.caseKey)
    for (const { actions } of this.#plan.months) {
      for (const action of actions) this.#act(action)
    }
    return this
  }

  #takeOver(caseKey: string): void {
    const row = this.#plan.opening.cases.find((one) => one.caseKey === caseKey)
    if (!row) throw new Error(`no opening row ${caseKey}`)
    this.#open(row, `${row.entryMonth}-01`)
    for (const member of this.#plan.opening.members) {
      if (member.caseKey === caseKey) this.#join(member)
    }
    const { entryMonth, settledThrough, source } = row
    const income = { from: entryMonth, monthlyIncomeFen: row.monthlyIncomeFen, basis: source }
    this.#decide(caseKey, { type: 'AssessIncome', ...income, by: 'clerk' })
    const history = periodsOf(row.history)
    const position = { entryMonth, settledThrough, source }
    const nothing = [{ from: entryMonth, to: settledThrough, components: [] }]
    this.#decide(caseKey, {
      type: 'RecordOpeningPosition',
      ...position,
      history: history.length > 0 ? history : nothing,
    })
  }

  #act(action: PlannedAction): void {
    if (action.do === 'open-case') this.#open(action, action.on)
    else if (action.do === 'join-member') this.#join(action)
    else if (action.do === 'continue-case') this.#continue(action)
    else if (action.do === 'import-policy') this.#learn(action.path)
    else if (action.do === 'reassess-roll') this.#reassessRoll(action)
    else if (action.do === 'import-deaths') this.#buryAll(action)
    else if ('caseKey' in action) this.#decideOnCase(action)
  }

  #learn(path: string): void {
    this.#policyPaths = [...this.#policyPaths, path]
    this.#policy = policyFrom(this.#policyPaths.flatMap(readPolicyFile))
  }

  #buryAll({ rows }: Extract<PlannedAction, { do: 'import-deaths' }>): void {
    for (const row of rows) this.#bury(row.identityNumber, monthOf(row.diedOn))
  }

  #decideOnCase(action: Extract<PlannedAction, { caseKey: string }>): void {
    const command = this.#commandOf(action)
    if (command) this.#decide(action.caseKey, command)
  }

  #commandOf(action: Extract<PlannedAction, { caseKey: string }>): object | null {
    switch (action.do) {
      case 'assess-income': {
        const { from, monthlyIncomeFen, basis } = action
        return { type: 'AssessIncome', from, monthlyIncomeFen, basis, by: 'clerk' }
      }
      case 'record-step': {
        const { on, step } = action
        return { type: 'RecordStep', on, step, passed: true, note: null, by: 'clerk' }
      }
      case 'approve-entry': {
        const { on: confirmedOn, reason } = action
        return { type: 'ApproveEntry', confirmedOn, continues: null, reason, by: 'approver' }
      }
      case 'approve-exit': {
        const { lastMonth, reason } = action
        return { type: 'ApproveExit', lastMonth, reason, continuedBy: null, by: 'approver' }
      }
      case 'leave-member': {
        const { lastMonth, reason } = action
        return {
          type: 'LeaveMember',
          lastMonth,
          reason,
          died: false,
          personId: this.#personId(action.personKey),
        }
      }
      case 'change-head': {
        const { from, reason } = action
        return { type: 'ChangeHead', from, reason, personId: this.#personId(action.personKey) }
      }
      case 'confirm-reassessment': {
        const cause = { kind: action.cause, note: action.note, document: null }
        return {
          type: 'ReassessBenefit',
          from: action.from,
          cause,
          mode: 'confirmed',
          by: 'approver',
        }
      }
      case 'move-case': {
        const { from, division, urbanRural, reason } = action
        return { type: 'MoveCase', from, division, urbanRural, reason }
      }
      case 'record-review': {
        const { on, level, kind, result, note } = action
        return { type: 'RecordReview', on, level, kind, result, note, by: 'reviewer' }
      }
      case 'grant-supplement': {
        const { month: of, component, amountFen, document, supplementKey } = action
        const granted = { month: of, component, amountFen, document, supplementId: supplementKey }
        const persons = [this.#personId(action.personKey)]
        return {
          type: 'GrantSupplement',
          ...granted,
          persons,
          measure: 'cash',
          decidedFor: 'case',
          by: 'approver',
        }
      }
      default:
        return null
    }
  }

  #open(
    row: {
      readonly caseKey: string
      readonly programme: string
      readonly division: string
      readonly urbanRural: string
      readonly benefitClass: string
    },
    openedOn: string,
  ): void {
    const { programme, division, urbanRural, benefitClass } = row
    const caseId = idOf(2, this.#cases.size)
    const opened = { caseId, programme, division, urbanRural, benefitClass, openedOn }
    this.#decide(row.caseKey, { type: 'OpenCase', ...opened, importId: null })
  }

  #join(member: Omit<Extract<PlannedAction, { do: 'join-member' }>, 'do' | 'on'>): void {
    const { from, relation, head, personKey } = member
    const person = this.#plan.persons.find((one) => one.key === personKey)
    const circumstances = { ...member.circumstances, bornOn: person?.bornOn }
    const personId = this.#personId(personKey)
    const command = { type: 'JoinMember', from, personId, relation, head, circumstances }
    this.#decide(member.caseKey, command)
  }

  #continue(action: Extract<PlannedAction, { do: 'continue-case' }>): void {
    const { caseKey, into, lastMonth, reason, on: confirmedOn } = action
    const old = this.#state(caseKey)
    const from = nextMonth(lastMonth)
    const [oldId, newId] = [openingOf(old)?.caseId, openingOf(this.#state(into))?.caseId]
    const exit = { type: 'ApproveExit', lastMonth, reason, continuedBy: newId, by: 'approver' }
    this.#decide(caseKey, exit)
    for (const { personId, circumstances } of membersIn(old, lastMonth)) {
      const who = { personId, circumstances, relation: '成员', head: false }
      this.#decide(into, { type: 'JoinMember', from, ...who })
    }
    const income = old.facts.findLast((fact) => fact.type === 'IncomeAssessed')
    if (income?.type === 'IncomeAssessed') {
      this.#decide(into, { type: 'AssessIncome', ...income.data, from })
    }
    const entry = { confirmedOn, continues: oldId, reason, by: 'approver' }
    this.#decide(into, { type: 'ApproveEntry', ...entry })
  }

  #reassessRoll({
    programmes,
    from,
    cause,
  }: Extract<PlannedAction, { do: 'reassess-roll' }>): void {
    for (const [caseKey, state] of this.#cases) {
      const programme = openingOf(state)?.programme ?? ''
      if (programmes.includes(programme) && isOnRoll(state, from)) {
        this.#reassess(caseKey, { from, kind: cause })
      }
    }
  }

  #bury(identityNumber: string, died: Month): void {
    const person = this.#plan.persons.find((one) => one.identityNumber === identityNumber)
    if (!person) return
    const personId = this.#personId(person.key)
    for (const [caseKey, state] of this.#cases) {
      if (!membersIn(state, nextMonth(died)).some((member) => member.personId === personId))
        continue
      this.#decide(caseKey, {
        type: 'LeaveMember',
        lastMonth: died,
        personId,
        reason: '死亡',
        died: true,
      })
      if (isOnRoll(state, nextMonth(died))) {
        this.#reassess(caseKey, { from: nextMonth(died), kind: 'death' })
      }
    }
  }

  #reassess(caseKey: string, { from, kind }: { from: Month; kind: string }): void {
    const cause = { kind, note: kind, document: null }
    this.#decide(caseKey, { type: 'ReassessBenefit', from, cause, mode: 'automatic', by: 'ledger' })
  }

  #personId(key: string): string {
    const id = this.#personIds.get(key)
    if (!id) throw new Error(`nobody is ${key}`)
    return id
  }

  #state(caseKey: string): Case {
    return this.#cases.get(caseKey) ?? noCase
  }

  #decide(caseKey: string, command: object): void {
    const decider = caseDecider(this.#policy)
    const state = this.#state(caseKey)
    const events = decider.decide(CaseCommand.parse({ by: 'clerk', ...command }), state)
    this.#cases.set(caseKey, fold({ ...decider, initial: state }, events))
  }
}

/** Components of the same months belong together. */
function periodsOf(rows: readonly OpeningHistory[]) {
  const spans = new Map(rows.map(({ from, to }) => [`${from}/${to}`, { from, to }]))
  return [...spans.values()].map((span) => ({
    ...span,
    components: rows
      .filter((row) => row.from === span.from && row.to === span.to)
      .map(({ component, amountFen }) => ({ component, personId: null, amountFen })),
  }))
}

function idOf(kind: number, at: number): string {
  return `0000000${kind}-0000-4000-8000-${String(at).padStart(12, '0')}`
}
