/** What a host may do in the own room. */

import { z } from 'zod'
import type { RoomRedemptions } from '../boards.ts'
import { ACTIONS, type Action } from '../receipt.ts'
import type { CampaignView, TaskView } from '../room-state.ts'
import { Weights } from '../rulebook/key-moments.ts'
import { clubHostCommands } from './clubs.ts'
import { playHostCommands } from './play.ts'
import { command } from './registry.ts'

const SocketAction = z.enum(['like', 'comment', 'share', 'watch'] satisfies Action[])
const CampaignAction = z.enum(['all', ...(Object.keys(ACTIONS) as Action[])])
const Title = z.strictObject({ zh: z.string().min(1).max(40), en: z.string().min(1).max(60) })
const limit = { burst: 10, perMinute: 60 }
const roles = ['host'] as const
/** Repeating a request with the same id answers what the first one did. */
const RequestId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)

export const TASKS_PER_ROOM = 8
export const CAMPAIGNS_PER_ROOM = 4

export const hostCommands = {
  'task.start': command<{ ok: true; task: TaskView }>()({
    what: 'Start a countdown task: who reaches the goal in time is paid, the first `quota` where given.',
    roles,
    limit,
    input: z.strictObject({
      requestId: RequestId,
      action: SocketAction,
      goal: z.int().min(1).max(10_000),
      points: z.int().min(1).max(10_000),
      growth: z.int().min(0).max(10_000).default(0),
      seconds: z.int().min(10).max(7200),
      quota: z.int().min(1).max(100_000).optional(),
      title: Title,
    }),
    refusals: ['forbidden', 'rate_limited', 'room_ended', 'room_full', 'id_conflict', 'busy'],
  }),
  'task.end': command<{ ok: true }>()({
    what: 'End a task now; what was reached before stays paid.',
    roles,
    limit,
    input: z.strictObject({ task: z.int().min(1) }),
    refusals: ['forbidden', 'rate_limited', 'task_closed', 'busy'],
  }),
  'campaign.start': command<{ ok: true; campaign: CampaignView }>()({
    what: 'Multiply an action for some minutes, or weigh each of some: a key moment.',
    roles,
    limit,
    input: z
      .strictObject({
        requestId: RequestId,
        action: CampaignAction.default('all').describe('Multiplied by the factor'),
        factor: z.number().min(1).max(3).optional(),
        weights: Weights.optional().describe('Of a key moment, instead of action and factor'),
        seconds: z.int().min(10).max(7200),
        title: Title,
      })
      .refine(({ action, factor, weights }) => (weights ? action === 'all' && !factor : factor), {
        path: ['weights'],
        message: 'a factor, or weights of actions',
      }),
    refusals: ['forbidden', 'rate_limited', 'room_ended', 'room_full', 'id_conflict', 'busy'],
  }),
  'campaign.end': command<{ ok: true }>()({
    what: 'End a campaign now.',
    roles,
    limit,
    input: z.strictObject({ campaign: z.int().min(1) }),
    refusals: ['forbidden', 'rate_limited', 'not_found', 'busy'],
  }),
  'cue.announce': command<{ ok: true }>()({
    what: 'The host says the cue: it appears on stage and overlays.',
    roles,
    limit,
    input: z.strictObject({ cue: z.string().max(64), text: z.string().max(200).optional() }),
    refusals: ['forbidden', 'rate_limited', 'cue_gone', 'busy'],
  }),
  'cue.hold': command<{ ok: true }>()({
    what: 'Keep a cue for later: it moves to the end of the queue.',
    roles,
    limit,
    input: z.strictObject({ cue: z.string().max(64) }),
    refusals: ['forbidden', 'rate_limited', 'cue_gone', 'busy'],
  }),
  'cue.skip': command<{ ok: true }>()({
    what: 'Drop a cue; nothing is shown.',
    roles,
    limit,
    input: z.strictObject({ cue: z.string().max(64) }),
    refusals: ['forbidden', 'rate_limited', 'cue_gone', 'busy'],
  }),
  'comment.spotlight': command<{ ok: true }>()({
    what: 'Put a comment on stage; its author gets the bonus of a top comment, once per comment.',
    roles,
    limit,
    input: z.strictObject({ comment: z.int().min(0) }),
    refusals: ['forbidden', 'rate_limited', 'not_found', 'busy'],
  }),
  'stage.setSafe': command<{ ok: true }>()({
    what: 'Safe mode: the picture falls silent, points go on.',
    roles,
    limit,
    input: z.strictObject({ safe: z.boolean() }),
    refusals: ['forbidden', 'rate_limited', 'busy'],
  }),
  'redemption.log': command<RoomRedemptions>()({
    what: 'What was redeemed in the own room, newest first, 20 a page; of names the first character.',
    roles,
    limit: { burst: 6, perMinute: 30 },
    input: z.strictObject({ before: z.string().max(160).optional() }),
    refusals: ['forbidden', 'rate_limited', 'busy'],
  }),
  ...clubHostCommands,
  ...playHostCommands,
} as const
