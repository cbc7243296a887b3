/** Double-value events: for some hours rewards cost half the points, at most twice a month. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { dayBounds, dayText } from '../../shared/time.ts'
import { defineScript, type Store, scriptNow } from '../redis/index.ts'
import { doublesKey, rewardHeadKey } from './keys.ts'
import { DOUBLES_MAX, DOUBLES_PER_MONTH } from './limits.ts'
import source from './schedule-double.lua'
import type { DoubleEvent, StoredDouble } from './schema.ts'

const script = defineScript({
  name: 'rewards.schedule_double',
  source,
  keys: ['doubles', 'head'],
  args: {
    now_ms: 'int',
    id: 'str',
    brand: 'str',
    month: 'str',
    starts_ms: 'int',
    json: 'str',
    per_month: 'int',
    max: 'int',
  },
  replies: { ok: {}, too_many: {}, begun: {}, full: {} },
})

/**
 * Schedules an event, or changes one that is scheduled. Refused with `reward_limit` where the brand has two others
 * in the calendar month, of the platform's time zone, in which it begins; with `id_conflict` where one that has begun
 * would begin at another time.
 */
export async function scheduleDouble(
  store: Store,
  {
    brand,
    event,
    timeZone,
    nowMs,
  }: { brand: string; event: DoubleEvent; timeZone: string; nowMs?: number },
): Promise<{ ok: true; event: StoredDouble } | Refusal> {
  const month = dayText(dayBounds(event.startsAtMs, timeZone).day).slice(0, 7)
  const stored = { ...event, brand }
  const reply = await script.run(store, {
    keys: { doubles: doublesKey, head: rewardHeadKey },
    args: {
      now_ms: scriptNow(nowMs),
      id: event.id,
      brand,
      month,
      starts_ms: event.startsAtMs,
      json: JSON.stringify({ ...stored, month }),
      per_month: DOUBLES_PER_MONTH,
      max: DOUBLES_MAX,
    },
  })
  if (reply.tag === 'too_many') return refuse('reward_limit', { field: 'startsAtMs' })
  if (reply.tag === 'begun') return refuse('id_conflict', { field: 'startsAtMs' })
  return reply.tag === 'full' ? refuse('room_full') : { ok: true, event: stored }
}
