/** Shapes of a room and its live. */

import { z } from 'zod'
import type { LiveView } from '../../../shared/room-state.ts'
import { Count, Id, Ms } from './basics.ts'

export const LiveShape = z
  .object({
    no: Count.describe('0 where the room never had a live'),
    state: z.enum(['open', 'ending', 'ended']),
    startedAtMs: Ms,
  })
  .meta({ id: 'Live' }) satisfies z.ZodType<LiveView>

/** How a live goes. */
export const Now = {
  live: LiveShape,
  audience: Count,
  heat: z.object({ value: z.number().min(0), level: Count }),
  actors: Count.describe('Viewers who did something in the last minute'),
  issued: Count.describe('Points that behaviour earned in this live'),
  safe: z.boolean().describe('The host has silenced the picture'),
  asks: Count.describe('Broadcasts that wait for the host'),
}

export const RoomShape = z
  .object({
    id: Id,
    name: z.string(),
    brand: Id,
    host: z.string().describe('Id of its host at the brand, or empty'),
    rung: z.int().min(0).describe('Rung of the ladder that viewers need to come in; 0 is for all'),
    timeZone: z.string(),
    profile: z.string().describe('Id of a room profile of the rulebook, or empty'),
    createdAtMs: Ms,
    live: LiveShape,
  })
  .meta({ id: 'Room' })
