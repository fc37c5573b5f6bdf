import { csvFile } from '../application/imports/import-files.js'
import { county, fileOf } from '../support/http-ledger.js'
import { newIdentityNumber, paper } from './office.js'
import { type Asking, golden, type Ours } from './other-county-asking.js'

const month = '2012-01'
const day = '2012-01-05'

/** Files in which a row is about ours: none of their rows is written. */
export async function filesOf({ identityNumber }: Ours): Promise<Readonly<Record<string, Asking>>> {
  const asked = (body: object): Asking => ({ body, code: 'import-refused' })
  const file = (rows: readonly (readonly string[])[]) => fileOf(csvFile('甲县.csv', rows))
  const standard = await golden('StandardSet', { division: county })
  const policy = Buffer.from(JSON.stringify({ kind: 'standards', items: [standard] }))
  const campaign = {
    campaignId: 'festival-of-ours',
    programme: 'festival-greeting',
    month,
    division: county,
    document: paper,
    decidedOn: day,
  }
  return {
    'POST /v1/imports/policy': asked({ files: [fileOf({ name: 's.json', bytes: policy })] }),
    'POST /v1/imports/households': asked({
      cases: file([
        ['户编号', '项目', '区划代码', '城乡', '申请日期'],
        ['他-1', 'urban-dibao', '990301001001', '城市', day],
      ]),
    }),
    'POST /v1/imports/accounts': asked({
      file: file([
        ['身份证号', '开户银行', '银行账号', '户名', '启用日期'],
        [identityNumber, '别处银行', '1111000011', '冒名', day],
      ]),
    }),
    'POST /v1/imports/campaigns': asked({
      campaign: { ...campaign, division: '990201000000' },
      file: file([
        ['身份证号', '姓名', '住址', '区划代码', '档次', '金额'],
        [newIdentityNumber('1950-01-01'), '冒名', '某路', '990301001001', '一档', '300.00'],
      ]),
    }),
    'POST /v1/imports/{importId}/withdrawal': { body: { reason: '核实' } },
    'POST /v1/imports/deaths': asked({
      file: file([
        ['身份证号', '死亡日期'],
        [identityNumber, day],
      ]),
      source: '公安',
      receivedOn: day,
      remarks: [],
    }),
  }
}

/** What is one for all places of the ledger, or is no place's. */
export async function everywhereOf({
  identityNumber,
}: Ours): Promise<Readonly<Record<string, Asking>>> {
  const other = await golden('ProgrammeDefined', {})
  const details = { name: '冒名', bornOn: null, sex: null, address: null, phone: null }
  return {
    'POST /v1/programmes': { body: other },
    'POST /v1/ledger/clock': { body: { to: '2012-03-01T00:00:00.000Z' } },
    'POST /v1/persons': {
      body: { ...details, identityNumber },
      code: 'identity-number-taken',
      tellsPersonId: true,
    },
    'POST /v1/token-revocations': {
      body: { kind: 'actor', value: 'clerk-1', reason: '核实' },
    },
  }
}
