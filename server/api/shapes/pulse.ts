/** Shapes of what everybody in a room sees, checked against the types that both ends use. */

import { z } from 'zod'
import { COLOURS } from '../../../shared/effects.ts'
import type {
  BoardLine,
  CampaignView,
  CommentLine,
  HeatView,
  TaskView,
} from '../../../shared/room-state.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import { ActionName, Count, Ms } from './basics.ts'
import { LiveShape } from './room.ts'

const Milli = z.int().min(0).describe('Thousandths')

const Heat = z
  .object({
    value: z.number(),
    level: Count,
    next: z.number().exactOptional(),
    multipliers: z.partialRecord(ActionName, Milli),
    why: z.array(z.object({ action: ActionName, share: z.number() })),
    held: z.enum(['actors', 'dwell']).exactOptional(),
  })
  .meta({ id: 'Heat' })
Heat satisfies z.ZodType<Omit<HeatView, 'multipliers'>>

export const Board = z
  .object({
    handle: z.string(),
    name: z.string(),
    rung: Count,
    points: Count,
  })
  .meta({ id: 'BoardLine' }) satisfies z.ZodType<BoardLine>

export const Comment = z
  .object({
    id: Count,
    handle: z.string(),
    name: z.string(),
    rung: Count,
    text: z.string(),
    atMs: Ms,
    question: z.literal(true).exactOptional(),
    colour: z.enum(COLOURS).exactOptional(),
    star: z
      .object({ zh: z.string(), en: z.string() })
      .exactOptional()
      .describe('Badge that the author wears'),
    club: z
      .object({ zh: z.string(), en: z.string() })
      .exactOptional()
      .describe("Title of the author's rung in the fan club of the room's host"),
  })
  .meta({ id: 'Comment' }) satisfies z.ZodType<CommentLine>

export const Task = z
  .object({
    task: Count,
    action: ActionName,
    goal: Count,
    points: Count,
    growth: Count,
    title: Label,
    startsAtMs: Ms,
    endsAtMs: Ms,
    quota: Count.exactOptional(),
    left: Count.exactOptional(),
  })
  .meta({ id: 'Task' }) satisfies z.ZodType<TaskView>

export const Campaign = z
  .object({
    campaign: Count,
    action: z.union([ActionName, z.literal('all')]),
    factor: Milli,
    weights: z.partialRecord(ActionName, Milli).exactOptional(),
    title: Label,
    startsAtMs: Ms,
    endsAtMs: Ms,
  })
  .meta({ id: 'Campaign' }) satisfies z.ZodType<CampaignView>

export const Pulse = z.object({
  epoch: z.string(),
  seq: Count,
  atMs: Ms,
  heat: Heat,
  audience: Count,
  live: LiveShape,
  board: z.array(Board).exactOptional(),
  tasks: z.array(Task),
  campaigns: z.array(Campaign),
  comments: z.array(Comment),
  rulebook: Count,
  shelf: Count.exactOptional(),
  safe: z.boolean(),
  paused: z.literal(true).exactOptional(),
  durable: z.array(Ms),
  epochs: z.array(z.string()).exactOptional(),
})

export const Room = Pulse.extend({
  room: z.object({ id: z.string(), name: z.string(), brand: z.string() }),
  board: z.array(Board),
  ladder: z.object({
    id: z.string(),
    rungs: z.array(
      z.object({
        id: z.string(),
        label: Label,
        growth: Count.exactOptional().describe(
          'Growth that reaches it; any way there is is enough',
        ),
        points: Count.exactOptional().describe('Points ever earned that reach it'),
        tasks: z
          .array(z.string())
          .exactOptional()
          .describe('Quests that reach it once all are done'),
        factor: z.number(),
        benefits: z.array(Label),
      }),
    ),
  }),
  burnWeek: z.object({ opensAtMs: Ms, closesAtMs: Ms }).exactOptional(),
})
