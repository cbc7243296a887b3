/** Points that moved without an action of the viewer: one ledger entry per change, with all its moves. */

import { BUCKETS, type Bucket, type Receipt } from './receipt.ts'

/** Why points moved. The number is what journals store; it is never reused. */
export const CAUSES = {
  live_ended: 1,
  held: 2,
  captured: 3,
  voided: 4,
  /** The deadline of a hold passed. */
  lapsed: 5,
  refunded: 6,
  /** An operator gave points. */
  adjusted: 7,
  /** Taken back, by an operator or because an order was refunded. */
  revoked: 8,
  frozen: 9,
  unfrozen: 10,
  expired: 11,
  /** Spending made points last longer. */
  renewed: 12,
  sent: 13,
  received: 14,
  imported: 15,
  /** Promised, but not due yet. */
  pending: 16,
  due: 17,
  /** A promise that will not come due. */
  dropped: 18,
  merged_out: 19,
  merged_in: 20,
  prize: 21,
  compensated: 22,
  tipped: 23,
  /** Nothing moved yet: `subject` points will expire at `untilMs`. */
  expiring: 24,
  /** A friend invited by another did what was asked; of the friend's points and the inviter's growth. */
  invited: 25,
  /** The burn week has begun: `subject` points are gone at `untilMs`. */
  burn_week: 26,
  /** Nothing moved: the code of redemption `ref` of reward `subject` is good until `untilMs`. */
  pickup_ending: 27,
  /** A pack of the tier. */
  pack: 28,
  /** An offer in the room that the viewer took: `subject` names it. */
  offer: 40,
  /** A task of a host's fan club was done. */
  club_task: 41,
  /** A rung of a fan club was reached; growth of the platform. */
  club_rung: 42,
  /** A team of friends reached its target. */
  team_task: 43,
  /** Nothing moved: the rung is lost at `untilMs` unless growth is gathered. */
  tier_warned: 29,
  /** Nothing moved: the account fell one rung. */
  tier_fell: 30,
} as const
export type Cause = keyof typeof CAUSES

/** Where points come from and where they are once they have left an account; one counter each. */
export const FLOWS = {
  issued: 10,
  transferredIn: 11,
  spent: 12,
  expired: 13,
  revoked: 14,
  transferredOut: 15,
} as const
export type Flow = keyof typeof FLOWS

export const PLACES = { ...BUCKETS, ...FLOWS } as const
export type Place = Bucket | Flow

/** Part of a wallet that is of one kind: it pays, expires and is owed as one. */
export interface LotId {
  /** Number of the brand, room or host whose points they are. */
  issuer: number
  /** The live that session points belong to; 0 for points of no live. */
  live: number
  /** Months since January 2000 at whose start the points are gone; 0 is never. */
  month: number
}

/** Who can owe points: a brand, or within it a room or a host whose points are good only there. */
export const ISSUER_KINDS = ['brand', 'room', 'host'] as const
export type IssuerKind = (typeof ISSUER_KINDS)[number]

/** Whose points they are, and so where they are good. */
export interface IssuerName {
  kind: IssuerKind
  /** Of the brand, the room or the host. */
  id: string
  brand: string
  /** Of a room. */
  name?: string
}

/** By the number under which lots, moves and receipts name them. */
export type IssuerNames = Record<number, IssuerName>

/** Points that can be spent, and where. */
export interface Reach extends IssuerName {
  points: number
  /** They pay where the question was asked. */
  here: boolean
}

export interface Move extends LotId {
  from: Place
  to: Place
  points: number
  /** Month of the lot that the points come to; differs where they were renewed or came back late. */
  toMonth: number
}

type TierName = { zh: string; en: string }

export interface LedgerEntry {
  cause: Cause
  atMs: number
  /** Change counter of the account after it. */
  version: number
  /** What the hold is for. */
  use?: HoldUse
  /** Id of the hold, issue or operation. */
  ref: string
  /** What for: a reward, an order, another account. */
  subject: string
  /** Key id of the operator or server; empty where nobody did it. */
  by: string
  /** Number of the brand at which it happened; 0 where it does not matter. */
  at: number
  live: number
  /** Deadline of a hold or of pending points, Unix ms. */
  untilMs?: number
  moves: Move[]
  /** The operator's reason. */
  note?: string
  /** Of a rung that may be lost, or is: what it is called, and the one below. */
  tiers?: { rung: TierName; below: TierName }
}

/** What holds are for. The number is what records store; it is never reused. */
export const HOLD_USES = {
  checkout: 1,
  redemption: 2,
  effect: 3,
  transfer: 4,
  merge: 5,
  draw: 6,
  pending: 7,
  /** Joining a fan club. */
  club: 8,
} as const
export type HoldUse = keyof typeof HOLD_USES

/** `2028-06` for the month at whose start points are gone; undefined for never. */
export function monthText(month: number): string | undefined {
  if (month === 0) return undefined
  return `${2000 + Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, '0')}`
}

/** By how much an entry changed a bucket. */
export const changeOf = (entry: Pick<LedgerEntry, 'moves'>, bucket: Bucket): number =>
  entry.moves.reduce(
    (sum, { from, to, points }) =>
      sum + (to === bucket ? points : 0) - (from === bucket ? points : 0),
    0,
  )

/** A line of an account's history: what was earned and why, or what moved and why. */
export type HistoryEntry =
  | ({
      kind: 'receipt'
      /** Number of the brand, room or host whose points they are; absent where that was not kept. */
      issuer?: number
    } & Receipt)
  | ({ kind: 'moved' } & LedgerEntry)

/** Lines of a history, and whose points the numbers in them are. */
export interface HistoryPage {
  ok: true
  entries: HistoryEntry[]
  issuers: IssuerNames
  /** The `before` of the next page, which may be empty and have a `next` as well. */
  next?: string
  /** There are older lines, in an archive that this process does not have. */
  elsewhere?: true
  /** Where the spendable points are good, where some of them are not good here; on the first page. */
  reach?: Reach[]
}

export type Balances = Record<Bucket, number>

/** A page of the lines of a period, newest first, and the balances at the two ends of the period. */
export interface Statement {
  ok: true
  fromMs: number
  toMs: number
  opening: Balances
  closing: Balances
  entries: HistoryEntry[]
  issuers: IssuerNames
  /** `before` of the next page of the same period, which may be empty; absent where nothing is left. */
  next?: string
}

/** The balances before an entry, from those after it. */
export function before(entry: HistoryEntry, after: Balances): Balances {
  const balances = { ...after }
  if (entry.kind === 'receipt') {
    balances[entry.bucket] -= entry.points
    return balances
  }
  for (const { from, to, points } of entry.moves) {
    if (from in balances) balances[from as Bucket] += points
    if (to in balances) balances[to as Bucket] -= points
  }
  return balances
}
