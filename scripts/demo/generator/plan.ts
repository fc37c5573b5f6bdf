import type { Month, PlainDate } from '../../../src/domain/values/calendar.js'

/** What the demonstration's users do and bring along. It holds no result: no amount decided, no
 * total, no movement. Money is in fen. Keys are the plan's own names for persons and cases. */

export type DistrictKey = 'P2' | 'P3' | 'P4'

export interface PlannedAccount {
  readonly bank: string
  readonly account: string
  readonly holder: string
}

export interface PlannedPerson {
  readonly key: string
  readonly name: string
  readonly identityNumber: string
  readonly bornOn: PlainDate
  readonly sex: 'male' | 'female'
  readonly address: string
  readonly account: PlannedAccount | null
}

export interface PlannedCase {
  readonly caseKey: string
  readonly programme: string
  readonly division: string
  readonly urbanRural: 'urban' | 'rural' | 'none'
  readonly benefitClass: string
}

export interface PlannedCircumstances {
  readonly assessed: boolean
  readonly covered: boolean
  readonly classifications: readonly string[]
}

/** One row of the file of opening cases: what the former books say, up to `settledThrough`. */
export interface OpeningCaseRow extends PlannedCase {
  readonly entryMonth: Month
  readonly settledThrough: Month
  readonly monthlyIncomeFen: number
  readonly source: string
  readonly history: readonly OpeningHistory[]
}

export interface OpeningHistory {
  readonly from: Month
  readonly to: Month
  readonly component: string
  readonly amountFen: number
}

export interface OpeningMemberRow {
  readonly caseKey: string
  readonly personKey: string
  readonly relation: string
  readonly head: boolean
  readonly from: Month
  readonly circumstances: PlannedCircumstances
}

export interface OpeningAccountRow {
  readonly personKey: string
  readonly account: PlannedAccount
}

export interface OpeningFiles {
  readonly cases: readonly OpeningCaseRow[]
  readonly members: readonly OpeningMemberRow[]
  readonly accounts: readonly OpeningAccountRow[]
}

export interface PlannedDocument {
  readonly number: string
  readonly issuer: string
  readonly provenance: 'published' | 'inferred' | 'invented'
}

export interface CampaignRecipient {
  readonly personKey: string
  readonly division: string
  /** The tier, as the programme's class. */
  readonly benefitClass: string
  readonly amountFen: number
}

export interface DeathRow {
  readonly name: string
  readonly identityNumber: string
  readonly diedOn: PlainDate
}

export type Step = 'survey' | 'appraisal' | 'public-notice' | 'town-audit' | 'confirmation'

interface OnCase {
  readonly on: PlainDate
  readonly caseKey: string
}

export type PlannedAction =
  | ({ readonly do: 'open-case'; readonly on: PlainDate } & PlannedCase)
  | (OnCase & {
      readonly do: 'join-member'
      readonly personKey: string
      readonly relation: string
      readonly head: boolean
      readonly from: Month
      readonly circumstances: PlannedCircumstances
    })
  | (OnCase & {
      readonly do: 'leave-member'
      readonly personKey: string
      readonly lastMonth: Month
      readonly reason: string
    })
  | (OnCase & {
      readonly do: 'change-head'
      readonly personKey: string
      readonly from: Month
      readonly reason: string
    })
  | (OnCase & {
      readonly do: 'assess-income'
      readonly from: Month
      readonly monthlyIncomeFen: number
      readonly basis: string
    })
  | (OnCase & { readonly do: 'record-step'; readonly step: Step })
  /** The first month follows from the district's rule and `on`. */
  | (OnCase & { readonly do: 'approve-entry'; readonly reason: string })
  /** The household goes on in `into`, opened before: its members and income come along. */
  | (OnCase & {
      readonly do: 'continue-case'
      readonly into: string
      readonly lastMonth: Month
      readonly reason: string
    })
  | (OnCase & {
      readonly do: 'approve-exit'
      readonly lastMonth: Month
      readonly reason: string
    })
  /** A person confirms what the reassessment proposes from this month. */
  | (OnCase & {
      readonly do: 'confirm-reassessment'
      readonly from: Month
      readonly cause: 'income' | 'members' | 'review'
      readonly note: string
    })
  | (OnCase & {
      readonly do: 'move-case'
      readonly from: Month
      readonly division: string
      readonly urbanRural: 'urban' | 'rural' | 'none'
      readonly reason: string
    })
  | (OnCase & {
      readonly do: 'record-review'
      readonly level: 'village' | 'town' | 'district'
      readonly kind: 'scheduled' | 'census' | 'spot-check' | 'self-check'
      readonly result: 'unchanged' | 'adjust' | 'stop'
      readonly note: string
    })
  | (OnCase & {
      readonly do: 'grant-supplement'
      readonly month: Month
      readonly component: string
      readonly amountFen: number
      readonly personKey: string
      readonly supplementKey: string
      readonly document: PlannedDocument
    })
  | {
      readonly do: 'set-account'
      readonly on: PlainDate
      readonly personKey: string
      readonly account: PlannedAccount
    }
  | {
      readonly do: 'import-accounts'
      readonly on: PlainDate
      readonly rows: readonly OpeningAccountRow[]
    }
  | {
      readonly do: 'import-campaign'
      readonly on: PlainDate
      readonly campaignKey: string
      readonly nameZh: string
      readonly programme: string
      readonly month: Month
      readonly unit: '户' | '人' | '户(人)'
      readonly document: PlannedDocument
      readonly recipients: readonly CampaignRecipient[]
    }
  | {
      readonly do: 'import-deaths'
      readonly on: PlainDate
      readonly listKey: string
      readonly source: string
      readonly remarks: readonly string[]
      readonly rows: readonly DeathRow[]
    }
  /** A file of `policy/` that becomes known on this day; the path is inside `policy/`. */
  | { readonly do: 'import-policy'; readonly on: PlainDate; readonly path: string }
  | {
      readonly do: 'reassess-roll'
      readonly on: PlainDate
      readonly programmes: readonly string[]
      readonly from: Month
      readonly cause: 'standard' | 'age'
    }
  /** The index of a month in `policy/price-link/<file>`. */
  | {
      readonly do: 'publish-price-index'
      readonly on: PlainDate
      readonly file: string
      readonly month: Month
    }
  | {
      readonly do: 'decide-price-link'
      readonly on: PlainDate
      readonly file: string
      readonly decisionId: string
    }
  /** A payment run from opening to release, then the bank's answers; `returned` come back. */
  | {
      readonly do: 'pay'
      readonly on: PlainDate
      readonly kind: 'regular' | 'price-subsidy' | 'one-off'
      readonly programmes: readonly string[]
      readonly period: Month
      readonly returned: readonly string[]
    }
  | ReportedFigureAction

export interface ReportedFigureAction {
  readonly do: 'record-reported-figure'
  readonly on: PlainDate
  readonly figureId: string
  readonly from: Month
  readonly to: Month
  readonly programme: string | null
  readonly what: string
  readonly amountFen: number | null
  readonly count: number | null
  readonly unit: string | null
  readonly standing: 'reported' | 'anomaly' | 'inconsistent'
  readonly reason: string | null
  readonly source: string
}

export interface MonthPlan {
  readonly month: Month
  /** In order of date; actions of one day in the order in which they must happen. */
  readonly actions: readonly PlannedAction[]
}

export interface DistrictPlan {
  readonly key: DistrictKey
  readonly division: string
  readonly cutOver: Month
  readonly persons: readonly PlannedPerson[]
  readonly opening: OpeningFiles
  readonly months: readonly MonthPlan[]
}
