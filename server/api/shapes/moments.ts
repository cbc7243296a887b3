/** Shapes of what happens once in a room and must be seen once. */

import { z } from 'zod'
import { ENTRANCES } from '../../../shared/effects.ts'
import type { Moment, MomentBody } from '../../../shared/room-state.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import { Count, Ms } from './basics.ts'
import { Draw, PrizeShape, Vote } from './play.ts'
import { Campaign, Comment, Task } from './pulse.ts'

const moment = <K extends MomentBody['kind'], S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({ seq: Count, atMs: Ms, kind: z.literal(kind), ...shape })

const reached = {
  ladder: z.string(),
  rung: Count,
  names: z.array(z.string()),
  others: Count,
}

export const MomentShape = z.discriminatedUnion('kind', [
  moment('tier.reached', { ...reached, handles: z.array(z.string()) }),
  moment('tier.announced', { ...reached, text: z.string() }),
  moment('task.started', { task: Task }),
  moment('task.ended', { task: Count, won: Count }),
  moment('campaign.started', { campaign: Campaign }),
  moment('campaign.ended', { campaign: Count }),
  moment('flash.opened', {
    flash: z.object({
      reward: z.string(),
      title: Label,
      points: Count,
      rung: Count.exactOptional().describe('Only from this rung on'),
      opensAtMs: Ms,
      closesAtMs: Ms,
    }),
  }),
  moment('flash.closed', { reward: z.string(), taken: Count }),
  moment('heat.rose', { level: Count }),
  moment('comment.spotlit', { comment: Comment }),
  moment('stage.safe', { safe: z.boolean() }),
  moment('live.ended', {}),
  moment('broadcast.shown', {
    handle: z.string(),
    name: z.string(),
    rung: Count,
    text: z.string(),
  }),
  moment('entrance.shown', {
    entrance: z.enum(ENTRANCES),
    names: z.array(z.string()),
    others: Count,
  }),
  moment('tip.given', { handle: z.string(), name: z.string(), points: Count }),
  moment('draw.opened', { draw: Draw }),
  moment('draw.closed', {
    draw: Count,
    box: z.boolean(),
    title: Label,
    winners: z.array(z.object({ handle: z.string(), name: z.string(), prize: PrizeShape })),
    others: Count,
    tickets: Count,
    seed: z.string(),
  }),
  moment('vote.opened', { vote: Vote }),
  moment('vote.closed', { vote: Vote }),
]) satisfies z.ZodType<Moment>
