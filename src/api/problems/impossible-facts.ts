import type { ProblemKinds } from './problem-kind.js'

/** Facts and runs that can't be: not yet, out of their order, or of people they are not about. */
export const impossibleFactProblems = {
  'fact-in-future': {
    status: 409,
    titleZh: '日期在今天之后',
    titleEn: 'The day lies ahead',
    sentenceZh: '{field} 为 {on}，在今天（{today}）之后；请填写实际发生的日期，或到当天再办理。',
    sentenceEn:
      '{field} is {on}, after today, {today}; give the day on which it happened, or record it ' +
      'on the day.',
  },
  'month-too-far-ahead': {
    status: 422,
    titleZh: '月份过远',
    titleEn: 'The month lies too far ahead',
    sentenceZh: '{field} 的月份 {month} 过远，最晚只能是 {latest}；请核对年份和月份。',
    sentenceEn: '{field} is of {month} and may be at most {latest}; check the year and the month.',
  },
  'date-too-long-ago': {
    status: 422,
    titleZh: '日期过早',
    titleEn: 'The day is too long ago',
    sentenceZh: '{field} 为 {on}，早于 {earliest}；请核对年份。',
    sentenceEn: '{field} is {on}, before {earliest}; check the year.',
  },
  'step-before-opening': {
    status: 409,
    titleZh: '审核步骤早于建档',
    titleEn: 'The step is before the case',
    sentenceZh: '步骤 {step} 的日期 on 为 {on}，早于建立对象的 {openedOn}；请核对日期。',
    sentenceEn: 'The day (on) of step {step} is {on}, before the case of {openedOn}; check it.',
  },
  'steps-out-of-order': {
    status: 409,
    titleZh: '审核步骤先后颠倒',
    titleEn: 'The steps are out of their order',
    sentenceZh:
      '步骤 {step} 的日期为 {on}，早于应在其前的 {earlierStep}（{earlierOn}）；' +
      '请核对日期，必要时重新登记该步骤。',
    sentenceEn:
      'Step {step} of {on} is before {earlierStep} of {earlierOn}, which comes first; check the ' +
      'dates and record the step anew.',
  },
  'step-after-confirmation': {
    status: 409,
    titleZh: '审核步骤晚于确认',
    titleEn: 'A step comes after the confirmation',
    sentenceZh:
      '步骤 {step} 的日期为 {on}，晚于确认日期 confirmedOn（{confirmedOn}）；请核对两个日期。',
    sentenceEn: 'Step {step} is of {on}, after confirmedOn, {confirmedOn}; check both dates.',
  },
  'supplement-without-amount': {
    status: 422,
    titleZh: '补助没有金额',
    titleEn: 'The supplement has no amount',
    sentenceZh: '补助金额 amountFen 为 {amountFen} 元；请填写大于零的金额，误发的补助请用撤销。',
    sentenceEn:
      'The amount of the supplement (amountFen) is {amountFen} yuan; give one above zero, or ' +
      'retract a supplement granted by mistake.',
  },
  'supplement-person-twice': {
    status: 422,
    titleZh: '补助对象重复',
    titleEn: 'The supplement names a person twice',
    sentenceZh: 'persons 中的人员 {personId} 重复；请每人只列一次。',
    sentenceEn: 'persons names {personId} twice; name each person once.',
  },
  'supplement-person-not-member': {
    status: 422,
    titleZh: '补助对象不是成员',
    titleEn: 'The supplement names no member',
    sentenceZh: 'persons 中的人员 {personId} 在 {month} 不是该户成员；请核对人员和月份。',
    sentenceEn:
      'Person {personId} in persons is no member of the household in {month}; check the person ' +
      'and the month.',
  },
  'supplement-off-roll': {
    status: 409,
    titleZh: '补助月份不在册',
    titleEn: 'The case is not on the roll in that month',
    sentenceZh: '该对象在 month 所填的 {month} 不在册，不能发放补助；请改为在册的月份。',
    sentenceEn: 'The case is not on the roll in {month} (month); give a month of its stay.',
  },
  'period-ahead': {
    status: 422,
    titleZh: '批次月份过远',
    titleEn: 'The period of the run lies too far ahead',
    sentenceZh: '批次月份 period 为 {period}，最晚只能是 {latest}；请改为本月、下月或之前的月份。',
    sentenceEn:
      'The period is {period} and may be at most {latest}; give the present month, the next, ' +
      'or an earlier one.',
  },
  'later-run-undecided': {
    status: 409,
    titleZh: '之后月份的批次未放款',
    titleEn: 'A run of a later month waits for its release',
    sentenceZh:
      '{period} 的批次 {runId}（第 {number} 次）可能已编入 {asked} 的款项且尚未放款；' +
      '请先放款该批次（所含 {asked} 的款项随之发放），或退回后再开立 {asked} 的批次。',
    sentenceEn:
      'Run {runId} (number {number}) of {period} may hold the money of {asked} and is not ' +
      'released; release it, which pays what it holds, or reject it, and then open {asked}.',
  },
} as const satisfies ProblemKinds
