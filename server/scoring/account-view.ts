/** The account as scripts answer it, and as clients show it. */

import type { AccountState, TaskProgress } from '../../shared/account-state.ts'
import type { Applied } from '../../shared/protocol/index.ts'
import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { asksPoints, goalOf } from '../../shared/rulebook/ways.ts'
import { ruleName } from './receipts.ts'

export const TASK_STATES = [
  'open',
  'claiming',
  'won',
  'full',
] as const satisfies TaskProgress['state'][]

/** The account as scripts answer it, before names of rules and the shard's epoch are known. */
export interface StoredState {
  version: number
  balance: AccountState['balance']
  /** How the rung is kept is shown to devices once its loss was told. */
  tier: AccountState['tier']
  /** Points ever issued to the account. */
  earned: number
  dayEndsAtMs: number
  live: { points: number; watchedMs: number; continuousMs: number }
  watch: AccountState['watch']
  applied: Applied
  /** Units used today by rule number; 0 stands for points by behaviour. */
  used: Map<number, number>
  tasks: TaskProgress[]
  /** Spendable points of others than who owes what is earned in the room, by issuer. */
  others: ReadonlyMap<number, number>
}

/** Spendable points that are not good where those of `payers` are; none where nobody says whose they are. */
export function elsewhereOf(
  { others }: Pick<StoredState, 'others'>,
  payers: ReadonlySet<number> | undefined,
): number {
  let points = 0
  if (payers) for (const [issuer, sum] of others) if (!payers.has(issuer)) points += sum
  return points
}

/** What an account is shown by; `payers` are those whose points are good where it is shown. */
export interface Showing {
  book: Rulebook
  /** With how the rung is kept, also where nothing was told of it. */
  keep?: boolean
  epoch: string
  payers?: ReadonlySet<number> | undefined
}

function tierOf(stored: StoredState, { book, keep: always }: Showing): AccountState['tier'] {
  const { keep, ...rest } = stored.tier
  const goal = goalOf(book.ladder, { ...rest, earned: stored.earned })
  return {
    ...rest,
    ...(asksPoints(book.ladder) && { earned: stored.earned }),
    ...(goal && { goal }),
    ...(keep && (always || keep.warned) && { keep }),
  }
}

/** The account as clients show it. */
export function toAccountState(stored: StoredState, of: Showing): AccountState {
  const elsewhere = elsewhereOf(stored, of.payers)
  const used: Record<string, number> = {}
  for (const [no, units] of stored.used) if (no > 0) used[ruleName(of.book, no)] = units
  return {
    epoch: of.epoch,
    version: stored.version,
    balance: stored.balance,
    ...(elsewhere > 0 && { elsewhere }),
    tier: tierOf(stored, of),
    today: { points: stored.used.get(0) ?? 0, used, resetsAtMs: stored.dayEndsAtMs },
    live: { ...stored.live, tasks: stored.tasks },
    watch: stored.watch,
  }
}
