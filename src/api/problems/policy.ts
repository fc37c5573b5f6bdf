import type { ProblemKinds } from './problem-kind.js'

/** Programmes, rules, standards and divisions as the policy in the log has them. */
export const policyProblems = {
  'programme-unknown': {
    status: 422,
    titleZh: '没有这个项目',
    titleEn: 'There is no such programme',
    sentenceZh: '台账中没有项目 {programme}；请核对项目代码 programme，或先导入该项目的政策。',
    sentenceEn:
      'The ledger knows no programme {programme}; check the code, or import its policy first.',
  },
  'months-reversed': {
    status: 422,
    titleZh: '起止月份颠倒',
    titleEn: 'The span ends before it begins',
    sentenceZh: '起月 from 为 {from}，晚于止月 to {to}；请改正两个月份。',
    sentenceEn: 'The span is from {from} to {to}; give a later month as to, or an earlier as from.',
  },
  'roll-of-programme-differs': {
    status: 422,
    titleZh: '城乡类别与项目不符',
    titleEn: 'The programme is for the other roll',
    sentenceZh:
      '字段 urbanRural（城乡）为 {urbanRural}，而项目 {programme} 属于 {roll} 名册；' +
      '请改正城乡类别，或改用对应的项目；迁入另一名册的家庭以接续（continuation）转入新个案。',
    sentenceEn:
      'The field urbanRural says {urbanRural}, and the programme {programme} is for the {roll} ' +
      'roll; put the field right, or open the case in the programme of that roll. A household ' +
      'that moves to the other roll goes on there by a continuation.',
  },
  'benefit-class-unknown': {
    status: 422,
    titleZh: '没有这个保障类别',
    titleEn: 'There is no such class of benefit',
    sentenceZh:
      '字段 benefitClass（类别）为 {benefitClass}，项目 {programme} 在当地没有此类别的标准；' +
      '可用的类别：{known}。',
    sentenceEn:
      'The field benefitClass says {benefitClass}, for which {programme} has no standard in that ' +
      'place; known are {known}.',
  },
  'division-above-town': {
    status: 422,
    titleZh: '个案须落在村（社区）或乡镇（街道）',
    titleEn: 'A case lives in a village or a town',
    sentenceZh:
      '字段 division 为 {division}，是县（区）级或以上；请填写该户所在的村（社区）或乡镇（街道）代码。',
    sentenceEn:
      'The field division says {division}, a county or above; give the code of the village or ' +
      'town in which the household lives.',
  },
  'rule-missing-for-month': {
    status: 422,
    titleZh: '该月没有规则',
    titleEn: 'No rule for that month',
    sentenceZh:
      '项目 {programme} 在区划 {division}、{month} 没有规则；请先录入该月起生效的规则及其文号。',
    sentenceEn:
      'Programme {programme} has no rule in {division} for {month}; set one from that ' +
      'month, with its document, first.',
  },
  'rule-contradictory': {
    status: 422,
    titleZh: '规则自相矛盾',
    titleEn: 'The rule contradicts itself',
    sentenceZh: '规则的 {field} 自相矛盾（重复或未按升序）；请对照文件改正后重新录入。',
    sentenceEn:
      'The {field} of the rule contradicts itself (twice the same, or not ascending); ' +
      'compare it with the document.',
  },
  'income-unconfirmed': {
    status: 409,
    titleZh: '收入尚未核定',
    titleEn: 'No income was confirmed',
    sentenceZh: '这一户接收时没有收入，不能自动调整；请核定收入，再由审批人员重新核定。',
    sentenceEn:
      'No income was taken over with the household: assess it, then have an approver reassess.',
  },
  'standard-missing-for-month': {
    status: 422,
    titleZh: '该月没有标准',
    titleEn: 'No standard for that month',
    sentenceZh:
      '项目 {programme} 类别 {benefitClass} 在区划 {division}、{month} 没有标准；请先录入该月起生效的标准及其文号。',
    sentenceEn:
      'Programme {programme}, class {benefitClass}, has no standard in {division} for ' +
      '{month}; set one from that month, with its document, first.',
  },
  'division-unknown': {
    status: 422,
    titleZh: '没有这个区划',
    titleEn: 'There is no such division',
    sentenceZh:
      '区划 {division} 在 {on} 不存在（并入：{mergedInto}）；请核对 12 位代码及其有效年份。',
    sentenceEn:
      'Division {division} does not exist on {on} (merged into: {mergedInto}); check its ' +
      '12 digits and the year.',
  },
  'division-already-defined': {
    status: 409,
    titleZh: '区划已设立',
    titleEn: 'The division is defined already',
    sentenceZh: '这个区划已设立，代码为 {division}；改名请用更名命令。',
    sentenceEn: 'This division is defined already as {division}; to change its name, rename it.',
  },
  'division-code-taken': {
    status: 409,
    titleZh: '区划代码已被使用',
    titleEn: 'The division code is taken',
    sentenceZh: '代码 {division} 已由区划 {by} 使用；请核对代码，或先办理撤并。',
    sentenceEn:
      'Code {division} belongs to division {by}; check the code, or record the merger ' + 'first.',
  },
  'division-already-merged': {
    status: 409,
    titleZh: '区划已撤并',
    titleEn: 'The division was merged already',
    sentenceZh: '这个区划已于 {from} 并入 {into}；请改用并入后的区划。',
    sentenceEn: 'This division was merged into {into} from {from}; use that one.',
  },
  'division-merged-into-itself': {
    status: 422,
    titleZh: '区划不能并入自身',
    titleEn: 'A division can not be merged into itself',
    sentenceZh: '区划 {division} 不能并入自身或其下级；请核对并入的区划。',
    sentenceEn:
      'Division {division} can not be merged into itself or its own part; check the target.',
  },
  'hold-unknown': {
    status: 404,
    titleZh: '没有这项缓发',
    titleEn: 'There is no such hold',
    sentenceZh: '没有编号为 {holdId} 的缓发；请核对编号。',
    sentenceEn: 'There is no hold {holdId}; check its id.',
  },
  'hold-id-taken': {
    status: 409,
    titleZh: '缓发编号已使用',
    titleEn: 'The hold id is taken',
    sentenceZh: '缓发编号 {holdId} 已用于内容不同的缓发；请换一个编号。',
    sentenceEn: 'Hold {holdId} exists with other content; take another id.',
  },
  'hold-already-placed': {
    status: 409,
    titleZh: '缓发已登记',
    titleEn: 'The hold is placed already',
    sentenceZh: '缓发 {holdId} 已登记且内容不同；请先解除，再用新编号登记。',
    sentenceEn:
      'Hold {holdId} stands with other content; lift it and place another under a new id.',
  },
  'hold-already-lifted': {
    status: 409,
    titleZh: '缓发已解除',
    titleEn: 'The hold was lifted already',
    sentenceZh: '缓发 {holdId} 已自 {from} 起解除；如需再次缓发，请用新编号登记。',
    sentenceEn:
      'Hold {holdId} was lifted from {from}; to hold again, place another under a new id.',
  },
  'lifting-before-hold': {
    status: 422,
    titleZh: '解除月份早于缓发月份',
    titleEn: 'Lifted before it began',
    sentenceZh:
      '缓发 {holdId} 自 {heldFrom} 起，不能自 {from} 起解除；请填写 {heldFrom} 或以后的月份。',
    sentenceEn: 'Hold {holdId} is from {heldFrom}; give from a month that is not before it.',
  },
} as const satisfies ProblemKinds
