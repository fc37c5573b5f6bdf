import type { CaseEvent } from '../domain/case/events.js'

/** What the events of a case are called where people read them. */
export const caseEventWords: Readonly<Record<CaseEvent['type'], string>> = {
  CaseOpened: '建档',
  MemberJoined: '成员加入',
  MemberCircumstancesRecorded: '成员情况变更',
  MemberLeft: '成员离开',
  HeadChanged: '变更户主',
  IncomeAssessed: '核定收入',
  VerificationStepRecorded: '登记审核步骤',
  EntryApproved: '批准新增',
  BenefitGranted: '核定待遇',
  BenefitAdjusted: '调整待遇',
  SupplementGranted: '另发补贴',
  ReviewRecorded: '复核',
  HoldPlaced: '缓发',
  HoldLifted: '解除缓发',
  GracePeriodStarted: '进入渐退期',
  ExitApproved: '批准退出',
  CaseMoved: '迁移',
  CaseReclassified: '变更类别',
  FactRetracted: '撤销事实',
  OpeningPositionRecorded: '期初接收',
}
