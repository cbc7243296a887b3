/** Double-value events: for some hours rewards cost half the points, at most twice a month. */

import { type Refusal, refuse } from '../../shared/errors.ts'
import { dayBounds } from '../../shared/time.ts'
import { defineScript, type Store } from '../redis/index.ts'
import { doublesKey, rewardHeadKey } from './keys.ts'
import { DOUBLES_MAX, DOUBLES_PER_MONTH } from './limits.ts'
import source from './schedule-double.lua'
import type { DoubleEvent, StoredDouble } from './schema.ts'
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
