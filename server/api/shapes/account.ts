/** Shapes of an account and of what its actions earned, for checking and for OpenAPI. */

import { z } from 'zod'
import type { AccountState } from '../../../shared/account-state.ts'
import {
  BUCKETS,
  type Bucket,
  REASONS,
  type Reason,
  type Receipt,
} from '../../../shared/receipt.ts'
import { ActionName, Count, Ms, names, Points } from './basics.ts'
import { TierKeepShape } from './tiers.ts'

export const AccountShape = z
  .object({
    epoch: z.string().describe('Of the shard: states are ordered by (epoch, version)'),
    version: Count,
    balance: z.object({
      spendable: Points,
      session: Points,
      pending: Points,
      held: Points,
      frozen: Points,
    }),
    elsewhere: Points.exactOptional().describe(
      'Spendable points that are not good in this room, or outside rooms; absent where all are',
    ),
    tier: z.object({
      rung: Count,
      growth: Points,
      promotions: Count,
      goal: z
        .object({ left: Points, progress: Count })
        .exactOptional()
        .describe(
          'What is missing to the next rung by the nearest way, 0 where quests alone lead there, and per cent of it; only where growth is not the only way',
        ),
      earned: Points.exactOptional().describe('Points ever earned; only where they make a tier'),
      boost: z
        .object({ rungs: Count, untilMs: Ms })
        .exactOptional()
        .describe('A day pass: what that many rungs higher pays counts until then'),
      keep: TierKeepShape.exactOptional().describe(
        'What keeps the rung; in sockets only from when its loss is told',
      ),
    }),
    today: z.object({
      points: Points.describe('Earned by behaviour today'),
      used: z.record(z.string(), Count).describe('Units that capped rules used today, by rule'),
      resetsAtMs: Ms,
    }),
    live: z.object({
      points: Points,
      watchedMs: Count,
      continuousMs: Count,
      tasks: z.array(
        z.object({
          task: Count,
          progress: Count,
          state: z.enum(['open', 'claiming', 'won', 'full']),
          rank: Count.exactOptional(),
        }),
      ),
    }),
    watch: z
      .object({ nonce: Count, dueAtMs: Ms })
      .describe('What the next `watch.beat` carries, and when it is due'),
  })
  .meta({
    id: 'Account',
    description: 'What a viewer is shown of the own account',
  }) satisfies z.ZodType<AccountState>

export const ReceiptShape = z
  .object({
    seq: Count.describe('Number of the client command; 0 for what a server did'),
    rule: z.string().describe('Id of the earn rule, task or quest'),
    title: z
      .object({ zh: z.string(), en: z.string() })
      .exactOptional()
      .describe('Of the quest that counted it or paid'),
    action: ActionName,
    reason: z.enum(names<Reason>(REASONS)).describe('Why it paid what it paid'),
    units: Count,
    counted: Count.describe('Units left after gate and caps'),
    baseMilli: Count.describe('Thousandths of a point per unit, before multipliers'),
    multipliers: z.object({ heat: Count, campaign: Count, tier: Count, personal: Count }),
    multiplier: Count.describe('Thousandths, after stacking and ceiling'),
    carry: Count.describe('Thousandths of a point carried in'),
    points: Points,
    bucket: z.enum(names<Bucket>(BUCKETS)),
    growth: Count,
    cap: Count.exactOptional(),
    resetsAtMs: Ms.exactOptional(),
    stale: z.literal(true).exactOptional(),
    brownout: z
      .object({ level: Count, factor: Count })
      .exactOptional()
      .describe(
        'The multiplier is shrunk by it: level of the rulebook, and thousandths that are left',
      ),
    first: z.literal(true).exactOptional().describe('First order of the account'),
    rulebook: Count,
    atMs: Ms,
  })
  .meta({
    id: 'Receipt',
    description: 'What was earned and why, or why not',
  }) satisfies z.ZodType<Receipt>
