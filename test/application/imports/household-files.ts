import type { ImportParts } from '../../../src/application/imports/run-import.js'
import { importHouseholds } from './by-two.js'
import { csvFile, type Rows } from './import-files.js'
import { clerk, identityNumber, worldWithPolicy } from './import-world.js'

export const caseHeader = [
  ...['户编号', '项目', '区划', '首次享受月', '结清月', '来源', '家庭月收入', '当前月补差'],
]
export const memberHeader = [
  '户编号',
  '身份证号',
  '姓名',
  '与户主关系',
  '保障',
  '人员编号',
  '性别',
  '出生日期',
]
export const village = '990101001001'
export const wang = identityNumber('19500515', 1)
export const li = identityNumber('19520301', 2)
export const zhao = identityNumber('19800909', 3)

export const caseRows: Rows = [
  ['A-1', 'urban-dibao', village, '2010-03', '2011-12', '原系统', '300', '740'],
  ['A-2', '农村居民最低生活保障', village, '2011-01', '2011-12', '原系统', '100.50', '419.5'],
]
export const memberRows: Rows = [
  ['A-1', wang, '王建国', '户主', '是', '', '', ''],
  ['A-1', li, '李秀英', '配偶', '是', '', '', ''],
  ['A-2', zhao, '赵刚', '户主', '是', '', '', ''],
  ['A-2', '', '赵小宝', '子', '否', 'P-77', '男', '2010-06-01'],
]

export const casesFile = (rows = caseRows) => csvFile('cases.csv', [caseHeader, ...rows], 'gb18030')
export const membersFile = (rows = memberRows) => csvFile('members.csv', [memberHeader, ...rows])
export const bothFiles = () => ({ cases: casesFile(), members: membersFile() })

export async function imported(): Promise<ImportParts> {
  const world = await worldWithPolicy()
  await importHouseholds(world, bothFiles(), clerk)
  return world
}

/** The rows with one cell put otherwise. */
export function withCell(rows: Rows, row: number, column: number, value: string): Rows {
  return rows.map((cells, at) =>
    at === row ? cells.map((cell, place) => (place === column ? value : cell)) : cells,
  )
}
