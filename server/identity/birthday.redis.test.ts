import { beforeEach, expect, test } from 'vitest'
import { createPartitions, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { birthdayOf, setBirthday } from './birthday.ts'
import { birthdayKey } from './keys.ts'

let store: Store
useRedis(async (server) => {
  store = await server.connect()
})
beforeEach(async () => {
  await store.flushall()
})

const ACCOUNT = 5
const noon = (date: string) => Date.parse(`${date}T12:00:00Z`)
const profiles = () => ({ store, partitions: createPartitions(1) })
const say = (date: string, month?: number, day?: number) =>
  setBirthday(profiles(), ACCOUNT, {
    birthday: month === undefined || day === undefined ? undefined : { month, day },
    nowMs: noon(date),
  })
const on = (date: string) => birthdayOf(profiles(), ACCOUNT, noon(date))

test('[TI1] a day that is always changed to the present one counts once a year', async () => {
  await say('2026-03-01', 3, 1)
  expect(await on('2026-03-01')).toEqual({ month: 3, day: 1 })
  for (const [month, day] of [
    [3, 2],
    [3, 9],
    [11, 24],
  ] as const) {
    const date = `2026-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`
    await say(date, month, day)
    expect(await on(date)).toBeUndefined()
  }
  expect(await on('2027-11-24')).toEqual({ month: 11, day: 24 })
})

test('[TI1] taken back and said anew it counts no sooner', async () => {
  await say('2026-03-01', 3, 1)
  await say('2026-03-02')
  await say('2026-03-02', 3, 2)
  expect(await on('2026-03-02')).toBeUndefined()
  expect(await on('2027-03-02')).toEqual({ month: 3, day: 2 })
})

test('[TI1] a mistake that is mended before its day came costs nothing, and a repeat changes nothing', async () => {
  await say('2026-03-01', 6, 15)
  await say('2026-03-05', 5, 16)
  await say('2026-05-16', 5, 16)
  expect(await on('2026-05-16')).toEqual({ month: 5, day: 16 })
})

test('[TI1] a day of before times were kept counts, and another one after it does not at once', async () => {
  await store.set(birthdayKey(createPartitions(1).slotOf(ACCOUNT), ACCOUNT), '03-01')
  expect(await on('2026-03-01')).toEqual({ month: 3, day: 1 })
  await say('2026-03-02', 3, 2)
  expect(await on('2026-03-02')).toBeUndefined()
})
