import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { DEFAULT_PRESET, PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook, type RulebookInput } from '../../shared/rulebook/schema.ts'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import type { TestRedis } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  currentRulebook,
  ensureRulebook,
  listRulebooks,
  publishRulebook,
  type RulebookWatch,
  rollBackRulebook,
  rulebookVersion,
  watchRulebook,
} from './index.ts'
import { rulebookKey, rulebooksKey, ruleNumbersKey } from './keys.ts'
import { RULEBOOKS_KEPT, RULEBOOKS_PER_PAGE } from './limits.ts'

let server: TestRedis
let redis: Store
useRedis(async (started) => {
  server = started
  redis = await started.connect()
})
beforeEach(async () => {
  await redis.flushall()
})

const live = Rulebook.parse(PRESETS.live)
/** The live preset with something changed. */
const edited = (change: (book: RulebookInput) => void): RulebookInput => {
  const book: RulebookInput = structuredClone(live)
  change(book)
  return book
}
const noted = (note: string) => edited((book) => Object.assign(book, { note }))
const publish = (book: unknown, by = 'mei') => publishRulebook(redis, { book, by })

async function published(book: unknown, by?: string) {
  const answer = await publish(book, by)
  if (!answer.ok) throw new Error(`refused: ${answer.code} ${answer.field}`)
  return answer.published
}

describe('publish', () => {
  test('[G1 001-33] an invalid book is refused with the path of the field and changes nothing', async () => {
    await ensureRulebook(redis)
    const before = await redis.hgetall(rulebooksKey)
    const refusals: [unknown, string][] = [
      [edited((book) => Object.assign(book.earn[3] ?? {}, { points: -1 })), 'earn.3.points'],
      [edited((book) => Object.assign(book.heat, { halfLifeSec: 'long' })), 'heat.halfLifeSec'],
      [edited((book) => Object.assign(book.comment, { colour: 'red' })), 'comment.colour'],
      [edited((book) => Object.assign(book, { timeZone: 'Mars/Olympus' })), 'timeZone'],
      [
        edited((book) => book.earn.push({ ...live.earn[0], no: 77 } as never)),
        `earn.${live.earn.length}`,
      ],
      ['no book', ''],
      [null, ''],
    ]
    for (const [book, field] of refusals)
      expect(await publish(book)).toMatchObject({ ok: false, code: 'rulebook_invalid', field })
    expect(await redis.hgetall(rulebooksKey)).toEqual(before)
    expect((await currentRulebook(redis))?.version).toBe(1)
  })

  test('[G2 002-41] of twenty publications at once each gets its own version', async () => {
    const other = await server.connect()
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        publishRulebook(i % 2 ? redis : other, { book: noted(`number ${i}`), by: 'mei' }),
      ),
    )
    const versions = answers.flatMap((answer) => (answer.ok ? [answer.published] : []))
    expect(versions.map((v) => v.version).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 20 }, (_, i) => i + 1),
    )
    for (const { version, book } of versions)
      expect((await rulebookVersion(redis, version))?.book.note).toBe(book.note)
  })

  test('[G3] a version stays what it was, with its author and Redis time', async () => {
    const [seconds] = await redis.time()
    const first = await published(noted('first'), 'mei')
    await published(PRESETS.mall, 'bo')
    expect(await rulebookVersion(redis, 1)).toEqual(first)
    expect(first).toMatchObject({ version: 1, by: 'mei', book: { note: 'first' } })
    expect(Math.abs(first.publishedAtMs - Number(seconds) * 1000)).toBeLessThan(5000)
    expect((await currentRulebook(redis))?.book).toEqual(Rulebook.parse(PRESETS.mall))
    expect(await rulebookVersion(redis, 3)).toBeUndefined()
  })

  test('[G4] a rule keeps its number', async () => {
    await published(live)
    const numbers = await redis.hgetall(ruleNumbersKey)
    const at = live.earn.findIndex((rule) => rule.id === 'share')
    const moved = edited((book) => Object.assign(book.earn[at] ?? {}, { no: 150 }))
    expect(await publish(moved)).toMatchObject({ code: 'rulebook_invalid', field: `earn.${at}.no` })
    expect(await redis.hgetall(ruleNumbersKey)).toEqual(numbers)
    expect((await currentRulebook(redis))?.version).toBe(1)
  })

  test('[G5] a number never names another rule, also when its rule is gone', async () => {
    await published(live)
    const without = edited((book) => {
      book.earn = book.earn.filter((rule) => rule.id !== 'like')
    })
    await published(without)
    const reused = edited((book) => {
      book.earn = book.earn.filter((rule) => rule.id !== 'like')
      book.earn.push({ id: 'tap', no: 1, action: 'like', points: 2 })
    })
    expect(await publish(reused)).toMatchObject({
      code: 'rulebook_invalid',
      field: `earn.${live.earn.length - 1}.no`,
    })
    // The rule itself may come back, and presets may follow each other.
    await published(live)
    for (const preset of Object.values(PRESETS)) await published(preset)
  })
})

describe('versions', () => {
  test('[G6 002-41] rolling back makes a new version of the old content', async () => {
    const first = await published(noted('first'), 'mei')
    await published(PRESETS.mall, 'bo')
    const answer = await rollBackRulebook(redis, { version: 1, by: 'li' })
    expect(answer).toMatchObject({ ok: true, published: { version: 3, by: 'li' } })
    expect((await currentRulebook(redis))?.book).toEqual({
      ...first.book,
      note: 'Back to version 1',
    })
    expect((await rulebookVersion(redis, 2))?.book.preset).toBe('mall')
    expect(await rollBackRulebook(redis, { version: 9, by: 'li' })).toMatchObject({
      code: 'not_found',
    })
    expect((await currentRulebook(redis))?.version).toBe(3)
  })

  test('[G7] however many processes start, the default preset is published once', async () => {
    const stores = await Promise.all(Array.from({ length: 6 }, () => server.connect()))
    const books = await Promise.all(stores.map((one) => ensureRulebook(one)))
    expect(new Set(books.map((b) => `${b.version} ${b.publishedAtMs}`)).size).toBe(1)
    expect(books[0]).toMatchObject({ version: 1, book: { preset: DEFAULT_PRESET } })
    expect(await redis.hlen(rulebooksKey)).toBe(1)
    await published(PRESETS.mall)
    expect((await ensureRulebook(redis)).book.preset).toBe('mall')
  })

  test('[G11] the newest versions are kept and listed in pages', async () => {
    await published(noted('first'))
    // As if a thousand had been published since.
    const [, atMs] = (await redis.get(rulebookKey))?.split(' ') ?? []
    await redis.set(rulebookKey, `${RULEBOOKS_KEPT} ${atMs}`)
    await published(noted('one more'))
    expect(await rulebookVersion(redis, 1)).toBeUndefined()
    expect((await currentRulebook(redis))?.version).toBe(RULEBOOKS_KEPT + 1)

    await redis.flushall()
    for (let i = 1; i <= RULEBOOKS_PER_PAGE + 2; i++) await published(noted(`note ${i}`), `by ${i}`)
    const page = await listRulebooks(redis)
    expect(page).toHaveLength(RULEBOOKS_PER_PAGE)
    expect(page[0]).toMatchObject({ version: 52, note: 'note 52', by: 'by 52', preset: 'live' })
    const rest = await listRulebooks(redis, page.at(-1)?.version)
    expect(rest.map((entry) => entry.version)).toEqual([2, 1])
    expect(await listRulebooks(redis, 1)).toEqual([])
  })
})

describe('watchers', () => {
  const open: RulebookWatch[] = []
  afterEach(() => {
    for (const watch of open.splice(0)) watch.stop()
  })
  async function watcher(store: Store) {
    const versions: number[] = []
    const errors: unknown[] = []
    const watch = await watchRulebook(store, systemClock, {
      onChange: ({ version }) => versions.push(version),
      onError: (error) => errors.push(error),
    })
    open.push(watch)
    return { watch, versions, errors }
  }
  const reaches = async (at: { versions: number[] }, version: number, ms = 1000) =>
    expect.poll(() => at.versions.at(-1), { timeout: ms, interval: 20 }).toBe(version)

  test('[G8 002-41 001-33] two watchers on different connections swap within a second', async () => {
    const [a, b] = await Promise.all([
      server.connect().then(watcher),
      server.connect().then(watcher),
    ])
    expect([a.versions, b.versions]).toEqual([[1], [1]])
    for (const [version, note] of [
      [2, 'second'],
      [3, 'third'],
    ] as const) {
      await published(noted(note))
      await Promise.all([reaches(a, version), reaches(b, version)])
      expect([a.watch.current().book.note, b.watch.current().book.note]).toEqual([note, note])
    }
    expect(a.versions).toEqual([1, 2, 3])
    expect(a.errors).toEqual([])
  })

  test('[G8] a watcher that was stopped hears nothing more', async () => {
    const [a, b] = [await watcher(redis), await watcher(redis)]
    a.watch.stop()
    await published(noted('later'))
    await reaches(b, 2)
    expect(a.versions).toEqual([1])
  })

  test('[G9] a version of a newer release leaves the one before in force and is reported once', async () => {
    const a = await watcher(redis)
    const book = { ...live, lottery: { odds: 0.5 } }
    await redis.hset(rulebooksKey, '2', `1 ${JSON.stringify({ by: 'mei', book })}`)
    await redis.set(rulebookKey, '2 1')
    await expect.poll(() => a.errors.length, { timeout: 1000 }).toBe(1)
    expect(String(a.errors[0])).toContain(
      'rulebook 2 cannot be read by this release, at book.lottery',
    )
    await systemClock.sleep(900)
    expect(a.errors).toHaveLength(1)
    expect(a.watch.current().version).toBe(1)
    await expect(watchRulebook(redis, systemClock, { onChange: () => undefined })).rejects.toThrow(
      'rulebook 2 cannot be read',
    )
    // It can still be listed, and left again.
    expect((await listRulebooks(redis)).map((entry) => entry.version)).toEqual([2, 1])
    await rollBackRulebook(redis, { version: 1, by: 'li' })
    await reaches(a, 3)
  })

  test('[G10] through a Redis that is away or came back older, rules stay and then catch up', async () => {
    const a = await watcher(redis)
    await published(noted('second'))
    await reaches(a, 2)
    await server.kill()
    await expect.poll(() => a.errors.length, { timeout: 3000 }).toBe(1)
    await systemClock.sleep(900)
    expect(a.errors).toHaveLength(1)
    expect(a.watch.current().version).toBe(2)
    await server.start()
    await expect.poll(() => redis.ping().catch(() => ''), { timeout: 5000 }).toBe('PONG')

    // The same number with another content, as after a failover that lost the last write.
    const book = Rulebook.parse(noted('the other second'))
    await redis.hset(rulebooksKey, '2', `5 ${JSON.stringify({ by: 'bo', book })}`)
    await redis.set(rulebookKey, '2 5')
    await expect.poll(() => a.watch.current().book.note, { timeout: 3000 }).toBe('the other second')
  })
})
