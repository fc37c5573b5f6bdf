import { casesProjection } from './cases/projection.js'
import { paymentsProjection } from './payments/projection.js'
import { type NameIndex, peopleProjection } from './people/projection.js'
import type { Projection } from './projection.js'
import { registersProjection } from './registers/projection.js'
import { blockShifts } from './totals/changes.js'
import { totalsProjection } from './totals/projection.js'

/** Every read model, in the order in which they fold a batch: totals sum what the others wrote. */
export function allProjections(names: NameIndex, shifts = blockShifts): readonly Projection[] {
  return [
    casesProjection,
    paymentsProjection,
    peopleProjection(names),
    registersProjection,
    totalsProjection(shifts),
  ]
}
