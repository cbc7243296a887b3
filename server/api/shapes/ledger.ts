/** Shapes of what moved in an account, and of whose points they are. */

import { z } from 'zod'
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
} from '../../../shared/ledger.ts'
import { ReceiptShape } from './account.ts'
import { Count, Id, Ms, names, Points } from './basics.ts'
import { Both } from './tiers.ts'

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
    tiers: z
      .object({ rung: Both, below: Both })
      .exactOptional()
      .describe('Of a rung that may be lost, or is: what it is called, and the one below'),
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
