/** Versions that begin later, and what points may not buy less sooner than viewers were promised. */

import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { DAY_MS } from '../../shared/time.ts'
import { type Clock, systemClock } from '../kernel/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import type { TestRedis } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  callBackRulebook,
  currentRulebook,
  ensureRulebook,
  listRulebooks,
  type Publication,
  publishDraft,
  publishRulebook,
  rollBackRulebook,
  rulebookVersion,
  saveDraft,
  watchRulebook,
} from './index.ts'
import { rulebookKey, rulebooksKey } from './keys.ts'
import { SCHEDULE_AHEAD_MS, SCHEDULED_MAX } from './limits.ts'
import { stepsOf } from './timeline.ts'

let server: TestRedis
let redis: Store
useRedis(async (started) => {
  server = started
  redis = await started.connect()
})
beforeEach(async () => {
  await redis.flushall()
  await ensureRulebook(redis)
})
beforeAll(openTestClock)
const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

const live = Rulebook.parse(PRESETS.live)
const noted = (note: string) => ({ ...live, note })
/** What a point buys, and how long before it may buy less. */
const worth = (factor: number, noticeDays = 7) => ({ ...live, redemption: { factor, noticeDays } })
const nowMs = async () => {
  const [sec, micro] = await redis.time()
  return Number(sec) * 1000 + Math.floor(Number(micro) / 1000)
}
const publish = (book: unknown, more: Partial<Publication> = {}) =>
  publishRulebook(redis, { book, by: 'mei', ...more })
/** Scheduled that many ms from now. */
async function scheduled(note: string, inMs: number, more: Partial<Publication> = {}) {
  const effectiveAtMs = (await nowMs()) + inMs
  const answer = await publish(noted(note), { effectiveAtMs, ...more })
  if (!answer.ok) throw new Error(`refused: ${answer.code} ${answer.field}`)
  return { ...answer.published, calledBack: answer.calledBack, effectiveAtMs }
}

/** A process whose clock the test sets. */
async function watching(store = redis) {
  let atMs = await nowMs()
  const versions: number[] = []
  const clock: Clock = { ...systemClock, now: () => atMs }
  const watch = await watchRulebook(store, clock, {
    onChange: ({ version }) => versions.push(version),
    onError: (error) => errors.push(error),
  })
  const errors: unknown[] = []
  closing.push(() => watch.stop())
  const goTo = (ms: number) => {
    atMs = ms
  }
  const comes = (coming: number[]) =>
    expect
      .poll(() => watch.coming().map(({ version }) => version), { timeout: 2000 })
      .toEqual(coming)
  return { watch, versions, errors, goTo, comes }
}

describe('a version that begins later', () => {
  test('[G28] it has its number at once, is kept, and holds from its instant on', async () => {
    const soon = await scheduled('soon', 600)
    expect(soon).toMatchObject({ version: 2, by: 'mei' })
    expect(await rulebookVersion(redis, 2)).toMatchObject({ effectiveAtMs: soon.effectiveAtMs })
    expect((await currentRulebook(redis))?.version).toBe(1)
    expect(await listRulebooks(redis)).toMatchObject([
      { version: 2, effectiveAtMs: soon.effectiveAtMs, note: 'soon' },
      { version: 1 },
    ])
    await expect
      .poll(async () => (await currentRulebook(redis))?.version, { timeout: 3000 })
      .toBe(2)
    expect(await nowMs()).toBeGreaterThanOrEqual(soon.effectiveAtMs)
  })

  test('[G28] two processes turn at its instant by the clock, to the millisecond, and one that starts later knows it', async () => {
    const [a, b] = [await watching(), await watching(await server.connect())]
    const { effectiveAtMs } = await scheduled('later', DAY_MS)
    const then = await scheduled('then', 2 * DAY_MS)
    await Promise.all([a.comes([2, 3]), b.comes([2, 3])])
    for (const process of [a, b]) {
      process.goTo(effectiveAtMs - 1)
      expect(process.watch.current().version).toBe(1)
      process.goTo(effectiveAtMs)
      expect(process.watch.current()).toMatchObject({ version: 2, book: { note: 'later' } })
      process.goTo(then.effectiveAtMs)
      expect(process.watch.current().version).toBe(3)
      expect(process.versions).toEqual([1, 2, 3])
    }
    const late = await watching()
    expect(late.watch.coming().map(({ version }) => version)).toEqual([2, 3])
  })

  test('[G28] nobody turns it: it begins through a crash of Redis, and while Redis is away', async () => {
    const a = await watching()
    const { effectiveAtMs } = await scheduled('later', 1500)
    await a.comes([2])
    await server.kill()
    a.goTo(effectiveAtMs)
    expect(a.watch.current().version).toBe(2)
    await server.start()
    await expect.poll(() => redis.ping().catch(() => ''), { timeout: 5000 }).toBe('PONG')
    await expect
      .poll(async () => (await currentRulebook(redis))?.version, { timeout: 5000 })
      .toBe(2)
  })

  test('[G28] an instant that is past, or more than a year away, is refused and changes nothing', async () => {
    const now = await nowMs()
    const before = await redis.hgetall(rulebooksKey)
    for (const effectiveAtMs of [1, now - 1000, now + SCHEDULE_AHEAD_MS + 60_000])
      expect(await publish(noted('no'), { effectiveAtMs })).toMatchObject({
        code: 'bad_request',
        field: 'effectiveAtMs',
      })
    expect(await redis.hgetall(rulebooksKey)).toEqual(before)
    for (let i = 1; i <= SCHEDULED_MAX; i++) await scheduled(`number ${i}`, i * DAY_MS)
    await expect(scheduled('one more', 100 * DAY_MS)).rejects.toThrow('effectiveAtMs')
    expect((await scheduled('before all', DAY_MS / 2)).calledBack).toHaveLength(SCHEDULED_MAX)
  })

  test('[G29] what was to begin after a publication was made from something else, and is called back with it', async () => {
    const first = await scheduled('first', DAY_MS)
    await scheduled('second', 2 * DAY_MS)
    const third = await scheduled('third', 3 * DAY_MS)
    expect(third.calledBack).toEqual([])
    const between = await publish(noted('between'), { effectiveAtMs: first.effectiveAtMs + 1 })
    expect(between).toMatchObject({ published: { version: 5 }, calledBack: [3, 4] })
    const atOnce = await publish(noted('now'), { by: 'bo' })
    expect(atOnce).toMatchObject({ published: { version: 6 }, calledBack: [2, 5] })
    expect((await currentRulebook(redis))?.version).toBe(6)
    expect(stepsOf((await redis.get(rulebookKey)) ?? '', await nowMs())).toHaveLength(1)
    const back = (by: string) => ({ calledBack: { by } })
    expect(await listRulebooks(redis)).toMatchObject([
      ...[{ version: 6 }, { version: 5, ...back('bo') }, { version: 4, ...back('mei') }],
      ...[{ version: 3, ...back('mei') }, { version: 2, ...back('bo') }, { version: 1 }],
    ])
  })

  test('[G29] it is made from the version that it follows, by draft as well', async () => {
    const first = await scheduled('first', DAY_MS, { basis: 1 })
    const at = (effectiveAtMs: number, basis: number) =>
      publish(noted('next'), { effectiveAtMs, basis })
    const after = first.effectiveAtMs + DAY_MS
    expect(await at(after, 1)).toMatchObject({ code: 'rulebook_moved' })
    expect(await at(after, 2)).toMatchObject({ ok: true, published: { version: 3 } })
    expect(await at(first.effectiveAtMs - 1, 2)).toMatchObject({ code: 'rulebook_moved' })
    const draft = { revision: 0, by: 'bo', basis: 3, book: noted('drafted') }
    const saved = await saveDraft(redis, draft)
    const revision = saved.ok ? saved.revision : 0
    const seen = { revision, by: 'bo', note: '', review: false }
    expect(await publishDraft(redis, seen)).toMatchObject({ code: 'rulebook_moved' })
    expect(await publishDraft(redis, { ...seen, effectiveAtMs: after + 1 })).toMatchObject({
      published: { version: 4, effectiveAtMs: after + 1 },
      calledBack: [],
    })
    expect(await currentRulebook(redis)).toMatchObject({ version: 1 })
  })

  test('[G30] it is called back with what was to follow it, as long as it has not begun', async () => {
    const a = await watching()
    const first = await scheduled('first', DAY_MS)
    await scheduled('second', 2 * DAY_MS)
    await a.comes([2, 3])
    const callBack = (version: number, more = {}) =>
      callBackRulebook(redis, { version, by: 'li', ...more })
    expect(await callBack(1)).toMatchObject({ code: 'not_found', field: 'version' })
    const begun = { nowMs: first.effectiveAtMs }
    expect(await callBack(2, begun)).toMatchObject({ code: 'not_found' })
    expect(await callBack(2)).toEqual({ ok: true, calledBack: [2, 3] })
    expect(await callBack(2)).toMatchObject({ code: 'not_found' })
    await a.comes([])
    a.goTo(first.effectiveAtMs + DAY_MS)
    expect(a.watch.current().version).toBe(1)
    expect((await listRulebooks(redis))[1]).toMatchObject({ version: 2, calledBack: { by: 'li' } })
    // Its number is not given again.
    expect(await publish(noted('another'))).toMatchObject({ published: { version: 4 } })
  })

  test('[G9 G28] one that this release cannot read leaves what it would follow, and is reported once', async () => {
    const a = await watching()
    const { effectiveAtMs } = await scheduled('later', DAY_MS)
    const book = { ...live, lottery: 1 }
    const document = JSON.stringify({ by: 'mei', effectiveAtMs, book })
    await redis.hset(rulebooksKey, '3', `1 ${document}`)
    const head = await redis.get(rulebookKey)
    await redis.set(rulebookKey, `${head} 3 ${effectiveAtMs + 1}`)
    await expect.poll(() => a.errors.length, { timeout: 2000 }).toBe(1)
    a.goTo(effectiveAtMs + 1)
    expect(a.watch.current().version).toBe(2)
  })
})

describe('points that buy less', () => {
  const cut = worth(1.25)
  const needed = (fromMs: unknown) => ({
    ok: false,
    code: 'notice_needed',
    field: 'redemption.factor',
    fromMs,
  })

  test('[G31 001-38] sooner than the notice is refused, with what is cut and from when it may hold', async () => {
    await publish(noted('told for long'), { nowMs: (await nowMs()) - 30 * DAY_MS })
    const before = await nowMs()
    const answer = await publish(cut)
    expect(answer).toMatchObject(needed(expect.any(Number)))
    const fromMs = answer.ok ? 0 : (answer.fromMs ?? 0)
    expect(fromMs).toBeGreaterThanOrEqual(before + 7 * DAY_MS)
    expect(await publish(cut, { effectiveAtMs: fromMs - 1000 })).toMatchObject({
      code: 'notice_needed',
    })
    expect((await listRulebooks(redis)).map(({ version }) => version)).toEqual([2, 1])
    const told = await publish(cut, { effectiveAtMs: (await nowMs()) + 7 * DAY_MS + 1000 })
    expect(told).toMatchObject({ ok: true, warnings: [{ code: 'value-cut' }] })
  })

  test('[G31] the notice of the version that is followed counts; 0 asks for none', async () => {
    await publish(worth(1, 0), { nowMs: (await nowMs()) - 30 * DAY_MS })
    expect(await publish(worth(1.25, 30))).toMatchObject({ ok: true })
    await publish(worth(1.25, 30), { nowMs: (await nowMs()) - 29 * DAY_MS })
    const at = (days: number) => nowMs().then((now) => now + days * DAY_MS + 1000)
    expect(await publish(worth(1.5, 0), { effectiveAtMs: await at(29) })).toMatchObject({
      code: 'notice_needed',
    })
    expect(await publish(worth(1.5, 0), { effectiveAtMs: await at(30) })).toMatchObject({
      ok: true,
    })
  })

  test('[G31] what points bought within the notice is no cut: a mistake in their favour is taken back at once', async () => {
    const now = await nowMs()
    await publish(noted('usual'), { nowMs: now - 40 * DAY_MS })
    await publish(worth(0.5), { nowMs: now - 6 * DAY_MS })
    await publish({ ...worth(0.5), note: 'again' }, { nowMs: now - 5 * DAY_MS })
    expect(await rollBackRulebook(redis, { version: 2, by: 'li' })).toMatchObject({ ok: true })
  })

  test('[G31] what they have bought for longer than that is kept up', async () => {
    const now = await nowMs()
    await publish(noted('usual'), { nowMs: now - 40 * DAY_MS })
    await publish(worth(0.5), { nowMs: now - 8 * DAY_MS })
    expect(await rollBackRulebook(redis, { version: 2, by: 'li' })).toMatchObject({
      code: 'notice_needed',
    })
    const effectiveAtMs = now + 7 * DAY_MS + 60_000
    expect(await rollBackRulebook(redis, { version: 2, by: 'li', effectiveAtMs })).toMatchObject({
      ok: true,
    })
    // Who was told of that was told of what follows it, too; not of less.
    const later = { effectiveAtMs: effectiveAtMs + 1 }
    expect(await publish(worth(1), later)).toMatchObject({ ok: true })
    expect(await publish(worth(1.1), later)).toMatchObject({ ok: true })
  })

  test('[G31] a version that was called back, or that only some play, is no precedent', async () => {
    const now = await nowMs()
    await publish(worth(1, 0), { nowMs: now - 40 * DAY_MS })
    await publish(worth(1.25), { variant: true, basis: 2, nowMs: now - 39 * DAY_MS })
    await publish(worth(1.25), { nowMs: now - 30 * DAY_MS, effectiveAtMs: now - 25 * DAY_MS })
    await callBackRulebook(redis, { version: 4, by: 'li', nowMs: now - 29 * DAY_MS })
    await publish(worth(1), { nowMs: now - 28 * DAY_MS })
    expect(await publish(cut)).toMatchObject({ code: 'notice_needed' })
  })
})
