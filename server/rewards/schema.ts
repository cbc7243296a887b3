/** What a shop writes about a reward, and what holds for all of them. */

import { z } from 'zod'
import { ID_PATTERN } from '../../shared/ids.ts'
import { PAYS, REWARD_KINDS } from '../../shared/rewards.ts'
import { DOUBLE_MS_MAX } from './limits.ts'

const Id = z.string().regex(ID_PATTERN)
const Ms = z.int().min(0).max(1e14).describe('Unix time, ms')
const text = (max: number) =>
  z.strictObject({ zh: z.string().min(1).max(max), en: z.string().min(1).max(max) })
const Web = z
  .string()
  .max(500)
  .regex(/^(https:\/\/|\/)[^\s"'<>\\]*$/, { message: 'https, or a path of this site' })
const Rung = z.int().min(1).max(9)
const pieces = (max: number) => z.int().min(1).max(max)
const PIECES_MAX = 1_000_000

const Stock = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('fixed'),
    pieces: z
      .int()
      .min(0)
      .max(PIECES_MAX)
      .describe('When the reward is made; later it changes by sales and restocking'),
  }),
  z.strictObject({
    kind: z.literal('weekly'),
    pieces: pieces(PIECES_MAX).describe(
      'Released each Monday in the time zone of the platform; what is left is not carried over',
    ),
  }),
  z.strictObject({ kind: z.literal('endless') }),
])

export const RewardDoc = z
  .strictObject({
    title: text(40),
    note: text(120).optional(),
    image: Web.optional(),
    kind: z.enum(REWARD_KINDS),
    enabled: z.boolean().default(true),
    room: Id.optional().describe('Only in this room'),
    points: z.int().min(1).max(1_000_000_000),
    cashFen: z.int().min(0).max(100_000_000).default(0),
    cashWithinMin: z.int().min(1).max(1440).default(15).describe('Or the piece goes back'),
    pay: z.enum(PAYS).default('any'),
    worthFen: z.int().min(0).max(1_000_000_000).describe('What it costs elsewhere'),
    stock: Stock.default({ kind: 'endless' }),
    lowStock: z.int().min(0).max(PIECES_MAX).default(0).describe('Alert from here on; 0 is never'),
    window: z.strictObject({ opensAtMs: Ms.optional(), closesAtMs: Ms.optional() }).optional(),
    flash: z
      .strictObject({ lastMinutes: z.int().min(1).max(120).default(5) })
      .optional()
      .describe('Only in flash windows, which host or shop open'),
    burnWeek: z
      .strictObject({
        only: z.boolean().default(true).describe('Cannot be taken at other times'),
        leastPoints: z
          .int()
          .min(1)
          .max(1_000_000_000)
          .optional()
          .describe('Floor of its price in a burn week'),
      })
      .optional()
      .describe('Belongs to the burn week of the rulebook'),
    lives: z.int().min(1).max(100).optional().describe('For who has watched so many lives'),
    tier: Rung.optional().describe('For this rung of the ladder and above'),
    member: z
      .strictObject({
        points: z.int().min(1).max(1_000_000_000).optional(),
        cashFen: z.int().min(0).max(100_000_000).optional(),
        rung: Rung.optional().describe('Without it the first rung with `room_price`'),
        rooms: z.array(Id).max(50).default([]).describe('Empty: in every room'),
      })
      .optional()
      .describe('A lower price from this rung on'),
    early: z
      .strictObject({ minutes: z.int().min(1).max(1440).default(5), rung: Rung.optional() })
      .optional()
      .describe(
        'The rung (without it the first with `early_access`, or the top one) may come earlier',
      ),
    limits: z
      .strictObject({
        ever: pieces(10_000).optional(),
        perDay: pieces(10_000).optional(),
        perWeek: pieces(10_000).optional(),
      })
      .default({}),
    delivery: z.enum(['pickup', 'code', 'none']).default('none'),
    pickup: z
      .array(Id)
      .max(20)
      .default([])
      .describe('Points where it lies from the next day on; the viewer chooses'),
    pickupAfterDays: z.int().min(0).max(60).default(1),
    link: Web.optional().describe('Opened by who has it'),
    cancelWithinMin: z
      .int()
      .min(0)
      .max(43_200)
      .default(60)
      .describe('How long it may be given back once it is paid'),
  })
  .superRefine((doc, ctx) => {
    const wrong = (path: string, message: string): void =>
      void ctx.addIssue({ code: 'custom', path: path.split('.'), message })
    const { opensAtMs = 0, closesAtMs = Number.MAX_SAFE_INTEGER } = doc.window ?? {}
    if (closesAtMs <= opensAtMs) wrong('window.closesAtMs', 'closes after it opens')
    const { leastPoints = 0, only = false } = doc.burnWeek ?? {}
    if (leastPoints > doc.points) wrong('burnWeek.leastPoints', 'is above its price')
    if (doc.early && !doc.flash && opensAtMs === 0 && !only)
      wrong('early', 'needs a time at which it opens for the others')
    if (doc.delivery === 'pickup' && doc.pickup.length === 0) wrong('pickup', 'needs a point')
    if (doc.delivery !== 'pickup' && doc.pickup.length > 0)
      wrong('pickup', 'only for what is picked up')
    const { points = doc.points, cashFen = doc.cashFen } = doc.member ?? {}
    if (points > doc.points) wrong('member.points', 'is above its price')
    if (cashFen > doc.cashFen) wrong('member.cashFen', 'is above its price')
    if (doc.member && points === doc.points && cashFen === doc.cashFen)
      wrong('member', 'is lower in points or in cash')
    if (doc.cashFen > doc.worthFen) wrong('cashFen', 'asks for more cash than it is worth')
  })
export type RewardDoc = z.infer<typeof RewardDoc>
export type RewardInput = z.input<typeof RewardDoc>

/** As it stands in Redis. */
export const StoredReward = z.object({
  id: Id,
  brand: Id,
  brandNo: z.int(),
  version: z.int(),
  by: z.string(),
  atMs: Ms,
  doc: RewardDoc,
})
export type StoredReward = z.infer<typeof StoredReward>

export const Position = z.strictObject({
  lat: z.number().min(-90).max(90),
  lon: z.number().min(-180).max(180),
})

export const PointDoc = z.object({
  id: Id,
  brand: Id,
  name: text(40),
  address: text(120).optional(),
  position: Position.optional().describe('Where it is, so that the nearest can stand first'),
})
export type PointDoc = z.infer<typeof PointDoc>

/** While it runs, rewards cost half the points. */
export const DoubleEvent = z
  .strictObject({
    id: Id,
    startsAtMs: Ms,
    endsAtMs: Ms,
    rewards: z.array(Id).max(100).default([]).describe('Empty: all of the brand'),
  })
  .refine((event) => event.endsAtMs > event.startsAtMs, {
    path: ['endsAtMs'],
    message: 'ends after it starts',
  })
  .refine((event) => event.endsAtMs - event.startsAtMs <= DOUBLE_MS_MAX, {
    path: ['endsAtMs'],
    message: 'lasts at most three days',
  })
export type DoubleEvent = z.infer<typeof DoubleEvent>

export const StoredDouble = z.object({
  id: Id,
  brand: Id,
  startsAtMs: Ms,
  endsAtMs: Ms,
  rewards: z.array(Id),
})
export type StoredDouble = z.infer<typeof StoredDouble>

export const RewardPolicy = z.strictObject({
  cashBelowFen: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(0)
    .describe('What is worth less than this has a cash part; 0 is never'),
  remindHours: z
    .int()
    .min(1)
    .max(168)
    .default(24)
    .describe('So long before its pick-up code ends a viewer is reminded'),
})
export type RewardPolicy = z.infer<typeof RewardPolicy>
export type RewardPolicyInput = z.input<typeof RewardPolicy>
