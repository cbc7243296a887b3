/** Shapes of what the API takes and answers, for checking and for OpenAPI. */

import { z } from 'zod'
import type { AccountState } from '../../shared/account-state.ts'
import type { DrawPrize } from '../../shared/draw.ts'
import { COLOURS, ENTRANCES } from '../../shared/effects.ts'
import { ID_PATTERN } from '../../shared/ids.ts'
import {
  CAUSES,
  type Cause,
  type HistoryEntry,
  HOLD_USES,
  type HoldUse,
  ISSUER_KINDS,
  type IssuerName,
  type LedgerEntry,
  PLACES,
  type Place,
  type Reach,
} from '../../shared/ledger.ts'
import { MAX_POINTS } from '../../shared/points.ts'
import {
  ACTIONS,
  type Action,
  BUCKETS,
  type Bucket,
  REASONS,
  type Reason,
  type Receipt,
} from '../../shared/receipt.ts'
import type { LiveView } from '../../shared/room-state.ts'
import { Label } from '../../shared/rulebook/schema.ts'
import { isTimeZone } from '../../shared/time.ts'
import { ROLES } from '../identity/index.ts'

const names = <T extends string>(table: Record<T, number>) => Object.keys(table) as [T, ...T[]]

export const Id = z.string().regex(ID_PATTERN)
export const Ms = z.int().min(0).describe('Unix time, ms')
const Points = z.int().min(0).max(MAX_POINTS)
const Count = z.int().min(0)
const ActionName = z.enum(names<Action>(ACTIONS))

export const RoleName = z.enum(ROLES)
export const TimeZone = z.string().max(64).refine(isTimeZone, { message: 'not an IANA time zone' })
/** A name as somebody typed it. */
export const Name = z.string().trim().min(1).max(60)

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
      boost: z
        .object({ rungs: Count, untilMs: Ms })
        .exactOptional()
        .describe('A day pass: what that many rungs higher pays counts until then'),
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
    watch: z.object({ nonce: Count, dueAtMs: Ms }),
  })
  .meta({
    id: 'Account',
    description: 'What a viewer is shown of the own account',
  }) satisfies z.ZodType<AccountState>

export const ReceiptShape = z
  .object({
    seq: Count.describe('Number of the client command; 0 for what a server did'),
    rule: z.string().describe('Id of the earn rule or task'),
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
    first: z.literal(true).exactOptional().describe('First order of the account'),
    rulebook: Count,
    atMs: Ms,
  })
  .meta({
    id: 'Receipt',
    description: 'What was earned and why, or why not',
  }) satisfies z.ZodType<Receipt>

const PlaceName = z.enum(names<Place>(PLACES))

export const LedgerEntryShape = z
  .object({
    cause: z.enum(names<Cause>(CAUSES)),
    use: z.enum(names<HoldUse>(HOLD_USES)).exactOptional().describe('What the hold is for'),
    atMs: Ms,
    version: Count.describe('Change counter of the account after it'),
    ref: z.string().describe('Id of the hold, issue or operation'),
    subject: z.string().describe('What for: a reward, an order, another account'),
    by: z.string().describe('Key id of the server or operator'),
    at: Count.describe('Number of the brand at which it happened'),
    live: Count,
    untilMs: Ms.exactOptional().describe('Deadline of a hold or of pending points'),
    moves: z.array(
      z.object({
        from: PlaceName,
        to: PlaceName,
        issuer: Count.describe('Number of the brand, room or host whose points they are'),
        live: Count,
        month: Count.describe('Months since January 2000 at whose start they are gone; 0 never'),
        toMonth: Count,
        points: Points,
      }),
    ),
    note: z.string().exactOptional().describe("The operator's reason"),
  })
  .meta({
    id: 'LedgerEntry',
    description: 'Points that moved without an action of the viewer',
  }) satisfies z.ZodType<LedgerEntry>

export const HistoryEntryShape = z.discriminatedUnion('kind', [
  ReceiptShape.extend({
    kind: z.literal('receipt'),
    issuer: Count.exactOptional().describe('Number of whose points they are; see `issuers`'),
  }),
  LedgerEntryShape.extend({ kind: z.literal('moved') }),
]) satisfies z.ZodType<HistoryEntry>

const issuerName = {
  kind: z
    .enum(ISSUER_KINDS)
    .describe('Good everywhere at the brand, in one room, or with one host'),
  id: Id,
  brand: Id,
  name: z.string().exactOptional().describe('Of a room'),
}
export const IssuerShape = z
  .object(issuerName)
  .meta({ id: 'Issuer', description: 'Whose points they are' }) satisfies z.ZodType<IssuerName>

export const IssuersShape = z
  .record(z.string(), IssuerShape)
  .describe('Whose points those of each number are')

export const ReachShape = z
  .object({
    ...issuerName,
    points: Count,
    here: z.boolean().describe('They are good in this room'),
  })
  .meta({ id: 'Reach', description: 'Points, and where they are good' }) satisfies z.ZodType<Reach>

export const LiveShape = z
  .object({
    no: Count.describe('0 where the room never had a live'),
    state: z.enum(['open', 'ending', 'ended']),
    startedAtMs: Ms,
  })
  .meta({ id: 'Live' }) satisfies z.ZodType<LiveView>

export const RoomShape = z
  .object({
    id: Id,
    name: z.string(),
    brand: Id,
    host: z.string().describe('Id of its host at the brand, or empty'),
    rung: z.int().min(0).describe('Rung of the ladder that viewers need to come in; 0 is for all'),
    timeZone: z.string(),
    profile: z.string().describe('Id of a room profile of the rulebook, or empty'),
    createdAtMs: Ms,
    live: LiveShape,
  })
  .meta({ id: 'Room' })

/** Hundredths of a yuan, at most ten million yuan. */
export const AmountFen = z.int().min(1).max(1_000_000_000)

/** A successful answer with these fields. */
export const ok = <S extends z.ZodRawShape>(shape: S) => z.object({ ok: z.literal(true), ...shape })

export const TicketShape = { ticket: z.string().describe('JWT'), expiresAtMs: Ms }
export const Lang = z.enum(['zh', 'en'])

export const PrizeShape = z
  .object({
    points: Count,
    voucher: z.string(),
    title: Label.exactOptional(),
    reward: z
      .object({ id: Id, points: Count.describe('Paid instead where none is left') })
      .exactOptional(),
    effect: z
      .union([
        z.object({ colour: z.enum(COLOURS), days: Count }),
        z.object({ entrance: z.enum(ENTRANCES), days: Count }),
      ])
      .exactOptional(),
    winners: Count.exactOptional(),
    odds: Count.exactOptional().describe('In so many of 10,000 boxes'),
  })
  .meta({ id: 'Prize' }) satisfies z.ZodType<DrawPrize>
