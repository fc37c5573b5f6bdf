import { z } from 'zod'
import type { Caller } from '../../src/application/caller.js'
import { bringRollUpToDate } from '../../src/application/reassessment.js'
import { openService } from '../../src/compose/service.js'
import { Month } from '../../src/domain/values/calendar.js'
import { DivisionCode } from '../../src/domain/values/division.js'
import { ActorId, Ordinal, RunId } from '../../src/domain/values/identifiers.js'
import { benchConfig, quiet } from './bench-place.js'
import { BenchChild } from './child-process.js'
import { county, programmes } from './invented-district.js'

export const RunOrder = z.strictObject({
  folder: z.string(),
  division: DivisionCode,
  period: Month,
})
export type RunOrder = z.infer<typeof RunOrder>

const RunReport = z.strictObject({
  runId: RunId,
  ordinal: Ordinal,
  milliseconds: z.number(),
  peakBytes: z.number(),
})
export type RunReport = z.infer<typeof RunReport>

export function officer(key: string): Caller {
  const sub = ActorId.parse('bench-officer')
  return { actor: { sub, roles: ['payment-officer'], division: county }, key, correlation: 'bench' }
}

/** Opens and prepares a run in a process that does nothing else: its peak memory is the run's. */
export async function runInProcess(order: RunOrder): Promise<RunReport> {
  const child = new BenchChild('month-run-child')
  try {
    return RunReport.parse(await child.ask(order))
  } finally {
    await child.close()
  }
}

/** A month's run from its opening to its frozen lines, on the ledger of a folder. */
export async function runMonth({ division, folder, period }: RunOrder): Promise<RunReport> {
  const service = await openService(benchConfig(folder), { log: quiet })
  try {
    const { payment, reassessment } = service
    const caller = officer(`run-${division}-${period}`)
    const start = performance.now()
    const asked = { programmes: [...programmes], division, period }
    await bringRollUpToDate(reassessment, { ...asked, caller })
    const parameters = await payment.open(caller, { kind: 'regular', ...asked })
    await payment.prepare(officer(`${caller.key}-prepare`), { runId: parameters.runId })
    return {
      runId: parameters.runId,
      ordinal: parameters.ordinal,
      milliseconds: performance.now() - start,
      peakBytes: process.resourceUsage().maxRSS * 1024,
    }
  } finally {
    await service.close()
  }
}
