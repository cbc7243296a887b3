/** Boards of weeks that are over: written once, with what each place is given. */

import { type Board, PRIZES_MAX } from '../../shared/rulebook/boards.ts'
import type { Label } from '../../shared/rulebook/parts.ts'
import { DAY_MS } from '../../shared/time.ts'
import { defineScript, type SlotTag, type Store } from '../redis/index.ts'
import source from './close.lua'
import { type Beside, CONSUMER } from './count.ts'
import isCountedSource from './is-counted.lua'
import { closedKey, countedKey, dueKey, starsKey } from './keys.ts'
import { WEEKS_KEPT } from './limits.ts'
import type { Place } from './standing.ts'

const script = defineScript({
  name: 'boards.close',
  source,
  keys: ['closed', 'due', 'stars'],
  args: { field: 'str', closed: 'str', due: 'str', stars: 'str', kept: 'int' },
  replies: { closed: {}, known: {} },
})

const isCountedScript = defineScript({
  name: 'boards.is_counted',
  source: isCountedSource,
  keys: ['counted', 'cursors', 'journal'],
  args: { consumer: 'str' },
  replies: { read: { all: 'int', at: 'int' } },
  readonly: true,
})

/** Whether all of a partition's journal up to then was counted. */
export async function isCounted(
  store: Store,
  { slot, cursors, journal }: Beside & { slot: SlotTag },
  untilMs: number,
): Promise<boolean> {
  const { all, at } = await isCountedScript.run(store, {
    keys: { counted: countedKey(slot), cursors, journal },
    args: { consumer: CONSUMER },
  })
  return all === 1 || at >= untilMs
}

/** A board as it was closed: by the rules of then. */
export interface ClosedBoard {
  week: number
  board: string
  id: string
  title: Label
  least: number
  prizes: number[]
  star?: { title: Label; places: number; days: number; untilMs: number }
  people: number
  places: Pick<Place, 'account' | 'points'>[]
}

/** A prize that is not paid yet. */
export interface Due {
  field: string
  account: number
  points: number
  week: number
  board: string
  rank: number
}

/** What somebody wears, and until when. */
export interface Star {
  title: Label
  untilMs: number
}

const fieldOf = (week: number, board: string): string => `${week} ${board}`

/** As it stands when the week is over. */
export function closedBoard(
  policy: Board,
  of: { week: number; board: string; endsAtMs: number; people: number; places: readonly Place[] },
): ClosedBoard {
  const { id, title, least, prizes, star } = policy
  const { endsAtMs, places, ...rest } = of
  return {
    ...rest,
    ...{ id, title, least, prizes: prizes.slice(0, PRIZES_MAX) },
    ...(star && { star: { ...star, untilMs: endsAtMs + star.days * DAY_MS } }),
    places: places.map(({ account, points }) => ({ account, points })),
  }
}

/** False where it had been closed before; then nothing is changed. */
export async function closeBoard(store: Store, closed: ClosedBoard): Promise<boolean> {
  const { week, board, places, prizes, star } = closed
  const field = fieldOf(week, board)
  const due = places.flatMap(({ account }, i) => {
    const points = prizes[i] ?? 0
    return points > 0 ? [`${field} ${i + 1}`, `${account} ${points}`] : []
  })
  const worn = star && JSON.stringify({ title: star.title, untilMs: star.untilMs } satisfies Star)
  const stars = worn
    ? places.slice(0, star.places).flatMap(({ account }) => [String(account), worn])
    : []
  const reply = await script.run(store, {
    keys: { closed: closedKey, due: dueKey, stars: starsKey },
    args: {
      field,
      closed: JSON.stringify(closed),
      due: JSON.stringify(due),
      stars: JSON.stringify(stars),
      kept: week - WEEKS_KEPT,
    },
  })
  return reply.tag === 'closed'
}

/** Boards of a week that are closed. */
export async function readClosed(
  store: Store,
  week: number,
  boards: readonly string[],
): Promise<Map<string, ClosedBoard>> {
  const found = new Map<string, ClosedBoard>()
  if (boards.length === 0) return found
  const texts = await store.hmget(closedKey, ...boards.map((board) => fieldOf(week, board)))
  boards.forEach((board, i) => {
    const text = texts[i]
    if (text) found.set(board, JSON.parse(text) as ClosedBoard)
  })
  return found
}

/** Some of what is not paid yet, from a cursor on; the next cursor is '0' behind the last of it. */
export async function readDue(
  store: Store,
  { cursor, most }: { cursor: string; most: number },
): Promise<{ due: Due[]; next: string }> {
  const [next, fields] = await store.hscan(dueKey, cursor, 'COUNT', most)
  const due: Due[] = []
  for (let i = 0; i + 1 < fields.length; i += 2) {
    const field = fields[i] ?? ''
    const [week, board = '', rank] = field.split(' ')
    const [account, points] = (fields[i + 1] ?? '').split(' ').map(Number)
    if (account !== undefined && points !== undefined)
      due.push({ field, account, points, week: Number(week), board, rank: Number(rank) })
  }
  return { due, next }
}

export async function forgetDue(store: Store, { field }: Due): Promise<void> {
  await store.hdel(dueKey, field)
}

/** Who wears a badge now; what is over is taken off. */
export async function readStars(store: Store, nowMs: number): Promise<Map<number, Star>> {
  const worn = new Map<number, Star>()
  const over: string[] = []
  for (const [account, text] of Object.entries(await store.hgetall(starsKey))) {
    const star = JSON.parse(text) as Star
    if (star.untilMs > nowMs) worn.set(Number(account), star)
    else over.push(account)
  }
  if (over.length > 0) await store.hdel(starsKey, ...over)
  return worn
}
