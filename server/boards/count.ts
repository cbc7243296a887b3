/** Counting a partition's journal for boards, each element once. */

import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import source from './count.lua'
import { countedKey, redeemedKey, weekBoardsKey, weekJoinedKey, weekKey } from './keys.ts'
import {
  BOARDS_COUNTED_MAX,
  COUNTED_KEPT_MS,
  COUNTED_MAX,
  JOINED_MAX,
  REDEEMED_KEPT_MS,
  REDEEMED_MAX,
} from './limits.ts'
import { SECONDS } from './week.ts'

/** Name of the cursor. It is stored. */
export const CONSUMER = 'boards'

const script = defineScript({
  name: 'boards.count',
  source,
  keys: ['counted', 'cursors', 'journal'],
  args: { consumer: 'str', after: 'str', last: 'str', at_ms: 'int', seconds: 'int' },
  each: { keys: ['zset'], args: { sums: 'str', lines: 'str', max: 'int', kept_ms: 'int' } },
  replies: { counted: {}, moved: {}, gone: {} },
})

/** Keys of others in the same slot. */
export interface Beside {
  cursors: string
  journal: string
}

/** What an account earned and lost in a batch, and the second of the week in which it last changed. */
export interface Earned {
  points: number
  second: number
}

/** A redemption in a room. */
export interface Redeemed {
  room: string
  account: number
  reward: string
  /** Id of the redemption among those of the account, without what holds put before it. */
  id: string
  atMs: number
}

/** What elements of one week say, all of one partition. */
export interface WeekCount {
  week: number
  /** Redis time of the last of them. */
  atMs: number
  /** By board (`number.brand`) and account. */
  earned: ReadonlyMap<string, ReadonlyMap<number, Earned>>
  /** Accounts into which another was merged. */
  joined: readonly number[]
  redeemed: readonly Redeemed[]
}

type Line = readonly [member: string, atMs: number]

const member = ({ account, reward, id }: Redeemed): string => `${account} ${reward} ${id}`

const sumsOf = (earned: ReadonlyMap<number, Earned>): string =>
  JSON.stringify([...earned].flatMap(([account, { points, second }]) => [account, points, second]))

function itemsOf(slot: SlotTag, { week, atMs, earned, joined, redeemed }: WeekCount) {
  const week28 = { kept_ms: COUNTED_KEPT_MS }
  const item = (zset: string, args: { sums?: string; lines?: readonly Line[]; max: number }) => ({
    keys: { zset },
    args: {
      sums: args.sums ?? '[]',
      lines: JSON.stringify(args.lines?.flat() ?? []),
      max: args.max,
      ...week28,
    },
  })
  const boards = [...earned].map(([board, sums]) =>
    item(weekKey(slot, week, board), { sums: sumsOf(sums), max: COUNTED_MAX }),
  )
  const of = (accounts: readonly (number | string)[]): Line[] =>
    accounts.map((one) => [String(one), atMs])
  const rooms = new Map<string, Line[]>()
  for (const one of redeemed)
    rooms.set(one.room, [...(rooms.get(one.room) ?? []), [member(one), one.atMs]])
  return [
    ...boards,
    ...(earned.size > 0
      ? [
          item(weekBoardsKey(slot, week), {
            lines: of([...earned.keys()]),
            max: BOARDS_COUNTED_MAX,
          }),
        ]
      : []),
    ...(joined.length > 0
      ? [item(weekJoinedKey(slot, week), { lines: of(joined), max: JOINED_MAX })]
      : []),
    ...[...rooms].map(([room, lines]) => {
      const log = item(redeemedKey(slot, room), { lines, max: REDEEMED_MAX })
      return { ...log, args: { ...log.args, kept_ms: REDEEMED_KEPT_MS } }
    }),
  ]
}

/** `moved`: the cursor is not where the caller thought. `gone`: the journal has lost the newest of the elements. */
export function countBoards(
  store: Store,
  of: Beside & { slot: SlotTag; after: string; last: string },
  what: WeekCount,
): Promise<{ tag: 'counted' | 'moved' | 'gone' }> {
  const { slot, cursors, journal, after, last } = of
  return script.run(store, {
    keys: { counted: countedKey(slot), cursors, journal },
    args: { consumer: CONSUMER, after, last, at_ms: what.atMs, seconds: SECONDS },
    each: itemsOf(slot, what),
  })
}
