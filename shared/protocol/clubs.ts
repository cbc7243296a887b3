/** Commands of fan clubs, of viewers and of the host. */

import { z } from 'zod'
import { CLUB_ACTIONS, type ClubDeskRead, type ClubRead, type ClubTaskView } from '../clubs.ts'
import { command } from './registry.ts'

/** Repeating a request with the same id answers what the first one did. */
const RequestId = z.string().regex(/^[A-Za-z0-9_-]{8,64}$/)
const limit = { burst: 6, perMinute: 30 }

export const clubCommands = {
  'club.read': command<ClubRead>()({
    what: "The fan club of the room's host: its ranks and tasks, and how far the viewer is; no club where the rulebook has none.",
    roles: ['viewer'],
    limit,
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy'],
  }),
  'club.join': command<ClubRead>()({
    what: 'Join the fan club of the host, for points where the rulebook asks for some; joining again is free.',
    roles: ['viewer'],
    limit: { burst: 3, perMinute: 10 },
    input: z.strictObject({ requestId: RequestId }),
    refusals: [
      ...(['rate_limited', 'not_found', 'club_limit', 'points_short', 'points_elsewhere'] as const),
      ...(['account_frozen', 'too_many_holds', 'hold_closed', 'id_conflict', 'busy'] as const),
    ],
  }),
  'club.leave': command<ClubRead>()({
    what: 'Leave the fan club; growth and rank are kept for the next time.',
    roles: ['viewer'],
    limit: { burst: 3, perMinute: 10 },
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy'],
  }),
} as const

export const clubHostCommands = {
  'club.desk': command<ClubDeskRead>()({
    what: 'The own fan club: members on each rank, tasks, and points that tasks of today may still promise.',
    roles: ['host'],
    limit,
    input: z.strictObject({}),
    refusals: ['forbidden', 'rate_limited', 'busy'],
  }),
  'clubTask.start': command<{ ok: true; task: ClubTaskView }>()({
    what: 'Write a task for the own fan club: the first members who reach the goal are paid. It begins two seconds later.',
    roles: ['host'],
    limit,
    input: z.strictObject({
      requestId: RequestId,
      action: z.enum(CLUB_ACTIONS),
      goal: z.int().min(1).max(10_000).describe('Minutes of watching, otherwise times'),
      points: z.int().min(1).max(10_000).describe('For each member who is paid'),
      places: z.int().min(1).max(100_000).describe('So many members are paid'),
      minutes: z
        .int()
        .min(1)
        .max(7 * 24 * 60)
        .describe('How long it runs; what members do in any live of the host counts'),
    }),
    refusals: ['forbidden', 'rate_limited', 'club_limit', 'room_full', 'id_conflict', 'busy'],
  }),
  'clubTask.end': command<{ ok: true }>()({
    what: 'End a task of the own fan club now; what was reached before is paid.',
    roles: ['host'],
    limit,
    input: z.strictObject({ task: z.int().min(1) }),
    refusals: ['forbidden', 'rate_limited', 'task_closed', 'busy'],
  }),
} as const
