/** Key moments of the rulebook: each is started in every room that is live at its time, once, as a campaign. */

import type { KeyMoment } from '../../shared/rulebook/key-moments.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { dayBounds, MINUTE_MS, wallClockMs, weekdayOf } from '../../shared/time.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import { listRooms, type Room } from '../rooms/index.ts'
import { startCampaign } from '../tasks/index.ts'
import { MOMENTS_STARTED_MAX } from './limits.ts'

export interface KeyMomentsOptions {
  store: Store
  rulebook: () => PublishedRulebook
  clock: Clock
  log: Log
  nowMs?: () => number
}

/** A campaign is not worth less than these. */
const LEAST_SEC = 10

/** When it began that runs now in a time zone; undefined where none does. */
export function runsSince(
  { from, minutes, days }: KeyMoment,
  nowMs: number,
  timeZone: string,
): number | undefined {
  const { day: today } = dayBounds(nowMs, timeZone)
  const [hours = 0, past = 0] = from.split(':').map(Number)
  // One that began before midnight runs on after it.
  for (const day of [today, today - 1]) {
    const startMs = wallClockMs(day, hours * 60 + past, timeZone)
    const named = days.length === 0 || days.includes(weekdayOf(day))
    if (named && startMs <= nowMs && nowMs < startMs + minutes * MINUTE_MS) return startMs
  }
  return undefined
}

export function createKeyMoments({ store, rulebook, clock, log, nowMs }: KeyMomentsOptions) {
  /** What need not be asked for again. */
  const started = new Set<string>()

  async function start({ id: room, live }: Room, moment: KeyMoment, startMs: number) {
    const { id, title, weights, minutes } = moment
    const requestId = `key-${id}-${live.no}-${startMs}`
    const name = `${room} ${requestId}`
    const leftMs = startMs + minutes * MINUTE_MS - (nowMs?.() ?? clock.now())
    const seconds = Math.floor(leftMs / 1000)
    if (started.has(name) || seconds < LEAST_SEC) return
    const answer = await startCampaign(store, {
      ...{ room, requestId, title, weights, seconds, action: 'all' },
      ...(nowMs && { nowMs: nowMs() }),
    })
    // Somebody was earlier, with some seconds more: it is the same moment.
    const known = answer.ok || answer.code === 'id_conflict'
    if (known && started.size < MOMENTS_STARTED_MAX) started.add(name)
    if (!known) log.info({ room, moment: id, code: answer.code }, 'a key moment waits')
  }

  return async (): Promise<void> => {
    const { keyMoments } = rulebook().book
    if (keyMoments.length === 0) {
      started.clear()
      return
    }
    let after: string | undefined
    do {
      const { rooms, next } = await listRooms(store, after === undefined ? {} : { after })
      for (const room of rooms.filter(({ live }) => live.state === 'open'))
        for (const moment of keyMoments) {
          const startMs = runsSince(moment, nowMs?.() ?? clock.now(), room.timeZone)
          if (startMs !== undefined) await start(room, moment, startMs)
        }
      after = next
    } while (after !== undefined)
    if (started.size >= MOMENTS_STARTED_MAX) started.clear()
  }
}
