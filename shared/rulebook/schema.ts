/** The rulebook: how the game works. Versioned documents in Redis; never in the environment. */

import { z } from 'zod'
import { COLOURS, ENTRANCES } from '../effects.ts'
import { STACKINGS } from '../points.ts'
import { ACTIONS, type Action, BUCKETS, type Bucket } from '../receipt.ts'
import { isTimeZone } from '../time.ts'
import { ANNOUNCEMENTS } from './announcement.ts'
import { Boards } from './boards.ts'
import { BudgetPolicy } from './budget.ts'
import { CashbackPolicy } from './cashback.ts'
import { DemotionPolicy } from './demotion.ts'
import { EconomyPolicy } from './economy.ts'
import { clubProblem, FanClubPolicy } from './fan-club.ts'
import { GreetingPolicy } from './greeting.ts'
import { InvitePolicy } from './invite.ts'
import { IssuancePolicy } from './issuance.ts'
import { KeyMoments } from './key-moments.ts'
import { count, decimal, Factor, Label, RuleId } from './parts.ts'
import { Privileges } from './privilege.ts'
import { PurchasePolicy } from './purchase.ts'
import {
  QUEST_PERIODS,
  type Quest,
  type QuestPeriod,
  type QuestStep,
  Quests,
  questProblems,
  STREAK_CYCLES,
} from './quests.ts'
import { RedemptionPolicy } from './redemption.ts'
import { TargetingPolicy } from './targeting.ts'
import { TeamTasks } from './team-tasks.ts'
import { WalletPolicy } from './wallet.ts'
import { wayProblems } from './ways.ts'

export {
  Factor,
  Label,
  QUEST_PERIODS,
  type Quest,
  type QuestPeriod,
  type QuestStep,
  RuleId,
  STREAK_CYCLES,
}

const ActionName = z.enum(Object.keys(ACTIONS) as [Action, ...Action[]])
const BucketName = z.enum(['spendable', 'session'] satisfies [Bucket, ...Bucket[]])

export const Caps = z.strictObject({
  perMinute: count(1_000_000).optional(),
  perLive: count(1_000_000).optional().describe('Per room and day of the room'),
  perDay: count(1_000_000).optional().describe('Per account and day of the platform'),
  ever: count(1_000_000).optional().describe('Per account, for ever'),
})
export type Caps = z.infer<typeof Caps>

export const EarnRule = z.strictObject({
  id: RuleId,
  no: z.int().min(1).max(199).describe('Stable number in records; never reuse one'),
  action: ActionName,
  enabled: z.boolean().default(true),
  points: decimal(100_000).describe('Points per unit before multipliers'),
  growth: decimal(100_000).default(0).describe('Growth per unit; multipliers do not apply'),
  per: count(1_000_000)
    .default(1)
    .describe('Raw amount that makes one unit; for purchases in fen, so 100 is one yuan'),
  bucket: BucketName.default('spendable'),
  goal: z
    .strictObject({ mode: z.enum(['continuous', 'cumulative']), minutes: decimal(1440).min(0.1) })
    .optional()
    .describe('Watch rules: one unit each time so much watching is reached'),
  caps: Caps.default({}),
  capPerAward: count(1_000_000).optional().describe('Most points one award may pay'),
  capStage: z.enum(['beforeMultiplier', 'afterMultiplier']).default('afterMultiplier'),
})
export type EarnRule = z.infer<typeof EarnRule>

export const HeatLevel = z.strictObject({
  from: decimal(1_000_000).describe('Heat at which the level begins'),
  label: Label,
  /** Multiplier of each action at this level; an action not named has x1. */
  factors: z.partialRecord(ActionName, Factor),
})
export type HeatLevel = z.infer<typeof HeatLevel>

export const Heat = z.strictObject({
  halfLifeSec: z.int().min(5).max(600).default(60),
  /** Heat per unit of each action; 0 or absent means it does not heat the room. */
  weights: z.partialRecord(ActionName, decimal(1000)),
  /** Most heat one viewer may add in ten seconds; what makes one fast finger worth nothing. */
  perViewer: decimal(1000).default(6),
  /** Distinct viewers of the last minute without whom the room stays at level 0. */
  minActors: z.int().min(1).max(60).default(3),
  minDwellSec: z.int().min(0).max(600).default(30),
  hysteresis: z.number().min(0).max(0.9).default(0.2),
  levels: z.array(HeatLevel).min(1).max(6),
})
export type Heat = z.infer<typeof Heat>

/** Quests of one rung. */
const TASK_SET_MAX = 6

export const Rung = z.strictObject({
  id: RuleId,
  label: Label,
  growth: z
    .int()
    .min(0)
    .max(1e12)
    .optional()
    .describe('Growth at which the rung is reached; of the ways to it any one is enough'),
  lifetimePoints: count(1e12)
    .optional()
    .describe('Points ever earned at which it is reached; spending takes none of them'),
  taskSet: z
    .array(RuleId)
    .min(1)
    .max(TASK_SET_MAX)
    .optional()
    .describe('Quests that reach it once all are done; only such as end'),
  factor: Factor.default(1),
  keep: z
    .int()
    .min(0)
    .max(1e12)
    .optional()
    .describe('Growth that keeps it for a window, instead of the share; 0 is never lost'),
  benefits: z.array(Label).max(8).default([]).describe('In words only; nothing depends on it'),
  privileges: Privileges.describe('Counts from this rung on'),
})
export type Rung = z.infer<typeof Rung>

/** Like a rule's id, but names such as `cn-5` carry a hyphen. */
export const LadderId = z.string().regex(/^[a-z][a-z0-9_-]{0,31}$/)
export const Ladder = z.strictObject({
  id: LadderId,
  rungs: z
    .array(Rung)
    .min(2)
    .max(10)
    .refine((rungs) => rungs[0]?.growth === 0, { message: 'the first rung starts at 0' }),
})
export type Ladder = z.infer<typeof Ladder>

export const CommentGate = z.strictObject({
  minLength: z.int().min(1).max(100).default(2).describe('Characters, without spaces'),
  maxLength: z.int().min(1).max(500).default(120),
  minIntervalMs: z.int().min(0).max(600_000).default(3000),
  links: z.enum(['refuse', 'allow']).default('refuse'),
  blocked: z.array(z.string().min(1).max(40)).max(500).default([]),
  likes: z
    .int()
    .min(0)
    .max(50)
    .default(5)
    .describe('Other viewers whose likes make a top comment; 0: only the host picks'),
})
export type CommentGate = z.infer<typeof CommentGate>

export const Attention = z.strictObject({
  beatSec: z.int().min(5).max(60).default(15),
  maxGapSec: z.int().min(10).max(300).default(30),
})

export const RoomProfile = z.strictObject({
  id: RuleId,
  label: Label,
  /** Weight of each action in rooms of this kind; an action not named has x1. */
  factors: z.partialRecord(ActionName, Factor),
  enables: z
    .array(RuleId)
    .max(10)
    .default([])
    .describe(
      'Earn rules that are off elsewhere and on in rooms of this kind; ids of no rule say nothing',
    ),
})
export type RoomProfile = z.infer<typeof RoomProfile>

const Price = z.int().min(1).max(1_000_000).describe('Points')

/** What points buy in the room. Whatever is left out is not on sale. */
export const Effects = z.strictObject({
  broadcast: z
    .strictObject({
      points: Price,
      chars: z.int().min(5).max(60).default(30).describe('Longest text, characters'),
      waitSec: z.int().min(30).max(900).default(180).describe('Then the points go back'),
      waiting: z.int().min(1).max(10).default(1).describe('Of one viewer at a time'),
    })
    .optional(),
  colours: z
    .array(z.strictObject({ colour: z.enum(COLOURS), points: Price, days: count(365) }))
    .max(COLOURS.length)
    .default([]),
  entrances: z
    .array(z.strictObject({ entrance: z.enum(ENTRANCES), points: Price, days: count(365) }))
    .max(ENTRANCES.length)
    .default([]),
  tiers: z
    .array(
      z.strictObject({
        rung: RuleId.describe('From this rung on; one that the ladder lacks gives nothing'),
        colour: z.enum(COLOURS).optional(),
        entrance: z.enum(ENTRANCES).optional(),
      }),
    )
    .max(10)
    .default([]),
  tip: z
    .strictObject({
      policy: z.enum(['burnForEffect', 'hostBucket']).default('burnForEffect'),
      hostShare: z.number().min(0).max(1).default(0.5).describe('Part of a tip the host receives'),
      amounts: z.array(Price).min(1).max(6),
      perLive: Price.default(10_000).describe('Most points one viewer gives in a live'),
    })
    .optional(),
  draw: z
    .strictObject({
      points: Price.describe('Of a ticket beyond the free one of the day'),
      perViewer: count(1000).default(5).describe('Most bought tickets of one viewer'),
      total: count(5000).default(2000).describe('Most tickets of one draw, free ones included'),
      prizePoints: Price.default(20_000).describe('Most points that a draw may pay'),
    })
    .optional(),
  vote: z
    .strictObject({
      points: Price.describe('Of a vote beyond the free one'),
      perViewer: count(1000).default(10).describe('Most bought votes of one viewer'),
    })
    .optional(),
  boost: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('off') }),
      z.strictObject({ kind: z.literal('dayPass'), maxRungs: z.literal(1), points: Price }),
    ])
    .default({ kind: 'off' })
    .describe('A rung higher until midnight'),
})
export type Effects = z.infer<typeof Effects>

export const Rulebook = z
  .strictObject({
    preset: RuleId,
    note: z.string().max(200).default(''),
    pointValueFen: z.int().min(1).max(100).default(1),
    timeZone: z
      .string()
      .refine(isTimeZone, { message: 'not an IANA time zone' })
      .default('Asia/Shanghai'),
    wallet: WalletPolicy.prefault({}),
    stacking: z.enum(STACKINGS).default('product'),
    ceiling: Factor.default(3),
    dailyPoints: count(10_000_000)
      .optional()
      .describe('Most points an account earns by behaviour a day'),
    issuance: IssuancePolicy.prefault({}),
    budget: BudgetPolicy.optional().describe('Without it a live may pay any number of points'),
    economy: EconomyPolicy.prefault({}),
    earn: z.array(EarnRule).min(1).max(40),
    heat: Heat,
    ladder: Ladder,
    announcement: z
      .enum(ANNOUNCEMENTS)
      .default('hostCueAndOverlay')
      .describe(
        'Who tells the room of a new tier: `hostCueAndOverlay` shows it at once and asks the host to say it, `auto` only shows ' +
          'it, `hostApprove` shows it when the host has announced it',
      ),
    greeting: GreetingPolicy.optional().describe('Without it the host greets whom he sees'),
    demotion: DemotionPolicy.prefault({ kind: 'grace' }),
    comment: CommentGate,
    attention: Attention,
    purchase: PurchasePolicy.prefault({}),
    redemption: RedemptionPolicy.prefault({}),
    cashback: CashbackPolicy.optional().describe('Without it nothing comes back of orders'),
    invite: InvitePolicy.optional().describe('Without it invites pay nothing'),
    quests: Quests,
    shareProof: z.enum(['client', 'clickThrough', 'server']).default('client'),
    profiles: z.array(RoomProfile).max(20).default([]),
    keyMoments: KeyMoments.describe('Minutes in which actions weigh otherwise, by the clock'),
    effects: Effects.prefault({}),
    targeting: TargetingPolicy.prefault({}),
    boards: Boards.describe('Weekly boards; what none counts costs nothing'),
    fanClub: FanClubPolicy.optional().describe('Without it hosts have no fan clubs'),
    teamTasks: TeamTasks.describe('What friends reach together in teams of their own'),
  })
  .superRefine((book, ctx) => {
    const seen = new Set<string | number>()
    book.earn.forEach((rule, i) => {
      for (const key of [rule.id, rule.no]) {
        if (seen.has(key))
          ctx.addIssue({ code: 'custom', path: ['earn', i], message: `${key} stands twice` })
        seen.add(key)
      }
      if (rule.goal && rule.action !== 'watch')
        ctx.addIssue({
          code: 'custom',
          path: ['earn', i, 'goal'],
          message: 'only watch rules have a goal',
        })
      if (rule.goal && rule.per !== 1)
        ctx.addIssue({
          code: 'custom',
          path: ['earn', i, 'per'],
          message: 'the goal is the unit of a watch rule',
        })
      if (!rule.goal && rule.action === 'watch')
        ctx.addIssue({
          code: 'custom',
          path: ['earn', i, 'goal'],
          message: 'a watch rule needs a goal',
        })
    })
    for (const problem of questProblems(
      book.quests,
      book.earn.map(({ id }) => id),
    ))
      ctx.addIssue({ code: 'custom', ...problem })
    for (const problem of wayProblems({ rungs: book.ladder.rungs, quests: book.quests }))
      ctx.addIssue({ code: 'custom', ...problem })
    const club = clubProblem(book.fanClub, book.ladder.rungs)
    if (club) ctx.addIssue({ code: 'custom', ...club })
    book.heat.levels.forEach((level, i) => {
      const below = book.heat.levels[i - 1]
      if (below ? level.from <= below.from : level.from !== 0)
        ctx.addIssue({
          code: 'custom',
          path: ['heat', 'levels', i, 'from'],
          message: 'levels start at 0 and rise',
        })
    })
  })
export type Rulebook = z.infer<typeof Rulebook>

/** What people may leave out when they write one. */
export type RulebookInput = z.input<typeof Rulebook>

/** As it stands in Redis. */
export interface PublishedRulebook {
  version: number
  publishedAtMs: number
  by: string
  /** Who wrote it, where somebody else published it. */
  draftedBy?: string
  /** It is played by some only, beside this version, and was never current. */
  variantOf?: number
  /** From when it holds, where that is later than its publication. */
  effectiveAtMs?: number
  book: Rulebook
}

export const bucketOf = (rule: EarnRule): number => BUCKETS[rule.bucket]
