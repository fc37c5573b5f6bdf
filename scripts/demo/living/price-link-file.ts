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

export function priceIndex(content: Buffer, month: string) {
  const index = read(content).indices.find((one) => one.month === month)
  if (!index) throw new Error(`no index of ${month}`)
  return index
}

export function priceDecision(content: Buffer, decisionId: string): PriceDecision {
  const decision = read(content).decisions.find((one) => one.decisionId === decisionId)
  if (!decision) throw new Error(`no decision ${decisionId}`)
  return decision
}

function read(content: Buffer): z.infer<typeof PriceLinkFile> {
  return PriceLinkFile.parse(JSON.parse(content.toString('utf8')))
}
