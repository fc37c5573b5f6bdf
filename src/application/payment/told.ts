import { type Fen, formatYuan } from '../../domain/values/money.js'
import type { Answered, Contradiction, UnknownAnswer } from './match-answers.js'

/** What a bank says of a line, as an officer says it. */
export const outcomeWords: Readonly<Record<Answered, string>> = {
  credited: '成功',
  partial: '部分到账',
  returned: '退票',
}

/** Why a row of a bank's file counts for no line, and what to do. */
export const unknownWords: Readonly<Record<UnknownAnswer['why'], string>> = {
  'line-number-unreadable': '序号无法识别；请核对回盘文件的格式',
  'line-not-in-run': '本批次没有这个序号；请核对是不是别的批次的回盘',
  'line-was-held': '该笔为缓发，没有送银行；请核对是不是别的批次的回盘',
  'outcome-unreadable': '处理结果代码无法识别；请核对回盘文件的格式',
  'amount-differs': '金额与发放明细不符；请与银行核对后重新上传',
  'contradicted-in-file': '同一文件对该笔有两种说法，均未记录；请银行重新提供',
}

/** A row that says something else of a line than what is recorded, in one sentence. */
export function contradictionZh(one: Omit<Contradiction, 'row'>): string {
  const recorded = wordOf(one.recorded, one.recordedFen)
  const said = wordOf(one.says, one.saysFen)
  const counts =
    one.counts === 'file' ? `按已到账 ${formatYuan(one.saysFen)} 元计，不再补发` : '已记录的不变'
  return `第 ${one.line} 笔银行前后说法不一：先是${recorded}，后是${said}；${counts}，请与银行核实`
}

function wordOf(outcome: Answered, creditedFen: Fen): string {
  const amount = outcome === 'returned' ? '' : ` ${formatYuan(creditedFen)} 元`
  return `${outcomeWords[outcome]}${amount}`
}

const heldWords: Readonly<Record<string, string>> = {
  'no-payee': '没有领取人',
  'no-account': '没有收款账户',
  'life-verification-overdue': '生存认证逾期',
  'review-overdue': '复核逾期',
  'import-unfinished': '导入未完成',
  'other-county-run-open': '外县批次未办结',
}

/** Why a line is held, as it is frozen: words of the process, and what an officer wrote. */
export function heldForZh(heldFor: string): string {
  const reasons = heldFor.split('; ')
  return reasons.map((one) => heldWords[one] ?? one).join('；')
}
