/** Which rewards the same viewers take: counted at each redemption, so that the shelf can say what goes together. */

import type { Label } from '../../shared/rulebook/parts.ts'
import type { RedemptionsOptions } from './deps.ts'
import { listWhose } from './former.ts'
import { type RedemptionRef, togetherKey } from './keys.ts'
import { TOGETHER_KEPT_MS, TOGETHER_LEAST, TOGETHER_REACH } from './limits.ts'

type Options = Pick<
  RedemptionsOptions,
  'store' | 'partitions' | 'wallet' | 'formerOf' | 'catalogue'
>

/** A reward that is often taken by whoever took another one. */
export interface TakenTogether {
  reward: string
  /** What the viewer has taken that it goes with. */
  with: Label
}

/** The rewards that a viewer took, newest first, each once. */
async function takenBy(options: Options, account: number): Promise<string[]> {
  const { refs } = await listWhose(options, { account })
  return [...new Set(refs.map(({ reward }) => reward))]
}

/**
 * Notes that a viewer took a reward beside what they took before. A viewer counts once for a pair; a count that is lost
 * or done twice after a crash changes a hint, never points.
 */
export async function countTogether(
  options: Options,
  { account, reward, id }: RedemptionRef,
): Promise<void> {
  const { refs } = await listWhose(options, { account })
  const before = refs.filter((ref) => ref.id !== id).map((ref) => ref.reward)
  if (before.includes(reward)) return
  const others = [...new Set(before)].slice(0, TOGETHER_REACH)
  const pairs = others.flatMap((other) => [
    [reward, other],
    [other, reward],
  ]) as [string, string][]
  await Promise.all(
    pairs.map(async ([of, other]) => {
      await options.store.hincrby(togetherKey(of), other, 1)
      await options.store.pexpire(togetherKey(of), TOGETHER_KEPT_MS)
    }),
  )
}

/** What those who took the same as this viewer took most, without what the viewer has; most often first. */
export async function takenTogether(options: Options, account: number): Promise<TakenTogether[]> {
  const had = await takenBy(options, account)
  const { rewards } = options.catalogue.current()
  const counted = await Promise.all(
    had.slice(0, TOGETHER_REACH).map(async (reward) => {
      const title = rewards.get(reward)?.doc.title
      const counts = title ? await options.store.hgetall(togetherKey(reward)) : {}
      return Object.entries(counts).flatMap(([other, count]) =>
        title && !had.includes(other) && Number(count) >= TOGETHER_LEAST
          ? [{ reward: other, with: title, count: Number(count) }]
          : [],
      )
    }),
  )
  return counted
    .flat()
    .sort((a, b) => b.count - a.count || (a.reward < b.reward ? -1 : 1))
    .map(({ reward, with: title }) => ({ reward, with: title }))
}
