import t from 'tap'
import { allFigures } from '../../scripts/demo/figures/all-figures.js'
import { compareFigure, type Published } from '../../scripts/demo/figures/comparison.js'
import { figureRows } from '../../scripts/demo/figures/figure.js'
import type { LedgerAnswers } from '../../scripts/demo/figures/ledger-answers.js'
import { demonstrationPlan } from '../../scripts/demo/generator/demonstration-plan.js'
import type { DistrictPlan, PlannedAction } from '../../scripts/demo/generator/plan.js'
import { oracleAnswers } from './oracle-answers.js'

const plans = demonstrationPlan()

async function failing(answers: LedgerAnswers): Promise<readonly string[]> {
  const rows = await figureRows(allFigures, answers)
  return rows.filter((row) => !row.ok).map((row) => row.id)
}

t.test('every figure of the plan is as its district printed it', async (t) => {
  const rows = await figureRows(allFigures, oracleAnswers(plans))
  t.same(
    rows.filter((row) => !row.ok),
    [],
  )
  t.equal(new Set(rows.map((row) => row.id)).size, rows.length, 'each figure once')
})

t.test('every figure that the demonstration owes has a row', async (t) => {
  const owed = ['01', '02', '03', '06', '14', '15', '16', '20', '22', '26', '28', '31'].map(
    (number) => `P2-${number}`,
  )
  owed.push('P3-01', 'P3-02', 'P3-03', 'P3-06', 'P3-07', 'P4-01', 'P4-02', 'P4-03')
  const there = new Set(allFigures.map((figure) => figure.id.slice(0, 5)))
  t.same([...there].sort(), owed)
})

/** The plan with what `change` makes of P2's first action that it changes. */
function withP2Changed(
  change: (action: PlannedAction) => PlannedAction | null,
): readonly DistrictPlan[] {
  let changed = false
  return plans.map((plan) => ({
    ...plan,
    months: plan.months.map(({ month, actions }) => ({
      month,
      actions: actions.map((action) => {
        const other = changed || plan.key !== 'P2' ? null : change(action)
        changed ||= other !== null
        return other ?? action
      }),
    })),
  }))
}

t.test('one changed income shows in the money of its roll alone', async (t) => {
  const changed = withP2Changed((action) =>
    action.do === 'assess-income' && action.caseKey.startsWith('P2-C') && action.on >= '2012-02'
      ? { ...action, monthlyIncomeFen: action.monthlyIncomeFen + 15_000 }
      : null,
  )
  t.same(await failing(oracleAnswers(changed)), [
    'P2-01.per-capita',
    'P2-01.rise',
    'P2-01.rise-per-cent',
    'P2-03',
  ])
})

t.test('one entry left out shows in the roll, the movements and the money', async (t) => {
  let left = ''
  const changed = plans.map((plan) => ({
    ...plan,
    months: plan.months.map(({ month, actions }) => ({
      month,
      actions: actions.filter((action) => {
        if (action.do !== 'approve-entry' || !action.caseKey.startsWith('P2-N')) return true
        if (left === '') left = action.caseKey
        return action.caseKey !== left
      }),
    })),
  }))
  const rows = await failing(oracleAnswers(changed))
  for (const id of [
    'P2-02.households',
    'P2-02.persons',
    'P2-03',
    'P2-06.entries-households',
    'P2-06.entries-persons',
    'P2-06.closing-households',
    'P2-06.closing-persons',
    'P2-14.recipients',
    'P2-14.amount',
  ]) {
    t.ok(rows.includes(id), id)
  }
  t.ok(rows.every((id) => /^P2-(02|03|06|14)/.test(id)))
})

t.test('another amount in the price document shows in both subsidies', async (t) => {
  t.same(await failing(oracleAnswers(plans, 8400)), ['P2-14.amount', 'P2-20.amount'])
})

t.test('a question without an answer fails its row and no other', async (t) => {
  const answers = oracleAnswers(plans)
  const broken = {
    ...answers,
    deathLists: async () => {
      throw new Error('404')
    },
  }
  const rows = await figureRows(allFigures, broken)
  t.same(
    rows.filter((row) => !row.ok).map((row) => [row.id, row.computed]),
    [
      ['P2-31', '无：404'],
      ['P2-31.remarks', '无：404'],
    ],
  )
})

t.test('a printed figure is held to as many digits as were printed', async (t) => {
  const cases: readonly (readonly [Published, number | string, boolean])[] = [
    [{ kind: 'exact', value: 46_792, unit: '元' }, 46_792, true],
    [{ kind: 'exact', value: 46_792, unit: '元' }, 46_793, false],
    [{ kind: 'wan-yuan', wanYuan: '371.69' }, 371_685_000, true],
    [{ kind: 'wan-yuan', wanYuan: '371.69' }, 371_684_999, false],
    [{ kind: 'wan-yuan', wanYuan: '371.69' }, 371_694_999, true],
    [{ kind: 'wan-yuan', wanYuan: '371.69' }, 371_695_000, false],
    [{ kind: 'wan-yuan', wanYuan: '70' }, 70_000_000, true],
    [{ kind: 'wan-yuan-over', wanYuan: '62.67' }, 62_673_300, true],
    [{ kind: 'wan-yuan-over', wanYuan: '62.67' }, 62_669_999, false],
    [{ kind: 'wan-yuan-over', wanYuan: '8.5' }, 8_515_800, true],
    [{ kind: 'at-most', amountFen: 100 }, 100, true],
    [{ kind: 'at-most', amountFen: 100 }, 101, false],
    [{ kind: 'per-cent', hundredths: 1143 }, 1143, true],
    [{ kind: 'words', words: 'anomaly' }, 'anomaly', true],
    [{ kind: 'words', words: 'anomaly' }, 'reported', false],
    [{ kind: 'exact', value: 1, unit: '户' }, '1', false],
  ]
  for (const [published, computed, ok] of cases) {
    const row = compareFigure({ id: 'x', what: 'x', published }, computed)
    t.equal(row.ok, ok, `${row.published} ${row.computed}`)
  }
  t.same(compareFigure({ id: 'x', what: 'x', published: { kind: 'words', words: 'a' } }, null), {
    id: 'x',
    what: 'x',
    published: 'a',
    computed: '无',
    ok: false,
  })
})
