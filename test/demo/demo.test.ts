import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { startDemoService } from '../../scripts/demo/demo-service.js'
import { type Demonstration, everywhere, live } from '../../scripts/demo/demonstration.js'
import { allFigures } from '../../scripts/demo/figures/all-figures.js'
import { figureRows } from '../../scripts/demo/figures/figure.js'
import { HttpAnswers } from '../../scripts/demo/figures/http-answers.js'
import type { LedgerAnswers } from '../../scripts/demo/figures/ledger-answers.js'
import { p2Plan } from '../../scripts/demo/generator/p2-plan.js'
import { p4Plan } from '../../scripts/demo/generator/p4-plan.js'
import { readConfig } from '../../src/config.js'
import { productFolder } from '../../src/product-folder.js'
import { type Teardown, testFolder } from '../support/postgres.js'
import { veteransOf, withIncomeChanged, withoutOneEntry } from './changed-plans.js'
import { oracleAnswers } from './oracle-answers.js'

const printed = { p2: veteransOf(p2Plan()), p4: p4Plan() }
const figures = allFigures.filter(({ id }) => id.startsWith('P4') || id.startsWith('P2-20'))
const subsidyFen = { printed: 8300, changed: 8400 }

async function failing(answers: LedgerAnswers): Promise<readonly string[]> {
  const rows = await figureRows(figures, answers)
  return rows.filter(({ ok }) => !ok).map(({ id }) => id)
}

/** The files of `policy/`, with another amount in the price document. */
async function changedPolicyFile(path: string): Promise<Buffer> {
  const content = await readFile(join(productFolder, 'policy', path))
  if (!path.startsWith('price-link/')) return content
  const from = `"amountFen": ${subsidyFen.printed}`
  const to = `"amountFen": ${subsidyFen.changed}`
  return Buffer.from(content.toString('utf8').replaceAll(from, to))
}

const money = ['P4-02', 'P4-02.average']
const villageRoll = ['P4-03.rural.households', 'P4-03.rural.persons']
const bothRolls = ['P4-03.households', 'P4-03.persons']

t.test('which rows one changed income, one entry and one document must fail', async (t) => {
  const { p2, p4 } = printed
  t.same(await failing(oracleAnswers([p2, p4])), [], 'as printed, all agree')
  t.same(await failing(oracleAnswers([p2, withIncomeChanged(p4)])), money)
  const entry = await failing(oracleAnswers([p2, withoutOneEntry(p4)]))
  t.same(entry, [...money, ...villageRoll, ...bothRolls])
  t.same(await failing(oracleAnswers([p2, p4], subsidyFen.changed)), ['P2-20.amount'])
})

async function startDemo(t: Teardown): Promise<Demonstration> {
  const config = readConfig({
    DATA_DIR: await testFolder(t),
    CLOCK: 'simulated',
    PORT: '0',
    LOG_LEVEL: 'error',
  })
  const service = await startDemoService(config)
  t.teardown(() => service.stop())
  return {
    ...service,
    plans: [printed.p2, withIncomeChanged(withoutOneEntry(printed.p4))],
    figures,
    policyFile: changedPolicyFile,
    startProgress: () => ({ add: () => undefined, stop: () => undefined }),
  }
}

t.test('a ledger that lived with all three changed fails those rows and no other', async (t) => {
  const demonstration = await startDemo(t)
  const offices = await live(demonstration)
  const expected = ['P2-20.amount', ...money, ...villageRoll, ...bothRolls]
  const { auditor } = await demonstration.peopleOf(everywhere)
  t.same(await failing(new HttpAnswers(offices, auditor)), expected)

  const [p2] = offices
  const officer = p2?.people['payment-officer']
  if (!p2 || !officer) throw new Error('no office of P2')

  await t.test('who died in April is paid on by law, to the account they had', async (t) => {
    const may = `/v1/runs?division=${p2.plan.division}&month=2012-05`
    const [run] = await p2.client.rows(officer, may, z.looseObject({ runId: z.string() }))
    const Line = z.looseObject({ outcome: z.string().nullable(), persons: z.int() })
    const lines = await p2.client.rows(officer, `/v1/runs/${run?.runId}/lines`, Line)
    t.equal(lines.length, 342)
    t.same([...new Set(lines.map(({ outcome }) => outcome))], ['credited'])
  })

  await t.test('lived through once more, nothing is added', async (t) => {
    const Head = z.looseObject({ head: z.int() })
    const head = () => p2.client.read(officer, '/v1/ledger', Head)
    const before = await head()
    await live(demonstration)
    t.same(await head(), before)
  })
})
