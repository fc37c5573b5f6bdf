import type { ProblemKinds } from './problem-kind.js'

/** Cases: entry, members, grants, exit, and who may decide. */
export const caseProblems = {
  'confirmed-in-future': {
    status: 409,
    titleZh: '确认日期在今天之后',
    titleEn: 'The confirmation lies ahead',
    sentenceZh: '确认日期 {confirmedOn} 在今天（{today}）之后；请到确认当天再办理。',
    sentenceEn:
      'The confirmation of {confirmedOn} lies after today, {today}; approve it on the day.',
  },
  'grant-stands-with-entry': {
    status: 409,
    titleZh: '给付随纳入而定',
    titleEn: 'The grant stands with its entry',
    sentenceZh: '纳入时的给付不能单独撤销；请撤销序号 {retract} 的纳入，给付随之撤销。',
    sentenceEn:
      'The grant of an entry is not retracted alone; retract the entry at version {retract} and ' +
      'the grant goes with it.',
  },
  're-entry-to-be-retracted': {
    status: 409,
    titleZh: '应撤销重新纳入',
    titleEn: 'The re-entry is to be retracted',
    sentenceZh: '重新纳入后未享受一个月；请撤销序号 {retract} 的纳入，而不是办理退出。',
    sentenceEn:
      'The re-entry has not lasted a month; retract the entry at version {retract} instead of ' +
      'approving an exit.',
  },
  'case-already-opened': {
    status: 409,
    titleZh: '对象已建立',
    titleEn: 'The case is opened already',
    sentenceZh: '救助对象已建立且内容不同（{programme}）；请用该对象，或换一个编号。',
    sentenceEn: 'The case is opened with other content ({programme}); use it, or take another id.',
  },
  'case-already-on-roll': {
    status: 409,
    titleZh: '对象已在册',
    titleEn: 'The case is on the roll already',
    sentenceZh: '该对象 {from} 至 {to} 已在册；请先办理退出，或选之后的月份。',
    sentenceEn:
      'The case is on the roll from {from} to {to}; approve its exit first, or take a ' +
      'later month.',
  },
  'case-already-exited': {
    status: 409,
    titleZh: '对象已退出',
    titleEn: 'The case has exited already',
    sentenceZh:
      '该对象已于 {lastMonth} 之后退出，原因或月份不同；' +
      '更正请先由审批人撤销原退出（POST /v1/cases/…/retraction），再重新办理。',
    sentenceEn:
      'The case left after {lastMonth} with another month or reason; have an approver retract ' +
      'that exit (POST /v1/cases/…/retraction) and decide anew.',
  },
  'case-not-on-roll': {
    status: 409,
    titleZh: '对象不在册',
    titleEn: 'The case is not on the roll',
    sentenceZh: '该对象从未纳入，不能办理此事；请先批准纳入。',
    sentenceEn: 'The case was never on the roll; approve its entry first.',
  },
  'case-not-on-roll-in-month': {
    status: 409,
    titleZh: '该月不在册',
    titleEn: 'The case is not on the roll in that month',
    sentenceZh: '该对象 {month} 不在册；请改为在册的月份，或先批准纳入。',
    sentenceEn:
      'The case is not on the roll in {month}; take a month in which it is, or approve its ' +
      'entry.',
  },
  'exit-before-entry': {
    status: 422,
    titleZh: '退出早于纳入',
    titleEn: 'Exit before entry',
    sentenceZh: '最后享受月 {lastMonth} 早于首月 {firstMonth}；请改正月份，或撤回纳入。',
    sentenceEn:
      'The last month {lastMonth} is before the first {firstMonth}; put it right, or ' +
      'retract the entry.',
  },
  'fact-unknown': {
    status: 404,
    titleZh: '没有这条记录',
    titleEn: 'There is no such fact',
    sentenceZh: '没有版本为 {version} 的记录；请从历史中选择要撤回的版本。',
    sentenceEn: 'There is no fact at version {version}; choose one from the history.',
  },
  'member-already-in-household': {
    status: 409,
    titleZh: '成员已在户内',
    titleEn: 'The member is in the household already',
    sentenceZh: '该成员 {from} 至 {to} 已在对象 {caseId} 的户内；请核对月份，或先办理离户。',
    sentenceEn:
      'The member is in the household of case {caseId} from {from} to {to}; check the months, ' +
      'or record the leaving first.',
  },
  'member-of-exited-household': {
    status: 409,
    titleZh: '成员在已退出的户内',
    titleEn: 'The member is in the household of a case that has left',
    sentenceZh:
      '该成员自 {from} 起已在对象 {caseId} 的户内，该对象在册至 {lastMonth}，其后已退出；' +
      '成员无须再次入户，恢复享受请重新办理审核与准入，情况有变请登记成员情况变更。',
    sentenceEn:
      'The member is in the household of case {caseId} since {from}; the case was on the roll ' +
      'until {lastMonth} and has left. They need not join again: enter the case anew, or ' +
      'record their circumstances.',
  },
  'member-already-left': {
    status: 409,
    titleZh: '成员已离户',
    titleEn: 'The member has left already',
    sentenceZh: '该成员已于 {lastMonth} 之后离户，月份或原因不同；请先撤回原记录。',
    sentenceEn:
      'The member left after {lastMonth} with another month or reason; retract that first.',
  },
  'nobody-covered': {
    status: 422,
    titleZh: '没有保障人口',
    titleEn: 'Nobody is covered',
    sentenceZh: '{month} 户内没有保障人口；请先登记至少一名保障成员。',
    sentenceEn: 'Nobody of the household is covered in {month}; record a covered member first.',
  },
  'not-eligible': {
    status: 422,
    titleZh: '不符合条件',
    titleEn: 'Not eligible',
    sentenceZh: '按 {month} 的收入与标准测算不符合条件；请核对收入、成员与标准，或不予批准。',
    sentenceEn:
      'By the income and standard of {month} the household is not eligible; check them, or ' +
      'do not approve.',
  },
  'opening-cannot-be-retracted': {
    status: 409,
    titleZh: '建立不能撤回',
    titleEn: 'The opening can not be retracted',
    sentenceZh: '对象的建立不能撤回；请改用退出，或撤回其后的记录。',
    sentenceEn: 'The opening of a case stays; approve an exit, or retract what came after.',
  },
  'opening-after-exit': {
    status: 409,
    titleZh: '期初纳入晚于退出',
    titleEn: 'Opening entry after the exit',
    sentenceZh:
      '期初纳入月 {entryMonth} 晚于已批准退出的最后享受月 {lastMonth}；' +
      '请先撤回该退出（第 {retract} 号记录），再更正期初。',
    sentenceEn:
      'The entry month {entryMonth} is after {lastMonth}, the last month of the exit that ' +
      'stands; retract that exit (version {retract}) before the position is put right.',
  },
  'opening-entry-after-settlement': {
    status: 422,
    titleZh: '期初纳入晚于结清月',
    titleEn: 'Opening entry after settlement',
    sentenceZh: '期初纳入月 {entryMonth} 晚于结清至 {settledThrough}；请核对两个月份。',
    sentenceEn:
      'The entry month {entryMonth} is after {settledThrough}, through which all is ' +
      'settled; check both.',
  },
  'opening-position-already-recorded': {
    status: 409,
    titleZh: '期初已登记',
    titleEn: 'The opening position is recorded already',
    sentenceZh: '该对象的期初已登记且内容不同；请先撤回原期初。',
    sentenceEn: 'The opening position stands with other content; retract it first.',
  },
  'person-not-in-household': {
    status: 409,
    titleZh: '该人不在户内',
    titleEn: 'The person is not in the household',
    sentenceZh: '人员 {personId} 在 {month} 不在户内；请核对人员与月份，或先登记入户。',
    sentenceEn:
      'Person {personId} is not in the household in {month}; check both, or record the ' +
      'joining first.',
  },
  'programme-pays-by-decision': {
    status: 422,
    titleZh: '该项目按次决定',
    titleEn: 'The programme pays by decision',
    sentenceZh: '项目 {programme} 按次决定发放，不按月纳入；请用一次性补助。',
    sentenceEn: 'Programme {programme} pays by single decisions; grant a supplement instead.',
  },
  'public-notice-too-short': {
    status: 409,
    titleZh: '公示期不足',
    titleEn: 'The public notice is too short',
    sentenceZh: '公示仅 {days} 天，规则要求 {needed} 天；请待公示期满再确认。',
    sentenceEn: 'The public notice has run {days} days of {needed}; confirm when it is over.',
  },
  'retraction-would-overlap': {
    status: 409,
    titleZh: '撤回后期间重叠',
    titleEn: 'The retraction would make periods overlap',
    sentenceZh: '撤回后自 {from} 起的在册期间会重叠；请先撤回较晚的记录。',
    sentenceEn:
      'Without this fact the periods from {from} would overlap; retract the later one ' + 'first.',
  },
  'rule-without-grace': {
    status: 422,
    titleZh: '规则没有渐退期',
    titleEn: 'The rule has no grace period',
    sentenceZh: '项目 {programme} 的规则没有渐退期；请直接办理退出。',
    sentenceEn: 'The rule of {programme} has no grace period; approve the exit instead.',
  },
  'nothing-prepared': {
    status: 409,
    titleZh: '没有他人经办的依据',
    titleEn: 'Nobody has prepared this',
    sentenceZh:
      '步骤 {step} 须以他人在上次审批之后登记的事实为依据；请先由经办人登记复核、收入或成员变化。',
    sentenceEn:
      'The step {step} rests on something that another person recorded since the last decision; ' +
      'let a clerk record a review, an income or a change of members first.',
  },
  'same-person-prepares-and-approves': {
    status: 403,
    titleZh: '经办与审批不能为同一人',
    titleEn: 'The preparer can not approve',
    sentenceZh: '本业务由您经办，步骤 {step} 须由他人办理，管理员也不例外；请交另一名有权限的人。',
    sentenceEn:
      'You prepared this, so somebody else has to take the step {step}, administrators ' +
      'included.',
  },
  'same-person-reviews-and-approves': {
    status: 403,
    titleZh: '复核与审批不能为同一人',
    titleEn: 'The reviewer can not approve',
    sentenceZh: '{on} 的复核由您作出，审批须由他人办理；请交另一名审批人。',
    sentenceEn: 'You reviewed this case on {on}, so somebody else has to decide.',
  },
  'supplement-already-granted': {
    status: 409,
    titleZh: '补助已批准',
    titleEn: 'The supplement is granted already',
    sentenceZh: '同一编号的补助已批准，金额为 {amountFen} 元；内容不同请换编号。',
    sentenceEn:
      'A supplement of this id is granted with {amountFen} yuan; take another id for ' +
      'another one.',
  },
  'amount-over-cap': {
    status: 422,
    titleZh: '金额超过上限',
    titleEn: 'The amount is over the cap',
    sentenceZh: '金额 {amountFen} 元超过规则上限 {capFen} 元；请核减，或依据新文件调整上限。',
    sentenceEn:
      'The amount of {amountFen} yuan is over the cap of {capFen}; lower it, or set a new ' +
      'cap by document.',
  },
  'verification-step-missing': {
    status: 409,
    titleZh: '缺少审核步骤',
    titleEn: 'A verification step is missing',
    sentenceZh: '尚未登记步骤 {step}；请完成并登记该步骤后再批准。',
    sentenceEn: 'The step {step} is not recorded; take it and record it before the approval.',
  },
  'verification-step-not-passed': {
    status: 409,
    titleZh: '审核步骤未通过',
    titleEn: 'A verification step was not passed',
    sentenceZh: '步骤 {step} 未通过；请重新审核，或不予批准。',
    sentenceEn: 'The step {step} was not passed; take it anew, or do not approve.',
  },
  'continuation-has-gap': {
    status: 422,
    titleZh: '接续不连续',
    titleEn: 'The continuation has a gap',
    sentenceZh: '原对象止于 {lastMonth}，接续始于 {firstMonth}，必须前后相接；请改正月份。',
    sentenceEn:
      'The first case ends with {lastMonth} and the next begins in {firstMonth}; they have ' +
      'to follow on.',
  },
} as const satisfies ProblemKinds
