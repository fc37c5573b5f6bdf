import { z } from 'zod'

/** A short text that people read: a reason, a note, a title. */
export const ShortText = z.string().min(1).max(200)

/** Names a campaign in the ledger: nobody gets it twice. */
export const CampaignId = ShortText.max(64)
export type CampaignId = z.infer<typeof CampaignId>

/** Whether a figure was printed by its source, concluded from printed ones, or made up. */
export const Provenance = z.enum(['published', 'inferred', 'invented'])
export type Provenance = z.infer<typeof Provenance>

/** The paper behind a figure or a rule: number, issuing body, and how sure we are of it. */
export const PolicyDocument = z.strictObject({
  number: ShortText,
  issuer: ShortText,
  provenance: Provenance,
})
export type PolicyDocument = z.infer<typeof PolicyDocument>

/** City roll or village roll: a property of the case, never read off the division code. */
export const UrbanRural = z.enum(['urban', 'rural', 'none'])
export type UrbanRural = z.infer<typeof UrbanRural>

/** How a benefit is given; only cash enters cash totals. */
export const Measure = z.enum([
  'cash',
  'in-kind',
  'voucher',
  'fee-waiver',
  'third-party-premium',
  'institution',
])
export type Measure = z.infer<typeof Measure>

/** Part of a benefit: `base` 补差, `classified` 分类施保, `price-subsidy` and so on. */
export const ComponentName = z
  .string()
  .regex(/^[a-z][a-z0-9-]{1,39}$/)
  .brand<'ComponentName'>()
export type ComponentName = z.infer<typeof ComponentName>

/** The class a standard or a review cadence is chosen by; `general` where there is one only. */
export const BenefitClass = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/)
  .brand<'BenefitClass'>()
export type BenefitClass = z.infer<typeof BenefitClass>
