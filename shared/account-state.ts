/** What a viewer is shown of their own account: absolute, versioned, never a difference. */

import type { Receipt } from './receipt.ts'

export interface TaskProgress {
  task: number
  progress: number
  /** `claiming` waits for a place of a limited task; `won` has been paid. */
  state: 'open' | 'claiming' | 'won' | 'full'
  /** Place among the first, where the task has places. */
  rank?: number
}

/** What keeps the rung; devices are sent it once they were told that it may be lost. */
export interface TierKeep {
  /** Growth at which it is kept. */
  growth: number
  untilMs: number
  warned?: true
}

export interface AccountState {
  /** Of the shard; states are ordered by (epoch, version), never by version alone. */
  epoch: string
  version: number
  balance: { spendable: number; session: number; pending: number; held: number; frozen: number }
  /** Spendable points that are not good in this room; absent where all are. */
  elsewhere?: number
  tier: {
    rung: number
    growth: number
    promotions: number
    /** Points ever earned; only where they make a tier. */
    earned?: number
    /**
     * What is missing to the next rung by the nearest way, 0 where quests alone lead there, and per cent of that way; only
     * where growth is not the only one.
     */
    goal?: { left: number; progress: number }
    /** A day pass: what the rung above pays and gives counts until then; growth and rung stay. */
    boost?: { rungs: number; untilMs: number }
    keep?: TierKeep
  }
  today: {
    /** Points earned by behaviour today. */
    points: number
    /** Units that each capped rule has used today, by rule id. */
    used: Record<string, number>
    resetsAtMs: number
  }
  live: {
    /** Points earned in this live. */
    points: number
    watchedMs: number
    continuousMs: number
    tasks: TaskProgress[]
  }
  /** What the next heartbeat must carry and when it is due. */
  watch: { nonce: number; dueAtMs: number }
}

/** What can be spent in the room where the account is shown. */
export const purseOf = ({
  balance,
  elsewhere = 0,
}: Pick<AccountState, 'balance' | 'elsewhere'>): { spendable: number; session: number } => ({
  spendable: balance.spendable - elsewhere,
  session: balance.session,
})

/** True where `next` may replace `shown`. An epoch once left never returns: `left` remembers those. */
export function supersedes(
  next: Pick<AccountState, 'epoch' | 'version'>,
  shown: Pick<AccountState, 'epoch' | 'version'> | undefined,
  left: ReadonlySet<string>,
): boolean {
  if (!shown) return true
  if (next.epoch === shown.epoch) return next.version >= shown.version
  return !left.has(next.epoch)
}

/** Reply to every scored command. */
export interface Scored {
  /** Of an order: points that come back of what it cost, pending until then, Unix ms. */
  cashback?: { points: number; dueAtMs: number }
  ok: true
  /** The command had been applied before; nothing was credited now. */
  dup?: true
  account: AccountState
  receipts: Receipt[]
  /** Redis time of the scoring call on the viewer's shard; durable once the shard's watermark passes it. */
  atMs: number
}
