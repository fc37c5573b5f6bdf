import type { ProblemKinds } from './problem-kind.js'

/** What a command or query meets on its way to and from a stream. */
export const applicationProblems = {
  'stream-version-stale': {
    status: 409,
    titleZh: '记录同时被他人更新',
    titleEn: 'The record was changed at the same time',
    sentenceZh: '办理期间该记录被他人更新，本次未写入；请重新读取，确认后再提交。',
    sentenceEn:
      'The record was changed meanwhile and nothing was written; read it, then send again.',
  },
  'ledger-not-founded': {
    status: 503,
    titleZh: '台账尚未建立',
    titleEn: 'The ledger is not founded',
    sentenceZh: '台账尚未建立；请管理员先启动一次服务以建立台账。',
    sentenceEn: 'There is no ledger yet; have the administrator start the service to found it.',
  },
  'ledger-already-founded': {
    status: 409,
    titleZh: '台账已建立',
    titleEn: 'The ledger is already founded',
    sentenceZh:
      '这里已有台账「{name}」（{foundedOn} 建立），名称不能再改，没有新建；' +
      '如要用别的名称，请在尚未录入业务前换一个空的 DATA_DIR 或数据库，先 found 再启动。',
    sentenceEn:
      'The ledger "{name}" stands here since {foundedOn} and keeps its name; none was founded. ' +
      'For another name take an empty DATA_DIR or database, and found before the first start.',
  },
  'ledger-clock-mismatch': {
    status: 500,
    titleZh: '台账时钟不符',
    titleEn: 'The ledger lives on another clock',
    sentenceZh: '本台账使用 {ledger} 时钟，不能用 {given} 时钟打开；请更改 CLOCK 设置。',
    sentenceEn: 'This ledger lives on the {ledger} clock, not on {given}; change CLOCK.',
  },
  'clock-not-simulated': {
    status: 409,
    titleZh: '真实时钟不能调整',
    titleEn: 'The clock is real',
    sentenceZh: '本台账使用真实时钟，不能调整时间；只有演示台账可以。',
    sentenceEn: 'This ledger lives on the real clock, which nobody sets; only a simulated one is.',
  },
  'clock-runs-forward-only': {
    status: 409,
    titleZh: '时钟只能向前',
    titleEn: 'The clock runs forward only',
    sentenceZh: '模拟时钟只能向前调整；请给出比现在晚的时刻。',
    sentenceEn: 'The simulated clock runs forward only; give an instant after the present one.',
  },
  'person-unknown': {
    status: 404,
    titleZh: '没有这个人',
    titleEn: 'There is no such person',
    sentenceZh: '没有编号为 {personId} 的人员；请核对编号，或先登记此人。',
    sentenceEn: 'There is no person {personId}; check the id, or register the person first.',
  },
  'identity-number-taken': {
    status: 409,
    titleZh: '身份号码已登记',
    titleEn: 'The identity number is taken',
    sentenceZh: '这个公民身份号码已登记在人员 {personId} 名下；请使用该人员，不要重复登记。',
    sentenceEn: 'This number belongs to person {personId} already; use that person.',
  },
  'case-unknown': {
    status: 404,
    titleZh: '没有这个救助对象',
    titleEn: 'There is no such case',
    sentenceZh: '没有编号为 {caseId} 的救助对象；请核对编号。',
    sentenceEn: 'There is no case {caseId}; check the id.',
  },
} as const satisfies ProblemKinds
