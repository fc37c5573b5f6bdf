import { z } from 'zod'
import type { PlannedAction } from '../generator/plan.js'
import { carried, does, type Office } from './office.js'

type Pay = Extract<PlannedAction, { do: 'pay' }>

const Opened = z.looseObject({ runId: z.string() })
const Line = z.looseObject({ line: z.int(), caseId: z.string() })
export const layout = 'delimited-utf8'

/** A run from its opening to its close, with a bank that answers every line of its file. */
export async function pay(office: Office, action: Pay, key: string): Promise<void> {
  const { client, people, plan } = office
  const officer = people['payment-officer']
  const { kind, period, programmes } = action
  const body = { kind, programmes, division: plan.division, period }
  const opening = { path: '/v1/runs', body, key: `${key}/open` }
  const { runId } = await client.write(officer, opening, Opened)
  const run = `/v1/runs/${runId}`
  const step = (role: 'approver' | 'payment-officer', name: string, content: object = {}) =>
    does(office, { role, path: `${run}/${name}`, body: content, key: `${key}/${name}` })

  await step('payment-officer', 'preparation')
  await step('payment-officer', 'submission')
  await step('approver', 'approval')
  await step('approver', 'release', { layout })
  const file = (await client.file(officer, `${run}/bank-file`)).toString('utf8')
  const answers = bankAnswers(file, await linesToReturn(office, action, run))
  const { contentBase64 } = carried('回盘.csv', answers)
  await step('payment-officer', 'bank-answers', { layout, contentBase64 })
  await step('payment-officer', 'closing')
}

async function linesToReturn(office: Office, action: Pay, run: string): Promise<Set<number>> {
  if (action.returned.length === 0) return new Set()
  const { client, ids, people } = office
  const caseIds = new Set(await Promise.all(action.returned.map((key) => ids.caseId(key))))
  const lines = await client.rows(people['payment-officer'], `${run}/lines`, Line)
  return new Set(lines.filter(({ caseId }) => caseIds.has(caseId)).map(({ line }) => line))
}

/** The bank's part, which knows the file alone: header, lines, trailer. */
function bankAnswers(file: string, returned: ReadonlySet<number>): string {
  const lines = file.trimEnd().split('\r\n').slice(1, -1)
  const answers = lines.map((text) => {
    const [line = '', _holder, _account, _bank, yuan = ''] = text.split('|')
    return returned.has(Number(line)) ? `${line},退票,0.00,账号错误` : `${line},成功,${yuan},`
  })
  return ['行号,结果,金额,原因', ...answers].join('\n')
}
