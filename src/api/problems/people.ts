import type { ProblemKinds } from './problem-kind.js'

/** Persons: registration, deaths, enrolments. */
export const personProblems = {
  'person-not-registered': {
    status: 404,
    titleZh: '该人尚未登记',
    titleEn: 'The person is not registered',
    sentenceZh: '这个人尚未登记；请先登记，再办理此事。',
    sentenceEn: 'This person is not registered; register the person first.',
  },
  'person-already-registered': {
    status: 409,
    titleZh: '该人已登记',
    titleEn: 'The person is registered already',
    sentenceZh: '这个人已登记且内容不同；更正请用 {correction} 命令。',
    sentenceEn: 'This person is registered with other details; correct them with {correction}.',
  },
  'person-details-incomplete': {
    status: 422,
    titleZh: '人员信息不完整',
    titleEn: 'The details of the person are incomplete',
    sentenceZh: '缺少 {field}，又不能由身份号码得出；请补填 {field}。',
    sentenceEn: '{field} is missing and can not be read off an identity number; fill it in.',
  },
  'person-merged': {
    status: 409,
    titleZh: '该人已合并',
    titleEn: 'The person was merged',
    sentenceZh: '这个人的记录已并入 {into}；请对 {into} 办理。',
    sentenceEn: 'This record was merged into {into}; use that person.',
  },
  'person-merged-into-itself': {
    status: 422,
    titleZh: '不能与自身合并',
    titleEn: 'A person can not be merged into itself',
    sentenceZh: '人员 {personId} 不能并入自身；请核对要保留的人员编号。',
    sentenceEn: 'Person {personId} can not be merged into itself; check which one is to stay.',
  },
  'payee-change-unknown': {
    status: 404,
    titleZh: '没有该收款变更申请',
    titleEn: 'No such change of account or payee was proposed',
    sentenceZh: '该人员没有编号 {proposal} 的账户或收款人变更；请先查询其待确认的变更。',
    sentenceEn: 'The person has no change {proposal} of account or payee; read those that wait.',
  },
  'payee-change-superseded': {
    status: 409,
    titleZh: '收款变更已被更新的申请取代',
    titleEn: 'A later change was proposed',
    sentenceZh: '变更 {proposal} 已被 {latest} 取代；请核对并确认变更 {latest}。',
    sentenceEn: 'Change {latest} took the place of {proposal}; look at it and confirm that one.',
  },
  'payee-change-stale': {
    status: 409,
    titleZh: '收款变更申请已过时',
    titleEn: 'The account or the payee was set since this change was proposed',
    sentenceZh:
      '变更 {proposal} 提出之后，该人员的账户或收款人已另行更新（如批量导入账户）；请核对现有账户，仍需变更的重新提出申请。',
    sentenceEn:
      'Since change {proposal} was proposed the account or the payee was set otherwise, by an ' +
      'import for one; look at what is in force, and propose anew what is still to change.',
  },
  'person-still-enrolled': {
    status: 409,
    titleZh: '该人仍有在册待遇',
    titleEn: 'The person is still enrolled',
    sentenceZh: '这个人在 {cases} 中仍有在册待遇；请先办理退出或转移，再办理此事。',
    sentenceEn: 'This person is still enrolled in {cases}; end or move those enrolments first.',
  },
  'person-still-owed': {
    status: 409,
    titleZh: '该人尚有待发款项',
    titleEn: 'The person is still owed money',
    sentenceZh:
      '对象 {caseId} 的 {month} 待遇尚未发给这个人；请先在发放批次中发放（缓发的先解除），或更正该月待遇，再删除个人信息。',
    sentenceEn:
      'Month {month} of case {caseId} has not been paid to this person; pay it in a run, ' +
      'lifting what holds it, or put the month right, before the data is erased.',
  },
  'payment-line-unanswered': {
    status: 409,
    titleZh: '该人有未回盘的发放明细',
    titleEn: 'A payment line of the person has no answer',
    sentenceZh:
      '批次 {runId}（{period}）第 {line} 行（对象 {caseId}）尚无银行回盘；请登记回盘，或退回该批次，再删除个人信息。',
    sentenceEn:
      'The bank has not answered line {line} of run {runId} ({period}, case {caseId}); record ' +
      'its answer, or reject the run, before the data is erased.',
  },
  'person-died': {
    status: 409,
    titleZh: '该人已死亡',
    titleEn: 'The person has died',
    sentenceZh:
      '这个人已登记于 {diedOn} 死亡；登记有误时请先撤销（POST /v1/persons/…/death/retraction）。',
    sentenceEn:
      'The death of this person on {diedOn} is recorded; if that is wrong, take it back ' +
      '(POST /v1/persons/…/death/retraction).',
  },
  'death-dates-differ': {
    status: 422,
    titleZh: '同一人两个死亡日期',
    titleEn: 'Two dates of one death',
    sentenceZh:
      '第 {line} 行有同一身份号码，死亡日期为 {diedOn}，与本行不同；请核实后只留一行，再导入。',
    sentenceEn:
      'Line {line} has the same identity number and the date {diedOn}, which is another; find ' +
      'out which is right, keep one line and import again.',
  },
  'death-already-recorded': {
    status: 409,
    titleZh: '死亡已登记',
    titleEn: 'The death is recorded already',
    sentenceZh:
      '这个人的死亡已登记，日期为 {diedOn}；日期有误时请先撤销' +
      '（POST /v1/persons/…/death/retraction）再登记。',
    sentenceEn:
      'The death is recorded on {diedOn}; if the date is wrong, take it back ' +
      '(POST /v1/persons/…/death/retraction) and record it anew.',
  },
  'death-not-recorded': {
    status: 409,
    titleZh: '没有死亡登记',
    titleEn: 'No death is recorded',
    sentenceZh: '这个人没有死亡登记，无须撤销；请核对人员编号。',
    sentenceEn: 'No death of this person is recorded, so none can be taken back; check the person.',
  },
  'death-before-birth': {
    status: 422,
    titleZh: '死亡早于出生',
    titleEn: 'Death before birth',
    sentenceZh: '死亡日期 {diedOn} 早于出生日期 {bornOn}；请核对两个日期。',
    sentenceEn: 'The death on {diedOn} is before the birth on {bornOn}; check both dates.',
  },
  'birth-date-differs': {
    status: 422,
    titleZh: '出生日期与登记不符',
    titleEn: 'The birth date is not the registered one',
    sentenceZh:
      'circumstances.bornOn 为 {bornOn}，而人员 {personId} 登记的出生日期为 {registered}；' +
      '请填写登记的日期，登记有误的请先更正人员信息。',
    sentenceEn:
      'circumstances.bornOn is {bornOn} while person {personId} is registered as born on ' +
      '{registered}; give that date, or correct the person first.',
  },
  'birth-date-out-of-range': {
    status: 422,
    titleZh: '出生日期不可能',
    titleEn: 'The birth date can not be',
    sentenceZh: '出生日期 bornOn 为 {bornOn}，须在 {earliest} 至今天（{today}）之间；请核对。',
    sentenceEn: 'bornOn is {bornOn} and must be from {earliest} to today, {today}; check it.',
  },
  'name-blank': {
    status: 422,
    titleZh: '姓名空白',
    titleEn: 'The name is blank',
    sentenceZh: '姓名 name 只有空格或看不见的字符；请填写姓名。',
    sentenceEn: 'name holds blanks or invisible characters only; give the name of the person.',
  },
  'enrolment-conflict': {
    status: 409,
    titleZh: '与在册待遇冲突',
    titleEn: 'The enrolment conflicts with another',
    sentenceZh:
      '这个人自 {from} 至 {lastMonth} 已在对象 {caseId} 享受 {programme}，不能同时享受；请先从该处退出，或改为之后的月份。',
    sentenceEn:
      'This person is in case {caseId} of {programme} from {from} to {lastMonth}, which ' +
      'excludes this one; end that first, or begin later.',
  },
  'campaign-had-already': {
    status: 409,
    titleZh: '同一活动已经发过',
    titleEn: 'The campaign has been given already',
    sentenceZh:
      '此人或其所在户已通过对象 {caseId} 享受活动 {campaign}；同一活动一人只发一次，' +
      '请从名册中删去，或先在该对象中撤回。',
    sentenceEn:
      'Through case {caseId} this person, or their household, has had the campaign {campaign}, ' +
      'which nobody gets twice; leave them out, or retract it in that case first.',
  },
  'enrolment-not-claimed': {
    status: 409,
    titleZh: '没有在册登记',
    titleEn: 'There is no such enrolment',
    sentenceZh: '这个人在对象 {caseId} 没有在册登记；请核对人员与对象编号。',
    sentenceEn: 'This person has no enrolment in case {caseId}; check both ids.',
  },
  'enrolment-already-released': {
    status: 409,
    titleZh: '在册登记已结束',
    titleEn: 'The enrolment has ended already',
    sentenceZh: '在册登记已至 {lastMonth} 结束；如须重新登记请用 {correction}。',
    sentenceEn: 'The enrolment ended with {lastMonth}; to begin again, use {correction}.',
  },
  'verification-ends-early': {
    status: 422,
    titleZh: '认证有效期早于认证日期',
    titleEn: 'The verification ends before it began',
    sentenceZh: '生存认证日期为 {verifiedOn}，有效期却只到 {validThrough}；请更正 validThrough。',
    sentenceEn: 'Verified on {verifiedOn} and valid through {validThrough}; correct validThrough.',
  },
} as const satisfies ProblemKinds
