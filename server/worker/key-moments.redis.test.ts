import { beforeEach, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook, type RulebookInput } from '../../shared/rulebook/schema.ts'
import { MINUTE_MS, wallClockMs } from '../../shared/time.ts'
import { createLog, systemClock } from '../kernel/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  createRoom,
  endLive,
  finishLive,
  getRoom,
  momentsAfter,
  startLive,
} from '../rooms/index.ts'
import { endCampaign } from '../tasks/index.ts'
import { createKeyMoments, runsSince } from './key-moments.ts'

/** A Friday. */
const DAY = 21_000 + 1
const SHANGHAI = 'Asia/Shanghai'
const PEAK = {
  id: 'peak',
  title: { zh: '高潮', en: 'Peak' },
  weights: { comment: 2, share: 3, watch: 0.5 },
  from: '23:50',
  minutes: 20,
  days: [5],
}
let redis: Store
useRedis(async (server) => {
  openTestClock()
  redis = await server.connect()
})
let nowMs: number
let keyMoments: NonNullable<RulebookInput['keyMoments']>
beforeEach(async () => {
  await redis.flushall()
  nowMs = wallClockMs(DAY, 22 * 60, SHANGHAI)
  keyMoments = [PEAK]
  for (const [id, timeZone] of [
    ['kitchen', SHANGHAI],
    ['garden', 'UTC'],
  ] as const) {
    await createRoom(redis, { id, name: id, brand: 'b', timeZone, nowMs })
    await startLive(redis, { room: id, nowMs })
  }
})

/** The chore of another worker each time: none remembers anything. */
const pass = () =>
  createKeyMoments({
    store: redis,
    clock: systemClock,
    log: createLog('silent', 'test'),
    nowMs: () => nowMs,
    rulebook: () => ({
      ...{ version: 1, publishedAtMs: 0, by: 'test' },
      book: Rulebook.parse({ ...PRESETS.live, keyMoments }),
    }),
  })()
const at = (minutes: number) => wallClockMs(DAY, 23 * 60 + 50, SHANGHAI) + minutes * MINUTE_MS
async function told(room: string) {
  const epoch = (await getRoom(redis, room))?.epoch ?? ''
  const read = await momentsAfter(redis, { room, epoch, seq: 0 })
  return (read?.moments ?? []).flatMap((one) =>
    one.kind === 'campaign.started' ? [one.campaign] : [],
  )
}

test('[T11 000-06] a key moment begins in each live room at its own time, once, whoever looks how often', async () => {
  await pass()
  expect(await told('kitchen')).toEqual([])
  nowMs = at(0) + 3000
  await Promise.all([pass(), pass(), pass()])
  nowMs = at(15)
  await pass()
  const [peak, ...more] = await told('kitchen')
  expect(more).toEqual([])
  expect(peak).toMatchObject({
    ...{ action: 'all', factor: 3000, title: PEAK.title, startsAtMs: at(0) + 3000 },
    weights: { comment: 2000, share: 3000, watch: 500 },
    endsAtMs: at(20),
  })
  // In the other room it is another time of day.
  expect(await told('garden')).toEqual([])
})

test('[T11] a live that begins within its minutes has the rest of it; what the host ended does not come again', async () => {
  const live = (await getRoom(redis, 'kitchen'))?.live.no ?? 0
  nowMs = at(1)
  await pass()
  const [first] = await told('kitchen')
  expect(
    await endCampaign(redis, { room: 'kitchen', campaign: first?.campaign ?? 0, nowMs: at(2) }),
  ).toEqual({ ok: true })
  nowMs = at(3)
  await pass()
  expect(await told('kitchen')).toHaveLength(1)

  await endLive(redis, { room: 'kitchen', live, nowMs: at(4) })
  await finishLive(redis, { room: 'kitchen', live, nowMs: at(4) })
  nowMs = at(5)
  await pass()
  expect(await told('kitchen')).toHaveLength(1)
  await startLive(redis, { room: 'kitchen', nowMs: at(6) })
  nowMs = at(12)
  await pass()
  const [, second] = await told('kitchen')
  expect(second).toMatchObject({ startsAtMs: at(12), endsAtMs: at(20) })
  nowMs = at(20)
  await pass()
  expect(await told('kitchen')).toHaveLength(2)
})

test('[T11] times of day are those of the zone, over midnight, on the days that are named', () => {
  const { weights: _, ...time } = PEAK
  const since = (ms: number, days: number[] = time.days) =>
    runsSince({ ...PEAK, days }, ms, SHANGHAI)
  expect(since(at(0) - 1)).toBeUndefined()
  expect(since(at(0))).toBe(at(0))
  expect(since(at(19))).toBe(at(0))
  expect(since(at(20))).toBeUndefined()
  expect(since(at(19), [6])).toBeUndefined()
  expect(since(at(19), [])).toBe(at(0))
  // A clock that jumps from 2:00 to 3:00, and one that shows 2:30 twice.
  const berlin = (iso: string, from: string) =>
    runsSince({ ...PEAK, from, days: [] }, Date.parse(iso), 'Europe/Berlin')
  expect(berlin('2026-03-29T01:31:00Z', '02:30')).toBe(Date.parse('2026-03-29T01:30:00Z'))
  expect(berlin('2026-03-29T10:00:30Z', '12:00')).toBe(Date.parse('2026-03-29T10:00:00Z'))
  expect(berlin('2026-10-25T00:31:00Z', '02:30')).toBe(Date.parse('2026-10-25T00:30:00Z'))
  expect(berlin('2026-10-25T11:00:30Z', '12:00')).toBe(Date.parse('2026-10-25T11:00:00Z'))
})
