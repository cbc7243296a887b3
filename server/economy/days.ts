/** Closed days: written once, read by consoles and alarms. */

import type { EconomyDay, EconomyLive } from '../../shared/economy.ts'
import type { Verdict } from '../../shared/economy-verdict.ts'
import { defineScript, type Store } from '../redis/index.ts'
import source from './close-day.lua'
import { daysKey, livesOfDaysKey, toldKey } from './keys.ts'
import { DAYS_KEPT, LIVES_DAYS_KEPT } from './limits.ts'

const script = defineScript({
  name: 'economy.close_day',
  source,
  keys: ['days', 'lives'],
  args: { day: 'int', closed: 'str', of_lives: 'str', days_max: 'int', lives_max: 'int' },
  replies: { closed: {}, known: {} },
})

/** A day as it was closed, and what it said by the rules of then. */
export interface ClosedDay {
  figures: EconomyDay
  verdict: Verdict
}

/** False where the day had been closed before; then nothing is changed. */
export async function closeDay(
  store: Store,
  { figures, verdict }: ClosedDay,
  lives: readonly EconomyLive[],
): Promise<boolean> {
  const reply = await script.run(store, {
    keys: { days: daysKey, lives: livesOfDaysKey },
    args: {
      day: figures.day,
      closed: JSON.stringify({ figures, verdict }),
      of_lives: JSON.stringify(lives),
      days_max: DAYS_KEPT,
      lives_max: LIVES_DAYS_KEPT,
    },
  })
  return reply.tag === 'closed'
}

/** Of these days the closed ones, oldest first. */
export async function readDays(
  store: Store,
  { from, to }: { from: number; to: number },
): Promise<ClosedDay[]> {
  const all = await readFields(store, daysKey, { from, to })
  return all.map(({ text }) => JSON.parse(text) as ClosedDay)
}

/** Their lives, oldest day first. */
export async function readLives(
  store: Store,
  { from, to }: { from: number; to: number },
): Promise<(EconomyLive & { day: number })[]> {
  const all = await readFields(store, livesOfDaysKey, { from, to })
  return all.flatMap(({ day, text }) =>
    (JSON.parse(text) as EconomyLive[]).map((live) => ({ ...live, day })),
  )
}

async function readFields(
  store: Store,
  key: string,
  { from, to }: { from: number; to: number },
): Promise<{ day: number; text: string }[]> {
  const wanted = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
  if (wanted.length === 0) return []
  const found = await store.hmget(key, ...wanted.map(String))
  return wanted.flatMap((day, i) => {
    const text = found[i]
    return text ? [{ day, text }] : []
  })
}

/** Undefined where none was closed yet. */
export async function newestDay(store: Store): Promise<number | undefined> {
  const days = await store.hkeys(daysKey)
  return days.length > 0 ? Math.max(...days.map(Number)) : undefined
}

/** Newest closed day whose alarms were told; undefined where none was. */
export async function toldUpTo(store: Store): Promise<number | undefined> {
  const told = await store.get(toldKey)
  return told === null ? undefined : Number(told)
}

export async function told(store: Store, day: number): Promise<void> {
  await store.set(toldKey, day)
}
