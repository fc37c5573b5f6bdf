import {
  accountsCsv,
  casesCsv,
  historyCsv,
  membersCsv,
  peopleOf,
} from '../generator/import-files.js'
import type { DistrictKey } from '../generator/plan.js'
import { carried, does, type Office } from './office.js'
import { doneByTwo } from './office-deeds.js'

/** Yuan that the county's treasury gives for all of the months: invented, and enough. */
const fundYuan: Readonly<Record<DistrictKey, number>> = {
  P2: 30_000_000,
  P3: 8_000_000,
  P4: 3_000_000,
}

/** The cut-over: the former books as files, and the money of the year. */
export async function takeOver(office: Office): Promise<void> {
  const { plan } = office
  const { opening } = plan
  const everybody = peopleOf(plan)
  const households = {
    cases: carried('期初户.csv', casesCsv(opening)),
    members: carried('期初成员.csv', membersCsv(opening, everybody)),
    history: carried('期初发放.csv', historyCsv(opening)),
  }
  const send = (name: string, body: object) => {
    const key = `demo/${plan.key}/opening/${name}`
    const path = `/v1/imports/${name}`
    return doneByTwo(office, { role: 'administrator', path, body, key })
  }
  await send('households', households)
  await send('accounts', {
    file: carried('期初账户.csv', accountsCsv(opening.accounts, everybody)),
  })
  await allocate(office)
}

async function allocate(office: Office): Promise<void> {
  const { plan } = office
  const paid = plan.months.flatMap(({ actions }) =>
    actions.flatMap((action) => (action.do === 'pay' ? action.programmes : [])),
  )
  const fundId = `${plan.key}-2012`
  await does(office, {
    role: 'payment-officer',
    path: '/v1/funds',
    key: `demo/${fundId}/allocated`,
    body: {
      county: plan.division,
      allocatedOn: `${plan.cutOver}-01`,
      fundId,
      programmes: [...new Set(paid)].sort(),
      amountFen: fundYuan[plan.key] * 100,
      source: '区级财政（虚构）',
      document: { number: `${fundId}（虚构）`, issuer: '区财政局', provenance: 'invented' },
    },
  })
}
