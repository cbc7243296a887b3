/** Double-value events: for some hours rewards cost half the points, at most twice a month. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { dayBounds } from '../../shared/time.ts'
import { defineScript, type Store } from '../redis/index.ts'
import { doublesKey, rewardHeadKey } from './keys.ts'
import { DOUBLES_MAX, DOUBLES_PER_MONTH } from './limits.ts'
import source from './schedule-double.lua'
import type { DoubleEvent, StoredDouble, StoredReward } from './schema.ts'
import { dayText } from './week.ts'

const script = defineScript({
  name: 'rewards.schedule_double',
  source,
  keys: ['doubles', 'head'],
  args: { id: 'str', brand: 'str', month: 'str', json: 'str', per_month: 'int', max: 'int' },
  replies: { ok: {}, too_many: {}, full: {} },
})

/**
 * Schedules an event, or changes one that is scheduled. Refused with `reward_limit` where the brand has two others
 * in the calendar month, of the platform's time zone, in which it begins.
 */
export async function scheduleDouble(
  store: Store,
  { brand, event, timeZone }: { brand: string; event: DoubleEvent; timeZone: string },
): Promise<{ ok: true; event: StoredDouble } | Refusal> {
  const month = dayText(dayBounds(event.startsAtMs, timeZone).day).slice(0, 7)
  const stored = { ...event, brand }
  const reply = await script.run(store, {
    keys: { doubles: doublesKey, head: rewardHeadKey },
    args: {
      id: event.id,
      brand,
      month,
      json: JSON.stringify({ ...stored, month }),
      per_month: DOUBLES_PER_MONTH,
      max: DOUBLES_MAX,
    },
  })
  if (reply.tag === 'too_many') return refuse('reward_limit', { field: 'startsAtMs' })
  return reply.tag === 'full' ? refuse('room_full') : { ok: true, event: stored }
}

export interface Price {
  points: number
  /** Where an event halves it: what it costs otherwise. */
  usualPoints?: number
  /** The price holds from then, and until then (exclusive), Unix ms. */
  fromMs: number
  untilMs: number
}

const NEVER_MS = 1e14

/** What a reward costs at that time, and how long it does. */
export function priceAt(
  reward: Pick<StoredReward, 'id' | 'brand' | 'doc'>,
  doubles: readonly StoredDouble[],
  atMs: number,
): Price {
  const { points } = reward.doc
  const mine = doubles.filter(
    ({ brand, rewards }) =>
      brand === reward.brand && (rewards.length === 0 || rewards.includes(reward.id)),
  )
  const running = mine.filter(({ startsAtMs, endsAtMs }) => startsAtMs <= atMs && atMs < endsAtMs)
  if (running.length > 0)
    return {
      points: Math.ceil(points / 2),
      usualPoints: points,
      fromMs: Math.min(...running.map(({ startsAtMs }) => startsAtMs)),
      untilMs: Math.max(...running.map(({ endsAtMs }) => endsAtMs)),
    }
  const past = mine.filter(({ endsAtMs }) => endsAtMs <= atMs)
  const coming = mine.filter(({ startsAtMs }) => startsAtMs > atMs)
  return {
    points,
    fromMs: Math.max(0, ...past.map(({ endsAtMs }) => endsAtMs)),
    untilMs: Math.min(NEVER_MS, ...coming.map(({ startsAtMs }) => startsAtMs)),
  }
}
