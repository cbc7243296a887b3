/** Shapes of draws, votes and what else points buy in a room. */

import { z } from 'zod'
import type { DrawPrize } from '../../../shared/draw.ts'
import {
  COLOURS,
  type DrawView,
  ENTRANCES,
  type HostPlay,
  type VoteView,
} from '../../../shared/effects.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import { Count, Id, Ms } from './basics.ts'

export const PrizeShape = z
  .object({
    points: Count,
    voucher: z.string(),
    title: Label.exactOptional(),
    reward: z
      .object({ id: Id, points: Count.describe('Paid instead where none is left') })
      .exactOptional(),
    effect: z
      .union([
        z.object({ colour: z.enum(COLOURS), days: Count }),
        z.object({ entrance: z.enum(ENTRANCES), days: Count }),
      ])
      .exactOptional(),
    winners: Count.exactOptional(),
    odds: Count.exactOptional().describe('In so many of 10,000 boxes'),
  })
  .meta({ id: 'Prize' }) satisfies z.ZodType<DrawPrize>

const game = {
  title: Label,
  points: Count,
  perViewer: Count,
  opensAtMs: Ms,
  endsAtMs: Ms,
  state: z.enum(['open', 'closing', 'closed']),
}

export const Draw = z
  .object({
    ...game,
    draw: Count,
    box: z.boolean(),
    prizes: z.array(PrizeShape),
    total: Count,
    tickets: Count,
    rung: Count.exactOptional().describe('Only from this rung on'),
    commitment: z.string().describe('SHA-256 of the seed'),
    seed: z.string().exactOptional().describe('Once it is closed'),
  })
  .meta({ id: 'Draw' }) satisfies z.ZodType<DrawView>

export const Vote = z
  .object({
    ...game,
    vote: Count,
    options: z.array(z.object({ label: Label, votes: Count })),
  })
  .meta({ id: 'Vote' }) satisfies z.ZodType<VoteView>

export const MineShape = z.object({ bought: Count, count: Count, free: z.boolean() })

export const owned = <T extends readonly [string, ...string[]]>(values: T) =>
  z.object({
    value: z.enum(values),
    by: z.enum(['bought', 'tier']),
    untilMs: Ms.exactOptional(),
  })

export const PlayShape = z.object({
  asks: z.array(
    z.object({
      id: z.string(),
      handle: z.string(),
      name: z.string(),
      rung: Count,
      text: z.string(),
      points: Count,
      askedAtMs: Ms,
      untilMs: Ms,
    }),
  ),
  draws: z.array(Draw),
  votes: z.array(Vote),
  tips: z.object({ given: Count, toHost: Count, burned: Count }),
}) satisfies z.ZodType<HostPlay>
