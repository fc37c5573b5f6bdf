import type { ProblemKinds } from './problem-kind.js'

/** Values that do not exist or are written in another way than the ledger reads. */
export const valueProblems = {
  'amount-not-whole-fen': {
    status: 422,
    titleZh: '金额不是整数分',
    titleEn: 'The amount is not whole fen',
    sentenceZh: '金额 {value} 不是整数分或超出范围；请以分为单位填写整数，1 元填 100。',
    sentenceEn:
      'The amount {value} is not a whole number of fen or is out of range; 1 yuan is 100.',
  },
  'amount-not-yuan': {
    status: 422,
    titleZh: '金额格式不对',
    titleEn: 'The amount is not written in yuan',
    sentenceZh: '金额“{value}”不是以元书写的金额；请写成 467.92 的样子，最多两位小数。',
    sentenceEn: '"{value}" is not an amount in yuan; write it like 467.92, two decimals at most.',
  },
  'share-without-denominator': {
    status: 422,
    titleZh: '比例的分母不对',
    titleEn: 'The share has no denominator',
    sentenceZh: '比例的分母须大于零；请检查规则中的比例。',
    sentenceEn: 'The denominator of a share must be above zero; check the share in the rule.',
  },
  'date-does-not-exist': {
    status: 422,
    titleZh: '日期不存在',
    titleEn: 'The date does not exist',
    sentenceZh: '日期“{value}”不存在；请写成 YYYY-MM-DD，并核对该月天数。',
    sentenceEn: '"{value}" is no date; write YYYY-MM-DD and check how many days the month has.',
  },
  'month-does-not-exist': {
    status: 422,
    titleZh: '月份不存在',
    titleEn: 'The month does not exist',
    sentenceZh: '月份“{value}”不存在；请写成 YYYY-MM，月份为 01 至 12。',
    sentenceEn: '"{value}" is no month; write YYYY-MM, with 01 to 12 for the month.',
  },
  'instant-does-not-exist': {
    status: 422,
    titleZh: '时刻不存在',
    titleEn: 'The instant does not exist',
    sentenceZh: '时刻“{value}”不存在；请用 UTC 写成 YYYY-MM-DDThh:mm:ss.sssZ。',
    sentenceEn: '"{value}" is no instant; write it in UTC as YYYY-MM-DDThh:mm:ss.sssZ.',
  },
  'identity-number-wrong': {
    status: 422,
    titleZh: '公民身份号码有误',
    titleEn: 'The identity number is wrong',
    sentenceZh:
      '公民身份号码有误（位数、出生日期或校验码不对）；请对照身份证逐位核对，没有号码的人请留空。',
    sentenceEn:
      'The identity number is wrong ({reason}); compare it with the card, and leave it empty for ' +
      'somebody who has none.',
  },
} as const satisfies ProblemKinds
