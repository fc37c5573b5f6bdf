import type { ProblemKinds } from './problem-kind.js'

/** Overpayments on their way back. */
export const recoveryProblems = {
  'recovery-not-open': {
    status: 409,
    titleZh: '没有待追缴',
    titleEn: 'The recovery is not open',
    sentenceZh: '该追缴不存在或已结清；请核对编号。',
    sentenceEn: 'This recovery does not exist or is closed; check its id.',
  },
  'repayment-exceeds-recovery': {
    status: 422,
    titleZh: '还款超过待追缴额',
    titleEn: 'The repayment exceeds what is owed',
    sentenceZh: '待追缴 {outstandingFen} 元，还款 {amountFen} 元；请核对金额。',
    sentenceEn:
      '{outstandingFen} yuan are outstanding and {amountFen} were given; check the amount.',
  },
  'write-off-exceeds-recovery': {
    status: 422,
    titleZh: '核销超过待追缴额',
    titleEn: 'The write-off exceeds what is owed',
    sentenceZh: '待追缴 {outstandingFen} 元，核销 {amountFen} 元；请核对 amountFen。',
    sentenceEn:
      '{outstandingFen} yuan are outstanding and {amountFen} were to be written off; check ' +
      'amountFen.',
  },
  'instalment-exceeds-recovery': {
    status: 422,
    titleZh: '每期还款超过待追缴额',
    titleEn: 'The instalment exceeds what is owed',
    sentenceZh: '待追缴 {outstandingFen} 元，每期还款 {amountFen} 元；请核对 instalmentFen。',
    sentenceEn:
      '{outstandingFen} yuan are outstanding and an instalment of {amountFen} was agreed; check ' +
      'instalmentFen.',
  },
  'repayment-before-payment': {
    status: 422,
    titleZh: '还款日期早于发放',
    titleEn: 'Repaid before it was paid',
    sentenceZh:
      '待追缴的款项最早在 {earliest} 发放，还款日期 {receivedOn} 在此之前；请核对 receivedOn 和个案编号。',
    sentenceEn:
      'What is to come back was paid on {earliest} at the soonest, and {receivedOn} is before ' +
      'that; check receivedOn and the case.',
  },
  'write-off-already-proposed': {
    status: 409,
    titleZh: '已有他人提出的核销申请',
    titleEn: 'Somebody else has proposed a write-off',
    sentenceZh:
      '{by} 已提出核销 {amountFen} 元，尚待审批；如确需替换，请在 replacesBy 填写 {by} 后重新提出。',
    sentenceEn:
      '{by} proposed to write off {amountFen} yuan, which waits for an approver; to replace it, ' +
      'propose again with {by} as replacesBy.',
  },
  'receipt-already-recorded': {
    status: 409,
    titleZh: '收据已登记',
    titleEn: 'The receipt is recorded already',
    sentenceZh: '该收据已登记 {amountFen} 元，日期 {receivedOn}；请核对收据号。',
    sentenceEn: 'This receipt is recorded with {amountFen} yuan on {receivedOn}; check its number.',
  },
  'offset-already-applied': {
    status: 409,
    titleZh: '冲抵已登记',
    titleEn: 'The offset is applied already',
    sentenceZh: '批次 {runId} 已冲抵 {amountFen} 元，金额不同；请核对。',
    sentenceEn: 'Run {runId} has an offset of {amountFen} yuan already; compare them.',
  },
  'offset-not-allowed': {
    status: 422,
    titleZh: '不允许冲抵',
    titleEn: 'Offsetting is not allowed',
    sentenceZh: '本地规则不允许从后续待遇中冲抵；请约定还款，或依据文件修改规则。',
    sentenceEn:
      'The rule here does not allow offsetting; agree on repayments, or set the rule by ' +
      'document.',
  },
  'same-person-agrees-and-writes-off': {
    status: 403,
    titleZh: '约定与核销须由不同人办理',
    titleEn: 'Whoever agreed may not write off',
    sentenceZh: '{by} 已约定该追缴的还款，不能再核销；请由其他审批人办理。',
    sentenceEn:
      '{by} agreed on the repayment of this recovery; have another approver write it off.',
  },
  'same-person-proposes-and-writes-off': {
    status: 403,
    titleZh: '提出与核销须由不同人办理',
    titleEn: 'Whoever proposed may not write off',
    sentenceZh: '{by} 提出了该笔核销，不能自行决定；请由其他审批人办理。',
    sentenceEn: '{by} proposed this write-off; have another approver decide it.',
  },
  'write-off-not-proposed': {
    status: 409,
    titleZh: '核销未经提出',
    titleEn: 'Nobody proposed this write-off',
    sentenceZh:
      '待决定的核销申请为 {proposedFen} 元，核销 {amountFen} 元；请先由经办人按该金额提出核销并写明理由。',
    sentenceEn:
      'The proposal that waits is of {proposedFen} yuan and {amountFen} were to be written off; ' +
      'have an officer propose that amount with the reason first.',
  },
} as const satisfies ProblemKinds
