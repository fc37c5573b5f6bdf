import { z } from 'zod'

/** One stored event type: its schema version, its strict data, and which field says when. */
export interface EventSchema<Data extends z.ZodType = z.ZodType> {
  readonly version: number
  readonly data: Data
  /** The field of `data` that is the event's effective date or month. */
  readonly effective: string
}

/** The events of one kind of stream, by type name. */
export type EventSchemas = Readonly<Record<string, EventSchema>>

/** The union `{ type, data }` of what a catalogue declares. */
export type EventOf<Schemas extends EventSchemas> = {
  [Type in keyof Schemas & string]: {
    readonly type: Type
    readonly data: Readonly<z.infer<Schemas[Type]['data']>>
  }
}[keyof Schemas & string]

/** Declares one event: `event(1, 'openedOn', { … })`. */
export function event<Shape extends z.core.$ZodLooseShape>(
  version: number,
  effective: keyof Shape & string,
  shape: Shape,
): EventSchema<z.ZodObject<Shape, z.core.$strict>> {
  return { version, effective, data: z.strictObject(shape) }
}
