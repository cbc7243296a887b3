/** How wallets behave: when points expire, which pay first, who may give them to whom. */

import { z } from 'zod'

/** The position is what scripts take, from 1. */
export const SPEND_ORDERS = ['expiresFirst', 'sessionLast', 'ownBrandFirst'] as const
export type SpendOrder = (typeof SPEND_ORDERS)[number]

/** How far points reach. What is earned outside a room is its brand's in any case. */
export const POOLS = ['brand', 'room', 'host', 'coalition'] as const
export type Pool = (typeof POOLS)[number]

const BrandId = z.string().regex(/^[A-Za-z0-9_-]{1,64}$/)

/** When new points expire. A month that has begun counts whole, so points last a little longer than said. */
export const Expiry = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('never') }),
  z.strictObject({
    kind: z.literal('rolling'),
    months: z
      .int()
      .min(1)
      .max(60)
      .describe('Months after which they expire, at the end of the month'),
  }),
  z.strictObject({
    kind: z.literal('fixed'),
    month: z.int().min(1).max(12).describe('They expire at the end of this month of the year'),
    leastMonths: z.int().min(0).max(24).describe('Not before so many months have passed'),
  }),
])
export type Expiry = z.infer<typeof Expiry>

/** Points given to friends. Session points never. */
export const Transfer = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('deny') }),
  z.strictObject({
    kind: z.literal('allowWithin'),
    dailyCap: z.int().min(1).max(10_000_000).describe('Points one account may give a day'),
    perPairCap: z.int().min(1).max(10_000_000).describe('Points a day from one account to another'),
    minAccountAgeDays: z.int().min(0).max(365).default(0).describe('Since the giver first came'),
    minTier: z.int().min(0).max(9).default(0).describe('Rung the giver must have'),
    feeBps: z.int().min(0).max(5000).default(0).describe('Hundredths of a percent that are burnt'),
    coolOffHours: z
      .int()
      .min(0)
      .max(168)
      .default(0)
      .describe('Until received points may be given on'),
  }),
])
export type Transfer = z.infer<typeof Transfer>

export const WalletPolicy = z.strictObject({
  expiry: Expiry.default({ kind: 'rolling', months: 24 }),
  renewal: z.enum(['none', 'spend']).default('none').describe('`spend`: 1 yuan renews 1 point'),
  spendOrder: z.enum(SPEND_ORDERS).default('expiresFirst'),
  refundGraceMonths: z
    .int()
    .min(0)
    .max(12)
    .default(1)
    .describe('Months left to points of a refund that would have expired meanwhile; 0: none'),
  noticeDays: z.int().min(1).max(90).default(30).describe('Notice before points expire'),
  burnWeek: z
    .strictObject({
      days: z.int().min(1).max(14).describe('Last days before points expire'),
      factor: z
        .number()
        .min(0.1)
        .max(1)
        .default(1)
        .describe('What rewards of the burn week cost in it; 1 is their usual price'),
    })
    .optional()
    .describe('Rewards that are marked for it open then, and everybody is told once what expires'),
  pool: z
    .enum(POOLS)
    .default('brand')
    .describe(
      'How far points reach that are earned from now on: the brand, the room, the rooms of its host, or all brands of the coalition',
    ),
  coalition: z.array(BrandId).max(100).default([]),
  checkout: z
    .strictObject({
      maxShare: z
        .number()
        .min(0)
        .max(1)
        .default(1)
        .describe('Most of an order that points may pay'),
      minPoints: z.int().min(1).max(1_000_000).default(100),
      maxPoints: z.int().min(1).max(1_000_000_000).default(1_000_000),
    })
    .prefault({}),
  transfer: Transfer.default({ kind: 'deny' }),
})
export type WalletPolicy = z.infer<typeof WalletPolicy>
