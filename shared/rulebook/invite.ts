/** What inviting a friend pays, and what the friend has to do first. */

import { z } from 'zod'

/** `registers` is also joining the group, where a shop calls it so; `watches` is reaching the goal of a watch rule. */
export const INVITE_STEPS = ['registers', 'watches', 'orders'] as const
export type InviteStep = (typeof INVITE_STEPS)[number]

/** How a friend looks who is none; what is found waits for an operator and pays nobody meanwhile. */
export const InviteGuard = z.strictObject({
  sameNetwork: z
    .int()
    .min(2)
    .max(1000)
    .default(4)
    .describe('From so many friends of one inviter on one network on; a family is smaller'),
  burst: z
    .strictObject({
      friends: z.int().min(2).max(1000).default(10),
      minutes: z.int().min(1).max(1440).default(10),
    })
    .prefault({})
    .describe('So many friends of one inviter within so many minutes'),
  idle: z
    .strictObject({
      friends: z.int().min(2).max(1000).default(4),
      percent: z.int().min(1).max(100).default(80),
      minutes: z.int().min(1).max(1440).default(20).describe('Watched at most, ever'),
    })
    .prefault({})
    .describe(
      'Of at least so many friends invited a day ago or earlier so many percent came on one day only and watched no longer',
    ),
  freezeAt: z
    .int()
    .min(1)
    .max(1000)
    .optional()
    .describe(
      'The inviter is frozen when so many friends are held for two of these reasons at once; without it nobody is',
    ),
})
export type InviteGuard = z.infer<typeof InviteGuard>

/** More friends of one account are not remembered, so none is promised. */
export const FRIENDS_MAX = 1000

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
  perLife: z
    .int()
    .min(1)
    .max(FRIENDS_MAX)
    .default(100)
    .describe('Most friends one account invites ever'),
  guard: InviteGuard.optional().describe('Without it every friend is believed'),
})
export type InvitePolicy = z.infer<typeof InvitePolicy>
