/** A dry run as the API shows it; the types are those of shared/dry-run.ts. */

import { z } from 'zod'
import { DRY_RUN_ENDS } from '../../../shared/dry-run.ts'
import { BUCKETS, type Bucket, REASONS, type Reason } from '../../../shared/receipt.ts'
import { Count, Ms } from './basics.ts'

const names = <T extends string>(of: Record<T, number>) => Object.keys(of) as [T, ...T[]]
const Rung = z.int().min(0)

const Sums = z.object({
  points: Count,
  growth: Count,
  byRule: z.array(
    z.object({
      rule: z.string().describe('Id of the earn rule; `task` for what tasks promised'),
      awards: Count,
      points: Count,
      growth: Count,
    }),
  ),
  byTier: z.array(z.object({ rung: Rung, points: Count })),
  caps: z.array(z.object({ reason: z.enum(names<Reason>(REASONS)), times: Count })),
  levelUps: z.array(z.object({ rung: Rung, times: Count })),
  balances: z.record(z.enum(names<Bucket>(BUCKETS)), Count).describe('At the end, of all accounts'),
})

const Person = z.object({ account: z.string(), told: Count, tried: Count })

export const DryAsked = {
  fromMs: Ms.describe(
    'From here on the other rules are tried; what is before it is played as it was',
  ),
  toMs: Ms,
  room: z.string().optional().describe('Only what happened there is played by the other rules'),
  oneOf: z.int().min(1).max(10_000).describe('One account of so many is followed; 1 is all'),
}

const Report = z.object({
  asked: z.object(DryAsked),
  versions: z.array(z.int()).describe('That were in force for it'),
  entries: Count,
  before: Count.describe('Other entries, played as they were'),
  accounts: Count,
  proof: z
    .object({
      entries: Count,
      sameEntries: Count,
      balances: Count,
      sameBalances: Count,
      differences: z.array(z.string()),
    })
    .describe(
      'Whether the rules in force make the ledger again; where not, the rest is not to be relied upon',
    ),
  told: Sums.describe('As it was'),
  tried: Sums.optional().describe('By the rules that were tried'),
  salesFen: Count,
  people: z
    .object({
      gain: Count,
      lose: Count,
      same: Count,
      most: z.array(Person),
      least: z.array(Person),
      short: z
        .object({ accounts: Count, points: Count })
        .describe('Points that were spent and would not have been there'),
    })
    .optional(),
  ambiguousHeat: Count.describe('Entries whose heat fits several levels'),
  tookMs: Count,
})

export const DryRun = z.object({
  id: z.string(),
  state: z.enum(['asked', 'running', 'done', 'ended', 'lost']),
  asked: z.object(DryAsked),
  by: z.string(),
  draft: z.int().describe('Revision of the draft that is tried'),
  changedAtMs: Ms,
  progress: z.object({ done: Count, of: Count }).optional(),
  report: Report.optional(),
  why: z.enum(DRY_RUN_ENDS).optional().describe('Why there is no result'),
})
