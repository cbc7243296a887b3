/** What a viewer may ask of the catalogue. */

import { z } from 'zod'
import type { TierKeep } from '../account-state.ts'
import { ID_PATTERN, REDEMPTION_PATTERN } from '../ids.ts'
import type { RedemptionView, ShelfView } from '../rewards.ts'
import type { PrivilegeView } from '../tiers.ts'
import { command } from './registry.ts'

const roles = ['viewer'] as const
const Id = z.string().regex(ID_PATTERN)
/** Chosen by the client for each wish; repeating it answers what became of that wish. */
const RedemptionId = z
  .string()
  // What was won is numbered by the service.
  .regex(/^(?!win-)[A-Za-z0-9_-]{8,40}$/)

/** A reward and the id of a redemption of it. */
const CURSOR_MAX = 130

export const rewardCommands = {
  'reward.list': command<{ ok: true } & ShelfView>()({
    what: 'What points can buy in this room, as it stands for this viewer.',
    roles,
    limit: { burst: 6, perMinute: 30 },
    input: z.strictObject({
      near: z
        .strictObject({ lat: z.number().min(-90).max(90), lon: z.number().min(-180).max(180) })
        .optional()
        .describe('Where the viewer is: the nearest pick-up point stands first. It is not kept'),
    }),
    refusals: ['rate_limited', 'busy'],
  }),
  'reward.redeem': command<{ ok: true; redemption: RedemptionView }>()({
    what: 'Take a reward: points are held, the piece is taken, the points are paid. A repeat with the same id answers where it stands.',
    roles,
    limit: { burst: 4, perMinute: 20 },
    input: z.strictObject({
      id: RedemptionId,
      reward: Id,
      point: Id.optional().describe('Pick-up point, where the reward has several'),
      quoted: z
        .strictObject({ points: z.int().min(0), cashFen: z.int().min(0) })
        .optional()
        .describe('The price that was shown: at a higher one nothing is taken'),
    }),
    refusals: [
      'rate_limited',
      'not_found',
      'points_short',
      'points_elsewhere',
      'account_frozen',
      'sold_out',
      'reward_closed',
      'reward_limit',
      'reward_locked',
      'price_changed',
      'id_conflict',
      'busy',
    ],
  }),
  'privilege.list': command<{
    ok: true
    rung: number
    privileges: PrivilegeView[]
    keep?: TierKeep
  }>()({
    what: 'What the tier of this viewer gives now, how each of it is used, and how the rung is kept.',
    roles,
    limit: { burst: 6, perMinute: 30 },
    input: z.strictObject({}),
    refusals: ['rate_limited', 'busy'],
  }),
  'redemption.list': command<{
    ok: true
    redemptions: RedemptionView[]
    next?: string
    /** On the last page: there were more than are kept, and the oldest are not listed. */
    cut?: true
  }>()({
    what: 'Redemptions of the viewer, newest first, 20 a page; the newest 500 are listed.',
    roles,
    limit: { burst: 6, perMinute: 30 },
    input: z.strictObject({ before: z.string().max(CURSOR_MAX).optional() }),
    refusals: ['rate_limited', 'busy'],
  }),
  'redemption.cancel': command<{ ok: true; redemption: RedemptionView }>()({
    what: 'Give a reward back, as long as its terms allow: points return to where they came from, the piece to the stock.',
    roles,
    limit: { burst: 4, perMinute: 20 },
    input: z.strictObject({ id: z.string().regex(REDEMPTION_PATTERN) }),
    refusals: ['rate_limited', 'not_found', 'redemption_closed', 'busy'],
  }),
} as const
