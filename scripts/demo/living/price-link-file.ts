import { z } from 'zod'

const Decision = z.looseObject({
  decisionId: z.string(),
  from: z.string(),
  to: z.string(),
  programmes: z.array(z.string()),
})
const PriceLinkFile = z.strictObject({
  kind: z.literal('price-link'),
  indices: z.array(z.looseObject({ month: z.string() })),
  decisions: z.array(Decision),
})
export type PriceDecision = z.infer<typeof Decision>

/** The index of a month, with the period that its decisions are about. */
export function priceIndex(content: Buffer, month: string) {
  const { decisions, indices } = read(content)
  const index = indices.find((one) => one.month === month)
  const decision = decisions.find(({ from, to }) => from <= month && month <= to)
  if (!index || !decision) throw new Error(`no index of ${month}`)
  return { ...index, period: { from: decision.from, to: decision.to } }
}

export function priceDecision(content: Buffer, decisionId: string): PriceDecision {
  const decision = read(content).decisions.find((one) => one.decisionId === decisionId)
  if (!decision) throw new Error(`no decision ${decisionId}`)
  return decision
}

function read(content: Buffer): z.infer<typeof PriceLinkFile> {
  return PriceLinkFile.parse(JSON.parse(content.toString('utf8')))
}
