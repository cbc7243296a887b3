/** Routes of weekly boards, and of what was redeemed in a room. */

import { z } from 'zod'
import { refuse } from '../../../shared/errors.ts'
import { weekNamed } from '../../boards/index.ts'
import { brandNumber } from '../../rooms/index.ts'
import { route } from '../route.ts'
import { Id, ok } from '../shapes/basics.ts'
import { RoomRedemptionShape, WeekBoardShape } from '../shapes/boards.ts'
import { roomOf } from './room-of.ts'

const boards = route({
  method: 'GET',
  path: '/v1/boards',
  what: 'Weekly boards of the brand: those of the running week, some seconds old, or of one of the last 12 weeks as they were closed and paid.',
  access: 'operator',
  query: z.strictObject({
    week: z
      .string()
      .max(10)
      .optional()
      .describe('Its Monday, `2026-11-23`; without it the running one'),
  }),
  reply: ok({ boards: z.array(WeekBoardShape) }),
  refusals: ['bad_request'],
  async run({ caller, query }, deps) {
    const brandNo = await brandNumber(deps.gate.store, caller.brand)
    const week = query.week === undefined ? deps.boards.thisWeek() : weekNamed(query.week)
    if (week === undefined) return refuse('bad_request', { field: 'week' })
    const running = week === deps.boards.thisWeek()
    return {
      ok: true,
      boards: running
        ? await deps.boards.allRunning(brandNo)
        : await deps.boards.closed(week, brandNo),
    }
  },
})

const redeemed = route({
  method: 'GET',
  path: '/v1/rooms/{room}/redemptions',
  what: 'What was redeemed in a room and when, newest first, 20 a page, of 1,000 for each partition; of names the first character. A host sees the own room only.',
  access: 'host',
  params: z.strictObject({ room: Id }),
  query: z.strictObject({ before: z.string().max(160).optional() }),
  reply: ok({
    redemptions: z.array(RoomRedemptionShape),
    next: z.string().exactOptional().describe('`before` of the next page'),
  }),
  refusals: ['room_not_found', 'forbidden'],
  async run({ caller, params, query }, deps) {
    const found = await roomOf(deps, caller, params.room)
    if (!found.ok) return found
    return deps.boards.redeemed(found.room.id, query.before)
  },
})

export const boardRoutes = [boards, redeemed]
