/** What a viewer can do with a reward now, and why not: by the server's clock and the balance that is shown. */

import { payable, type RewardLock, type RewardView } from '../../shared/rewards.ts'
import { MINUTE_MS } from '../../shared/time.ts'
import { formatPoints, type Lang } from '../ui/lang.ts'
import { momentOf } from './moments.ts'
import type { RewardStrings } from './strings.ts'

export interface Purse {
  spendable: number
  session: number
}

/**
 * The lock as it is at `nowMs`: what was said when the catalogue was read may be over. Points are counted by the
 * balance on the screen, so that button and number never disagree.
 */
export function lockNow(reward: RewardView, purse: Purse, nowMs: number): RewardLock | undefined {
  const { lock, closesAtMs, cost } = reward
  if (closesAtMs !== undefined && nowMs >= closesAtMs) return { kind: 'over' }
  const opened =
    (lock?.kind === 'not_yet' || lock?.kind === 'early') &&
    lock.opensAtMs !== undefined &&
    nowMs >= lock.opensAtMs
  if (lock && lock.kind !== 'points' && !opened) return lock
  const missing = cost.points - payable(cost.pay, purse)
  return missing > 0 ? { kind: 'points', missing } : undefined
}

/** What can be had for minutes only; a burn week lasts days. */
export const isFlash = ({
  closesAtMs,
  burnWeek,
}: Pick<RewardView, 'closesAtMs' | 'burnWeek'>): boolean => closesAtMs !== undefined && !burnWeek

const RANKS: Record<RewardLock['kind'], number> = {
  points: 2,
  not_yet: 3,
  early: 3,
  task: 4,
  tier: 4,
  limit: 5,
  sold_out: 6,
  over: 7,
}

/** Open or cheaper because the burn week runs. */
export const inBurnWeek = ({ burnWeek, closesAtMs, usualPoints }: RewardView): boolean =>
  burnWeek === true && (closesAtMs !== undefined || usualPoints !== undefined)

/** Of the rewards of a burn week those that can be taken now. */
export const burnable = (
  rewards: readonly RewardView[],
  purse: Purse,
  nowMs: number,
): RewardView[] => rewards.filter((reward) => inBurnWeek(reward) && !lockNow(reward, purse, nowMs))

/** What runs out first (what is for minutes, then what is for the burn week), then what suits the viewer, then what can be had now and costs most, then what is nearest, then the rest. */
export function ordered(
  rewards: readonly RewardView[],
  purse: Purse,
  nowMs: number,
): { reward: RewardView; lock: RewardLock | undefined }[] {
  const rankOf = ({ reward, lock }: { reward: RewardView; lock: RewardLock | undefined }) =>
    lock
      ? RANKS[lock.kind]
      : isFlash(reward)
        ? 0
        : inBurnWeek(reward)
          ? 0.5
          : reward.recommended
            ? 0.8
            : 1
  return rewards
    .map((reward) => ({ reward, lock: lockNow(reward, purse, nowMs) }))
    .sort((a, b) => {
      const byRank = rankOf(a) - rankOf(b)
      if (byRank !== 0) return byRank
      const by = a.reward.cost.points - b.reward.cost.points
      // Of what can be had the largest; of what cannot, the nearest.
      return a.lock ? by : -by
    })
}

/** Why it cannot be taken now, in plain words. */
export function lockWords(
  reward: RewardView,
  lock: RewardLock,
  { t, lang, nowMs }: { t: RewardStrings; lang: Lang; nowMs: number },
): string {
  const when = (atMs: number) => momentOf(atMs, nowMs, lang)
  const both = (first: string, second: string | undefined) =>
    second === undefined ? first : `${first} · ${second}`
  switch (lock.kind) {
    case 'not_yet':
      return lock.opensAtMs === undefined ? t.notYet : t.opens(when(lock.opensAtMs))
    case 'over':
      return t.over
    case 'sold_out':
      return both(
        t.soldOut,
        lock.restocksAtMs === undefined ? undefined : t.restocks(when(lock.restocksAtMs)),
      )
    case 'limit':
      return both(
        t.limit(lock.per, reward.mine?.max ?? 1),
        lock.resetsAtMs === undefined ? undefined : t.again(when(lock.resetsAtMs)),
      )
    case 'tier':
      return t.tier(lock.label[lang])
    case 'task':
      return t.watch(Math.max(1, lock.lives - lock.watched))
    case 'early': {
      // How much earlier the tier may is the time from the opening for it to the opening for all.
      const { opensAtMs } = reward
      const minutes =
        opensAtMs === undefined ? 0 : Math.round((lock.opensAtMs - opensAtMs) / MINUTE_MS)
      const first = minutes > 0 ? t.early(lock.label[lang], minutes) : t.early0(lock.label[lang])
      return both(first, t.opens(when(lock.opensAtMs)))
    }
    case 'points':
      return t.short(formatPoints(lock.missing))
  }
}

/** 9.90 as `9.9`, 20.00 as `20`. */
export const yuanOf = (fen: number): string => String(fen / 100)

/** `1,800 分 + ¥9.9`, for a button. */
export function priceWords(
  { cost }: { cost: Omit<RewardView['cost'], 'pay'> & { pay?: unknown } },
  t: RewardStrings,
): string {
  const parts: string[] = []
  if (cost.points > 0 || cost.cashFen === 0) parts.push(`${formatPoints(cost.points)} ${t.points}`)
  if (cost.cashFen > 0) parts.push(`¥${yuanOf(cost.cashFen)}`)
  return parts.join(' + ')
}
