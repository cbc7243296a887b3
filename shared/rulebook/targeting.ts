/** Whom the service knows apart by what they do, and what each group is given: segments, offers in the room, packs. */

import { z } from 'zod'
import { ACTIONS, type Action } from '../receipt.ts'
import { SEGMENT_PACKS } from '../tiers.ts'
import { decimal, Factor, Label, PackContents, RuleId } from './parts.ts'

/** What is known of an account, as conditions name it. `change` is in percent, the others count what they say. */
export const FIGURES = [
  'daysSinceFirst',
  'daysSinceLast',
  'watchedMinutes',
  'lives',
  'comments',
  'shares',
  'browses',
  'orders',
  'spentYuan',
  'rung',
  'activeDays',
  'change',
  'idleMarathons',
] as const
export type Figure = (typeof FIGURES)[number]
export type Figures = Record<Figure, number>

const Bound = z.int().min(-100).max(1_000_000_000)

export const Condition = z
  .strictObject({
    figure: z
      .enum(FIGURES)
      .describe(
        '`activeDays`: of the last 14; `change`: activity of the last 14 days against the 14 before, percent; `idleMarathons`: of the last 7 days those with 16 h of watching and nothing else',
      ),
    atLeast: Bound.optional(),
    atMost: Bound.optional(),
  })
  .refine((one) => one.atLeast !== undefined || one.atMost !== undefined, {
    message: 'a condition has a bound',
  })
export type Condition = z.infer<typeof Condition>

const SegmentPack = z.strictObject({
  ...PackContents,
  kind: z.enum(SEGMENT_PACKS).describe('What the viewer is told it is'),
  given: z
    .enum(['nextVisit', 'atOnce'])
    .default('nextVisit')
    .describe('`nextVisit`: it waits for the viewer, who is told of it by the merchant'),
  againDays: z.int().min(1).max(365).default(30).describe('Not again within so many days'),
})
export type SegmentPack = z.infer<typeof SegmentPack>

export const Segment = z.strictObject({
  id: RuleId,
  label: Label,
  all: z.array(Condition).min(1).max(6).describe('Who meets all of them is in it'),
  tell: z.boolean().default(false).describe('Webhooks when somebody enters or leaves it'),
  factor: Factor.min(1).max(3).default(1).describe('Personal multiplier of who is in it'),
  pack: SegmentPack.optional().describe('Given to who enters it'),
  freeze: z
    .boolean()
    .default(false)
    .describe('Accounts that enter it are frozen until an operator looks at them'),
})
export type Segment = z.infer<typeof Segment>

const ActionName = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]])

/** What somebody in the room is asked for at the right moment, and what it brings. */
export const Offer = z.strictObject({
  id: RuleId,
  label: Label.describe('As the viewer reads it'),
  segment: RuleId.optional().describe('Only to who is in it'),
  watchedMinutes: decimal(1440).default(0).describe('Of this live, at least'),
  browsed: z.int().min(0).max(1000).default(0).describe('Product pages in this live, at least'),
  ask: ActionName.describe('What brings the points'),
  points: z.int().min(1).max(10_000),
  minutes: z.int().min(1).max(240).default(10).describe('How long it stands'),
  often: z
    .enum(['ever', 'live'])
    .default('ever')
    .describe(
      'Paid once to an account, or once a live; not taken, it may come again in another live',
    ),
})
export type Offer = z.infer<typeof Offer>

export const SEGMENTS_MAX = 20
export const OFFERS_MAX = 10

const idsOnce = (all: readonly { id: string }[]) =>
  new Set(all.map(({ id }) => id)).size === all.length

export const TargetingPolicy = z
  .strictObject({
    segments: z
      .array(Segment)
      .max(SEGMENTS_MAX)
      .refine(idsOnce, { message: 'each segment stands once' })
      .default([]),
    offers: z
      .array(Offer)
      .max(OFFERS_MAX)
      .refine(idsOnce, { message: 'each offer stands once' })
      .default([]),
  })
  .superRefine(({ segments, offers }, ctx) => {
    const known = new Set(segments.map(({ id }) => id))
    offers.forEach(({ segment }, i) => {
      if (segment !== undefined && !known.has(segment))
        ctx.addIssue({
          code: 'custom',
          path: ['offers', i, 'segment'],
          message: `there is no segment ${segment}`,
        })
    })
  })
export type TargetingPolicy = z.infer<typeof TargetingPolicy>
