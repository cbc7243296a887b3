/** Shapes of weekly boards and of what was redeemed in a room. */

import { z } from 'zod'
import type { OwnPlace, RoomRedemption, WeekBoard } from '../../../shared/boards.ts'
import { Count, Ms } from './basics.ts'
import { RedemptionShape } from './rewards.ts'

const Both = z.object({ zh: z.string(), en: z.string() })

export const WeekBoardShape = z
  .object({
    id: z.string(),
    title: Both,
    week: z.string().describe('The Monday, `2026-11-23`'),
    startsAtMs: Ms,
    endsAtMs: Ms,
    closed: z.literal(true).exactOptional().describe('It is over: places and prizes stand'),
    least: Count.describe('Points below which nobody has a place'),
    prizes: z.array(Count).describe('Points for the first, the second and so on'),
    star: z
      .object({ title: Both, places: Count, days: Count })
      .exactOptional()
      .describe('Badge that the first of it wear when the week is over'),
    people: Count.describe('Accounts that earned anything'),
    places: z.array(
      z.object({
        rank: z.int().min(1),
        handle: z.string(),
        name: z.string(),
        rung: Count,
        points: z.int().describe('Earned in the week, less what was taken back'),
        prize: Count.exactOptional(),
        star: z.literal(true).exactOptional(),
      }),
    ),
  })
  .meta({ id: 'WeekBoard' }) satisfies z.ZodType<WeekBoard>

export const OwnPlaceShape = z.object({
  points: Count,
  rank: z.int().min(1).exactOptional().describe('Missing below the least points'),
  toNext: Count.exactOptional().describe('Points that are missing to the place before'),
  toPrize: Count.exactOptional().describe('Points that are missing to a prize'),
}) satisfies z.ZodType<OwnPlace>

export const RoomRedemptionShape = z.object({
  atMs: Ms,
  name: z.string().describe('The first character alone'),
  title: Both,
  points: Count,
  cashFen: Count,
  state: RedemptionShape.shape.state,
}) satisfies z.ZodType<RoomRedemption>
