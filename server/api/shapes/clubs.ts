/** Shapes of fan clubs. */

import { z } from 'zod'
import {
  CLUB_ACTIONS,
  type ClubDesk,
  type ClubDeskRead,
  type ClubRead,
  type ClubTaskView,
} from '../../../shared/clubs.ts'
import { Count, Ms } from './basics.ts'

const Both = z.object({ zh: z.string(), en: z.string() })
const done = { ok: z.literal(true), atMs: Ms }

export const ClubTaskShape = z.object({
  task: z.int().min(1),
  action: z.enum(CLUB_ACTIONS),
  goal: Count.describe('Minutes of watching, otherwise times'),
  points: Count,
  places: Count.describe('So many members are paid'),
  left: Count,
  startsAtMs: Ms,
  endsAtMs: Ms,
}) satisfies z.ZodType<ClubTaskView>

export const ClubReadShape = z.object({
  ...done,
  club: z
    .object({
      rungs: z.array(z.object({ label: Both, growth: Count, platformGrowth: Count })),
      perDay: Count.describe('Most club growth a day'),
      joinPoints: Count.describe('What joining costs the viewer now'),
      own: z
        .object({
          growth: Count,
          rung: Count.describe('Counted from 0'),
          today: Count.describe('Club growth of today'),
          sinceMs: Ms,
        })
        .exactOptional()
        .describe('Missing where the viewer is no member'),
      free: Count.describe('Clubs that the viewer may still join'),
      tasks: z.array(
        ClubTaskShape.extend({
          progress: Count.describe('In units of the goal'),
          state: z.enum(['open', 'paying', 'paid', 'full']),
        }),
      ),
    })
    .exactOptional(),
}) satisfies z.ZodType<ClubRead>

export const ClubDeskShape = z.object({
  members: Count,
  byRung: z.array(z.object({ label: Both, members: Count })).describe('From the lowest rank'),
  pointsLeft: Count.describe('Points that tasks written today may still promise'),
  tasks: z.array(ClubTaskShape.extend({ ended: z.literal(true).exactOptional() })),
}) satisfies z.ZodType<ClubDesk>

export const ClubDeskReadShape = z.object({
  ...done,
  club: ClubDeskShape.exactOptional().describe('Missing where the rulebook has no fan clubs'),
}) satisfies z.ZodType<ClubDeskRead>
