import type { DistrictPlan, PlannedAction } from '../../scripts/demo/generator/plan.js'
import { actionsOf } from './oracle-answers.js'

/** The plan with its actions as `change` has them; null leaves one out. */
export function withActions(
  plan: DistrictPlan,
  change: (action: PlannedAction) => PlannedAction | null,
): DistrictPlan {
  const months = plan.months.map(({ actions, month }) => ({
    month,
    actions: actions.flatMap((action) => change(action) ?? []),
  }))
  return { ...plan, months }
}

/** One household of the urban roll reports 300 yuan a month more than the plan has it. */
export function withIncomeChanged(plan: DistrictPlan): DistrictPlan {
  const incomes = actionsOf(plan, 'assess-income')
  const first = incomes.find(({ caseKey }) => caseKey.startsWith('P4-C'))
  return withActions(plan, (action) =>
    action === first ? { ...action, monthlyIncomeFen: action.monthlyIncomeFen + 30_000 } : action,
  )
}

/** One household of the village roll never applies. */
export function withoutOneEntry(plan: DistrictPlan): DistrictPlan {
  const entry = actionsOf(plan, 'approve-entry').find(({ caseKey }) => caseKey.startsWith('P4-N'))
  if (!entry) throw new Error('nobody enters the village roll')
  return withActions(plan, (action) =>
    'caseKey' in action && action.caseKey === entry.caseKey ? null : action,
  )
}

const veterans = 'key-veterans'

/** Of P2, the veterans alone: the decision of their subsidy, its run, and the months around it. */
export function veteransOf(plan: DistrictPlan): DistrictPlan {
  const cases = plan.opening.cases.filter((row) => row.programme === veterans)
  const caseKeys = new Set(cases.map((row) => row.caseKey))
  const members = plan.opening.members.filter((row) => caseKeys.has(row.caseKey))
  const personKeys = new Set(members.map((row) => row.personKey))
  const accounts = plan.opening.accounts.filter((row) => personKeys.has(row.personKey))
  return withActions({ ...plan, opening: { cases, members, accounts } }, veteransAction)
}

function veteransAction(action: PlannedAction): PlannedAction | null {
  switch (action.do) {
    case 'publish-price-index':
      return action
    case 'import-deaths':
      return action.on.startsWith('2012-04') ? action : null
    case 'decide-price-link':
      return action.decisionId.endsWith('veterans') ? action : null
    case 'pay':
      if (!action.programmes.includes(veterans) || action.period < '2012-04') return null
      return { ...action, programmes: [veterans] }
    default:
      return null
  }
}
