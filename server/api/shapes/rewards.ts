/** Shapes of rewards and redemptions, for checking and for OpenAPI and AsyncAPI. */

import { z } from 'zod'
import {
  type BurnWeekView,
  type Gain,
  PAYS,
  REWARD_KINDS,
  type RedemptionView,
  type RewardLock,
  type RewardView,
} from '../../../shared/rewards.ts'
import { Label } from '../../../shared/rulebook/schema.ts'
import { Count, Id, Ms } from './basics.ts'

const Period = z.enum(['ever', 'day', 'week'])

const Lock = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('not_yet'), opensAtMs: Ms.exactOptional() }),
  z.object({ kind: z.literal('over') }),
  z.object({ kind: z.literal('sold_out'), restocksAtMs: Ms.exactOptional() }),
  z.object({ kind: z.literal('limit'), per: Period, resetsAtMs: Ms.exactOptional() }),
  z.object({ kind: z.literal('tier'), rung: Count, label: Label }),
  z.object({ kind: z.literal('task'), lives: Count, watched: Count }),
  z.object({ kind: z.literal('early'), rung: Count, label: Label, opensAtMs: Ms }),
  z.object({ kind: z.literal('points'), missing: Count }),
]) satisfies z.ZodType<RewardLock>

const Point = z.object({
  id: Id,
  name: Label,
  located: z.literal(true).exactOptional().describe('Its place is known'),
  distanceM: Count.exactOptional().describe('From where the viewer said to be'),
})

export const ValueShape = z.object({
  ratioMilli: Count.describe("What a point brings, in thousandths of the rulebook's value"),
  warning: z.enum(['low', 'high']).exactOptional().describe('Outside 0.5x to 2x'),
})

export const RewardShape = z
  .object({
    id: Id,
    title: Label,
    note: Label.exactOptional(),
    image: z.string().exactOptional(),
    kind: z.enum(REWARD_KINDS),
    cost: z.object({ points: Count, cashFen: Count, pay: z.enum(PAYS) }),
    usualPoints: Count.exactOptional().describe(
      'Where an event, the burn week or the tier lowers them now',
    ),
    usualCashFen: Count.exactOptional().describe('Where the tier lowers it'),
    member: z
      .object({ rung: Count, label: Label, points: Count, cashFen: Count, yours: z.boolean() })
      .exactOptional()
      .describe('The price from that rung on; `yours`: this viewer pays it'),
    worthFen: Count,
    value: ValueShape,
    left: Count.exactOptional(),
    low: z.literal(true).exactOptional(),
    opensAtMs: Ms.exactOptional(),
    closesAtMs: Ms.exactOptional(),
    lock: Lock.exactOptional().describe('Why this viewer cannot take it now'),
    mine: z.object({ taken: Count, max: Count, per: Period }).exactOptional(),
    delivery: z.enum(['pickup', 'code', 'none']),
    pickup: z.array(Point).exactOptional(),
    cancelWithinMs: Count.exactOptional(),
    burnWeek: z.literal(true).exactOptional().describe('For the burn week, or cheaper in it'),
    recommended: z
      .object({ zh: z.string(), en: z.string() })
      .exactOptional()
      .describe('It suits how this viewer buys; why'),
  })
  .meta({
    id: 'Reward',
    description: 'A reward as a viewer sees it',
  }) satisfies z.ZodType<RewardView>

export const BurnWeekShape = z
  .object({ opensAtMs: Ms, closesAtMs: Ms, points: Count.describe('What expires at its end') })
  .meta({ id: 'BurnWeek' }) satisfies z.ZodType<BurnWeekView>

export const RedemptionShape = z
  .object({
    id: z.string(),
    reward: Id,
    title: Label,
    kind: z.enum(REWARD_KINDS),
    points: Count,
    cashFen: Count,
    state: z.enum([
      'holding',
      'awaiting_cash',
      'issued',
      'used',
      'cancelled',
      'refunded',
      'failed',
    ]),
    atMs: Ms,
    cashUntilMs: Ms.exactOptional(),
    why: z
      .enum(['sold_out', 'limit', 'not_yet', 'over', 'cash_late', 'viewer', 'shop', 'expired'])
      .exactOptional(),
    code: z.string().exactOptional(),
    qr: z.string().exactOptional().describe('What a QR code carries, signed'),
    pickup: z
      .object({ point: Id, name: Label, day: z.string().describe('YYYY-MM-DD'), untilMs: Ms })
      .exactOptional(),
    link: z.string().exactOptional(),
    cancelUntilMs: Ms.exactOptional(),
    usedAtMs: Ms.exactOptional(),
  })
  .meta({
    id: 'Redemption',
    description: 'What became of one wish for a reward',
  }) satisfies z.ZodType<RedemptionView>

/** What a page of redemptions says of what comes behind it. */
export const ListEnd = {
  next: z.string().exactOptional().describe('`before` of the next page'),
  cut: z
    .literal(true)
    .exactOptional()
    .describe('On the last page: there were more than are kept, and the oldest are not listed'),
}

export const GainShape = z
  .object({
    points: Count,
    spendable: Count.describe('Afterwards'),
    best: z.object({ reward: Id, title: Label, points: Count }).exactOptional(),
  })
  .meta({ id: 'Gain' }) satisfies z.ZodType<Gain>
