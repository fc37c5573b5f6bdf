import { type Month, month, plainDate } from '../../../src/domain/values/calendar.js'
import type { DistrictKey, ReportedFigureAction } from './plan.js'

/** Figures that the districts printed and nobody can compute: kept as they are, and marked. */
interface Reported {
  readonly id: string
  readonly what: string
  readonly programme?: string
  /** 万元 with at most four decimals; null where no money was printed. */
  readonly wanYuan: number | null
  readonly count: number | null
  readonly unit: string | null
  readonly months?: readonly [string, string]
  readonly flag?: 'anomaly' | 'inconsistent'
  readonly reason?: string
}

function figure(id: string, what: string, printed: Omit<Reported, 'id' | 'what'>): Reported {
  return { id, what, ...printed }
}

const noRate = '未公布标准，无法复算'

const p2: readonly Reported[] = [
  figure('P2-04', '残疾居民生活补助', { wanYuan: 13.48, count: 565, unit: '人', reason: noRate }),
  figure('P2-05', '70岁以上农村低保老年人生活补助', {
    wanYuan: 2.94,
    count: 135,
    unit: '人',
    reason: noRate,
  }),
  figure('P2-07', '医疗救助', { wanYuan: 139.57, count: 4418, unit: '人次' }),
  figure('P2-08', '医疗即时救助', {
    wanYuan: 20.61,
    count: 2500,
    unit: '人次',
    reason: 'P2-07 的一部分，不得与其相加',
  }),
  figure('P2-09', '临时救助', {
    programme: 'temporary-aid',
    wanYuan: 83.47,
    count: 727,
    unit: '户(人)次',
    reason: noRate,
  }),
  figure('P2-11', '社会扶助证', {
    wanYuan: null,
    count: 212,
    unit: '户',
    reason: '证件，不发钱；424 人',
  }),
  figure('P2-12', '残疾人基本生活保障', {
    wanYuan: 171.69,
    count: 926,
    unit: '人',
    reason: noRate,
  }),
  figure('P2-15', '流浪乞讨救助', {
    wanYuan: 121,
    count: 32,
    unit: '人次',
    flag: 'anomaly',
    reason: '人均 37812.50 元，内含住院费用，不得作为人均补助公布',
  }),
  figure('P2-18', '电器优惠券', {
    wanYuan: null,
    count: 1400,
    unit: '户',
    reason: '券，每户面值 1000 元，不是现金；“1400 余户”',
  }),
  figure('P2-19', '高龄老人津贴', { wanYuan: 171.44, count: 6262, unit: '人', reason: noRate }),
  figure('P2-21', '优抚金', { wanYuan: 187.5, count: 1750, unit: '人次', reason: noRate }),
  figure('P2-23', '60岁以上农村籍退役士兵老年生活补助', {
    wanYuan: 13.19,
    count: 2554,
    unit: '人次',
    reason: '按服役年限计发，年限未公布',
  }),
  figure('P2-24', '在职伤残军人抚恤金', { wanYuan: 30.9, count: 65, unit: '人', reason: noRate }),
  figure('P2-25', '三属一次性补差', {
    wanYuan: 5.6,
    count: 12,
    unit: '人',
    months: ['2012-01', '2012-12'],
    reason: noRate,
  }),
  figure('P2-27', '优抚一站式医疗补助', {
    wanYuan: 24.73,
    count: 5587,
    unit: '人次',
    reason: '195 人，应补尽补',
  }),
  figure('P2-28', '大中型水库移民直补', {
    wanYuan: 381.84,
    count: 1182,
    unit: '人',
    flag: 'inconsistent',
    reason: '按每人每年 600 元合 6364 人年，约 5.38 年，应为开办以来累计，不得计入上半年合计',
  }),
  figure('P2-30', '惠民殡葬减免', {
    wanYuan: 78.99,
    count: 821,
    unit: '人',
    reason: '减免费用，不是现金',
  }),
  figure('P2-32', '居家养老服务', {
    wanYuan: 53.77,
    count: 661,
    unit: '人',
    reason: '服务支出，不是个人待遇；另结对 835 人',
  }),
  figure('P2-33', '养老机构责任险', {
    wanYuan: 5.0346,
    count: 9,
    unit: '家',
    months: ['2012-01', '2012-12'],
    reason: '机构保费，每家 5594 元，不是个人待遇',
  }),
  figure('P2-34', '社区经费', {
    wanYuan: 2292,
    count: null,
    unit: null,
    months: ['2012-01', '2012-12'],
    reason: '经费，每年递增 5%，预拨 70%，不是个人待遇',
  }),
  figure('P2-35', '退役士兵接收', {
    wanYuan: null,
    count: 96,
    unit: '人',
    months: ['2012-01', '2012-12'],
    reason: '95 + 1',
  }),
]

const p3: readonly Reported[] = [
  figure('P3-04', '医疗救助资金', {
    wanYuan: 366.4,
    count: null,
    unit: null,
    reason: '资金：省市 280 万元，区配套 86.4 万元；已支出 275.94 万元',
  }),
  figure('P3-09', '孤儿基本生活费', {
    programme: 'orphan',
    wanYuan: 1.48,
    count: null,
    unit: null,
    reason: noRate,
  }),
  figure('P3-10', '两参人员补助金', { wanYuan: 21.6, count: null, unit: null, reason: noRate }),
  figure('P3-11a', '伤残军人伤残金', { wanYuan: 156.5, count: null, unit: null, reason: noRate }),
  figure('P3-11b', '定恤定补', { wanYuan: 12, count: null, unit: null, reason: noRate }),
  figure('P3-13', '义务兵家属优待金', {
    wanYuan: null,
    count: 390,
    unit: '人',
    months: ['2012-01', '2012-12'],
    reason: '每人 7486 元，待发；未公布合计',
  }),
  figure('P3-14', '立功奖励金', { wanYuan: 7, count: 46, unit: '人', reason: noRate }),
  figure('P3-15', '病故军人一次性抚恤金', {
    wanYuan: 200,
    count: null,
    unit: null,
    reason: '专项资金，不是发放额',
  }),
  figure('P3-16', '优抚对象明白卡', {
    wanYuan: null,
    count: 400,
    unit: '张',
    reason: '“400 余张”，不发钱',
  }),
]

const p4: readonly Reported[] = [
  figure('P4-05', '低保门诊救助', { wanYuan: 5.9, count: 20, unit: '人' }),
  figure('P4-07', '冬季取暖补贴', { wanYuan: 34.4, count: null, unit: null, reason: noRate }),
  figure('P4-08', '节日补贴', {
    wanYuan: 17.4,
    count: null,
    unit: null,
    reason: '每人 200 至 300 元',
  }),
  figure('P4-09', '电价补贴', {
    wanYuan: 2.8,
    count: null,
    unit: null,
    reason: '每户每月 15 度，5.3 万度，折价',
  }),
  figure('P4-10', '春节走访', {
    wanYuan: 6.536,
    count: 120,
    unit: '户',
    reason: '实物与现金混计',
  }),
  figure('P4-11', '春荒救灾款', { wanYuan: 70, count: 13_325, unit: '人次', reason: noRate }),
  figure('P4-12', '抚恤金', { wanYuan: 50, count: null, unit: null, reason: noRate }),
  figure('P4-13', '优抚医疗补助', {
    wanYuan: 5,
    count: null,
    unit: null,
    reason: '报销比例不低于 60%',
  }),
  figure('P4-14', '退役士兵一次性经济补助金', {
    wanYuan: 47.062,
    count: 37,
    unit: '人',
    months: ['2011-01', '2012-12'],
    reason: '两年度合计，各人数额不同',
  }),
]

const periods: Readonly<Record<DistrictKey, { figures: readonly Reported[]; to: Month }>> = {
  P2: { figures: p2, to: month('2012-05') },
  P3: { figures: p3, to: month('2012-06') },
  P4: { figures: p4, to: month('2012-12') },
}

const recordedOn = {
  P2: plainDate('2012-05-31'),
  P3: plainDate('2012-06-29'),
  P4: plainDate('2012-12-31'),
} as const

export function reportedFigures(district: DistrictKey): readonly ReportedFigureAction[] {
  const { figures, to } = periods[district]
  return figures.map(({ id, what, programme, wanYuan, count, unit, months, flag, reason }) => ({
    do: 'record-reported-figure',
    on: recordedOn[district],
    figureId: id,
    from: month(months?.[0] ?? '2012-01'),
    to: months ? month(months[1]) : to,
    programme: programme ?? null,
    what,
    amountFen: wanYuan === null ? null : Math.round(wanYuan * 1_000_000),
    count,
    unit,
    standing: flag ?? 'reported',
    reason: reason ?? null,
    source: `区民政工作总结，数字 ${id}`,
  }))
}
