import { z } from 'zod'
import { programmeOf } from '../../domain/policy/policy.js'
import { Month } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { BenefitClass, UrbanRural } from '../../domain/values/document.js'
import { ProgrammeCode } from '../../domain/values/identifiers.js'
import type { Asked } from '../../projections/question.js'
import type { LedgerServices } from '../ledger-services.js'
import { knownAtOf, knownAtParameter } from './known-at.js'

/** What every question about rolls, movements and money may narrow down. */
export const RollParameters = knownAtParameter.extend({
  month: Month,
  division: DivisionCode.describe('区划：及其下级 the subtree of this division'),
  programme: z
    .string()
    .max(400)
    .optional()
    .describe('项目，逗号分隔 programmes, separated by commas; absent: all'),
  urbanRural: UrbanRural.optional(),
  benefitClass: BenefitClass.optional(),
})
export type RollQuestion = z.infer<typeof RollParameters>

/** The question as the read models take it. Errors: programme-unknown. */
export async function rollAsked(
  { clock, processes, store }: Pick<LedgerServices, 'clock' | 'processes' | 'store'>,
  query: RollQuestion,
): Promise<Asked> {
  const { knownAt, programme, ...rest } = query
  const programmes = programmesOf(programme)
  if (programmes) {
    const { policy } = await processes.policies.latest()
    for (const each of programmes) programmeOf(policy, each)
  }
  return { ...rest, knownAt: await knownAtOf({ clock, store }, knownAt), programmes }
}

export function programmesOf(given: string | undefined): readonly ProgrammeCode[] | undefined {
  return given?.split(',').map((code) => ProgrammeCode.parse(code.trim()))
}
