/** How a board stands, over all partitions: who has a place, in which order. */

import type { Board } from '../../shared/rulebook/boards.ts'
import type { Store } from '../redis/index.ts'
import type { BoardsDeps } from './deps.ts'
import { weekBoardsKey, weekJoinedKey, weekKey } from './keys.ts'
import { DEPTH_MAX, SPARE } from './limits.ts'
import { pointsOf, SECONDS } from './week.ts'

/** One place, as it is kept: who it is in words is looked up where it is shown. */
export interface Place {
  account: number
  points: number
  /** Points and time in one number: the higher one is before. */
  score: number
}

/** `number.brand`; 0 stands for the whole platform. */
export const boardName = (no: number, brandNo: number): string => `${no}.${brandNo}`
export function readBoardName(name: string): { no: number; brandNo: number } {
  const [no, brandNo] = name.split('.')
  return { no: Number(no), brandNo: Number(brandNo) }
}

/** Boards of which anything was counted in a week. */
export async function boardsOf(
  { store, partitions }: Pick<BoardsDeps, 'store' | 'partitions'>,
  week: number,
): Promise<string[]> {
  const all = await Promise.all(
    partitions.slots.map((slot) => store.zrange(weekBoardsKey(slot, week), '0', '-1')),
  )
  return [...new Set(all.flat())].sort()
}

/** Who stands before whom: more points, then earlier, then the lower number. */
const inOrder = (a: Place, b: Place): number => b.score - a.score || a.account - b.account

/** Accounts with their scores, highest first, from each partition so many. */
async function topOf(
  { store, partitions }: BoardsDeps,
  { week, board, depth }: { week: number; board: string; depth: number },
): Promise<{ scores: Map<number, number>; deeper: boolean }> {
  const scores = new Map<number, number>()
  let deeper = false
  await Promise.all(
    partitions.slots.map(async (slot) => {
      const found = await store.zrevrange(weekKey(slot, week, board), 0, depth - 1, 'WITHSCORES')
      deeper ||= found.length === 2 * depth
      for (let i = 0; i < found.length; i += 2) scores.set(Number(found[i]), Number(found[i + 1]))
    }),
  )
  return { scores, deeper }
}

async function joinedIn(
  { store, partitions }: BoardsDeps,
  week: number,
): Promise<ReadonlySet<number>> {
  const all = await Promise.all(
    partitions.slots.map((slot) => store.zrange(weekJoinedKey(slot, week), '0', '-1')),
  )
  return new Set(all.flat().map(Number))
}

/** Of these accounts what each has earned itself. */
async function scoresOf(
  { store, partitions }: BoardsDeps,
  { week, board, accounts }: { week: number; board: string; accounts: readonly number[] },
): Promise<Map<number, number>> {
  const found = new Map<number, number>()
  await Promise.all(
    accounts.map(async (account) => {
      const key = weekKey(partitions.slotOf(account), week, board)
      const score = await store.zscore(key, String(account))
      if (score !== null) found.set(account, Number(score))
    }),
  )
  return found
}

/** What several accounts of one person come to; they have it since the last of them changed. */
function sumOf(scores: readonly number[]): number {
  const points = scores.reduce((sum, score) => sum + pointsOf(score), 0)
  const sinceLeast = Math.min(...scores.map((score) => score - pointsOf(score) * SECONDS))
  return points * SECONDS + sinceLeast
}

/** Accounts that are one person by now count as one, under the account where they are. */
async function joined(
  deps: BoardsDeps,
  of: { week: number; board: string; scores: ReadonlyMap<number, number> },
): Promise<Place[]> {
  const { scores, ...where } = of
  const settled = await Promise.all([...scores.keys()].map((account) => deps.settledIn(account)))
  const people = [...new Set([...settled, ...(await joinedIn(deps, of.week))])]
  const former = await deps.formerOf(people)
  const asked = people.flatMap((account) => [account, ...(former.get(account) ?? [])])
  const missing = asked.filter((account) => !scores.has(account))
  const all = new Map([...scores, ...(await scoresOf(deps, { ...where, accounts: missing }))])
  const gone = new Set([...former.values()].flat())
  return people.flatMap((account) => {
    if (gone.has(account)) return []
    const own = [account, ...(former.get(account) ?? [])].flatMap((one) => all.get(one) ?? [])
    if (own.length === 0) return []
    const score = sumOf(own)
    return [{ account, score, points: pointsOf(score) }]
  })
}

/** Those who may have a place: not erased, not frozen. */
async function allowed(deps: BoardsDeps, places: readonly Place[]): Promise<Place[]> {
  const accounts = places.map(({ account }) => account)
  const names = await deps.namesOf(accounts)
  const standing = await deps.standingOf(accounts)
  return places.filter(
    ({ account }) => names.has(account) && standing.get(account)?.frozen !== true,
  )
}

/** The places of a board in their order. Throws where Redis cannot be reached. */
export async function standingOf(
  deps: BoardsDeps,
  { week, brandNo, policy }: { week: number; brandNo: number; policy: Board },
): Promise<Place[]> {
  const board = boardName(policy.no, brandNo)
  for (let depth = policy.places + SPARE; ; depth *= 4) {
    const { scores: all, deeper } = await topOf(deps, { week, board, depth })
    const scores = new Map([...all].sort(([, a], [, b]) => b - a).slice(0, depth))
    const places = (await joined(deps, { week, board, scores }))
      .filter(({ points }) => points >= policy.least)
      .sort(inOrder)
      .slice(0, depth)
    const shown = await allowed(deps, places)
    if (shown.length >= policy.places || !deeper || depth >= DEPTH_MAX)
      return shown.slice(0, policy.places)
  }
}

/** What one person has earned in the week, over all accounts that are theirs. */
export async function ownScore(
  deps: BoardsDeps,
  { week, board, account }: { week: number; board: string; account: number },
): Promise<number | undefined> {
  const former = (await deps.formerOf([account])).get(account) ?? []
  const scores = await scoresOf(deps, { week, board, accounts: [account, ...former] })
  return scores.size === 0 ? undefined : sumOf([...scores.values()])
}

/** Accounts that stand before a score, whoever they are. */
export async function aheadOf(
  { store, partitions }: BoardsDeps,
  { week, board, score }: { week: number; board: string; score: number },
): Promise<number> {
  const counts = await Promise.all(
    partitions.slots.map((slot) => store.zcount(weekKey(slot, week, board), `(${score}`, '+inf')),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}

export async function peopleOn(
  { store, partitions }: { store: Store; partitions: BoardsDeps['partitions'] },
  { week, board }: { week: number; board: string },
): Promise<number> {
  const counts = await Promise.all(
    partitions.slots.map((slot) => store.zcard(weekKey(slot, week, board))),
  )
  return counts.reduce((sum, count) => sum + count, 0)
}
