/** What inviting a friend pays, and what the friend has to do first. */

import { z } from 'zod'

/** `registers` is also joining the group, where a shop calls it so; `watches` is reaching the goal of a watch rule. */
export const INVITE_STEPS = ['registers', 'watches', 'orders'] as const
export type InviteStep = (typeof INVITE_STEPS)[number]

export const InvitePolicy = z.strictObject({
  due: z
    .array(z.enum(INVITE_STEPS))
    .min(1)
    .refine((steps) => new Set(steps).size === steps.length, { message: 'each step once' })
    .describe('All that the friend has to do, in any order'),
  points: z.int().min(1).max(100_000).describe('Of the inviter, pending until all is done'),
  growth: z.int().min(0).max(100_000).default(0).describe('Of the inviter, when all is done'),
  invitedPoints: z.int().min(0).max(100_000).default(0).describe('Of the friend, when all is done'),
  withinDays: z.int().min(1).max(365).default(30).describe('After that the promise is dropped'),
  newOnly: z
    .boolean()
    .default(true)
    .describe('Only accounts to which nothing had happened before count as friends'),
  perDay: z.int().min(1).max(1000).default(5).describe('Most friends one account invites a day'),
})
export type InvitePolicy = z.infer<typeof InvitePolicy>
