import { afterEach, beforeEach, expect, test } from 'vitest'
import { formatAccount } from '../../shared/ids.ts'
import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import { DAY_MS, HOUR_MS } from '../../shared/time.ts'
import { dueKey } from '../boards/keys.ts'
import { listRedeemed } from '../boards/redeemed.ts'
import { setProfile } from '../identity/profile.ts'
import { mergedFromKey, mergedIntoKey } from '../merges/keys.ts'
import type { Store } from '../redis/index.ts'
import { Died, dyingAfter } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { START_MS } from '../scoring/bench.testing.ts'
import { BOARD, BoardsStand, endsAtMs, STARS, WEEK } from './boards.testing.ts'
import type { BoardsOf } from './boards.ts'

let redis: Store
let on: BoardsStand
useRedis(async (server) => {
  redis = await server.connect()
})
async function renew(boards?: RulebookInput['boards']): Promise<void> {
  await on?.clean()
  on = await BoardsStand.begin(redis, boards)
}
beforeEach(() => renew())
afterEach(() => on.clean())

/** A week's points: one leads, two are equal, one who had most is frozen, one has few. */
async function week() {
  const [ann = 0, ben = 0, cid = 0, dan = 0, eve = 0] = on.people
  await on.give(ann, 500)
  await on.give(ben, 400)
  await on.give(cid, 400)
  await on.give(dan, 900)
  await on.give(eve, 10)
  await on.wallets.freeze({ account: dan, id: 'freeze-dan', freeze: true, by: 'segments' })
  await on.countAll()
  return { ann, ben, cid, dan, eve }
}

test('[B5 B6 B7 B11 003-21 004-19] when the week is over its first are paid by rank, once, whichever call is the last of the process', async () => {
  const { ann, ben, cid, dan, eve } = await week()
  const before = new Map<number, number>()
  for (const account of on.people) before.set(account, await on.pointsOf(account))
  on.nowMs = endsAtMs + 60_000
  await on.boards().pass()
  expect(await on.boards().closed(WEEK, on.acme)).toEqual([])
  on.nowMs = endsAtMs + HOUR_MS
  let died = 0
  for (let calls = 0; ; calls++) {
    const end = await on
      .boards(dyingAfter(redis, calls))
      .pass()
      .catch((error: unknown) => {
        if (!(error instanceof Died)) throw error
        died++
        return error
      })
    if (!end) break
  }
  expect(died).toBeGreaterThan(10)
  await on.boards().pass()
  await Promise.all([on.boards().pass(), on.boards().pass()])
  const got = async (account: number) => (await on.pointsOf(account)) - (before.get(account) ?? 0)
  expect(await Promise.all([ann, ben, cid, dan, eve].map(got))).toEqual([100, 60, 30, 0, 0])
  expect(await redis.hlen(dueKey)).toBe(0)
  const [closed] = await on.boards().closed(WEEK, on.acme)
  expect(closed).toMatchObject({ closed: true, people: 5 })
  expect(closed?.places.map(({ name, points, prize }) => [name, points, prize])).toEqual([
    ['Name u0', 500, 100],
    ['Name u1', 400, 60],
    ['Name u2', 400, 30],
    ['Name u4', 10, undefined],
  ])
  expect([...(await on.boards().stars())]).toEqual([
    [ann, { title: STARS, untilMs: endsAtMs + 7 * DAY_MS }],
  ])
  on.nowMs = endsAtMs + 8 * DAY_MS
  expect((await on.boards().stars()).size).toBe(0)
  // Prizes are not earned: none of them is on a board.
  await on.countAll()
  expect(await on.sumOf(ann)).toBe(500)
})

test('[B5] what stands when a board is closed stands: who is frozen afterwards keeps the place, and nobody moves up', async () => {
  const { ann, ben, cid } = await week()
  on.nowMs = endsAtMs + HOUR_MS
  await on.boards().pass()
  await on.boards().pass()
  const before = await Promise.all([ben, cid].map((account) => on.pointsOf(account)))
  await on.wallets.freeze({ account: ann, id: 'freeze-ann', freeze: true, by: 'ops' })
  // As if the process had died before it noted that the week is closed.
  await redis.del('ff:{cfg}:boards-week')
  await on.countAll()
  await on.boards().pass()
  await on.boards().pass()
  expect(await Promise.all([ben, cid].map((account) => on.pointsOf(account)))).toEqual(before)
  const [closed] = await on.boards().closed(WEEK, on.acme)
  expect(closed?.places.map(({ handle }) => handle).slice(0, 3)).toEqual(
    [ann, ben, cid].map(formatAccount),
  )
})

test('[B12] a redemption of a live is in the list of its room once, however often its element comes', async () => {
  const [ann = 0] = on.people
  await on.give(ann, 50)
  const of = { account: ann, id: 'r-wish-ann-01', points: 10, forMs: 60_000, at: on.acme }
  const what = { use: 'redemption' as const, subject: 'oats', live: 7, issuers: [on.acme] }
  expect(await on.wallets.hold({ ...of, ...what })).toMatchObject({ ok: true })
  expect(await on.wallets.capture({ account: ann, id: of.id })).toMatchObject({ ok: true })
  await on.countAll()
  await redis.hdel(`ff:${on.placeOf(ann).slot}:cursors`, 'boards')
  await on.countAll()
  const asked: unknown[] = []
  const viewsOf = async (refs: readonly object[]) => {
    asked.push(...refs)
    const title = { zh: '燕麦', en: 'Oats' }
    const view = { title, points: 10, cashFen: 0, state: 'issued' as const }
    return refs.map(() => ({ ...view, id: 'wish-ann-01', reward: 'oats', atMs: 0, kind: 'goods' }))
  }
  const boards = on.boards(redis, {
    redemptions: { viewsOf } as unknown as BoardsOf['redemptions'],
  })
  expect(await boards.redeemed('kitchen')).toMatchObject({
    redemptions: [{ name: 'N**', points: 10, state: 'issued' }],
  })
  expect(asked).toMatchObject([{ reward: 'oats', account: ann, id: 'wish-ann-01' }])
  expect(await boards.redeemed('garden')).toEqual({ ok: true, redemptions: [] })
})

test('[B12] pages of the list go on where the one before ended, over all partitions', async () => {
  const all: number[] = []
  for (let i = 0; i < 45; i++) {
    const account = 1000 + i
    const { slot } = on.placeOf(account)
    // Three of one instant each.
    const atMs = START_MS + Math.floor(i / 3)
    await redis.zadd(`ff:${slot}:room-redeemed:kitchen`, atMs, `${account} oats wish-${i}`)
    all.push(account)
  }
  const seen: number[] = []
  let before: string | undefined
  for (let page = 0; page < 4; page++) {
    const { listed, next } = await listRedeemed(
      { store: redis, partitions: on.worker.bench.places },
      { room: 'kitchen', before },
    )
    seen.push(...listed.map(({ account }) => account))
    before = next
    if (next === undefined) break
  }
  expect(seen).toHaveLength(45)
  expect(new Set(seen)).toEqual(new Set(all))
})

test('[B6] a week is not closed before every partition has counted all of it', async () => {
  const [ann = 0] = on.people
  await on.give(ann, 5)
  on.nowMs = endsAtMs + HOUR_MS
  await on.boards().pass()
  expect(await redis.get('ff:{cfg}:boards-week')).toBeNull()
  await on.countAll()
  await on.boards().pass()
  expect((await on.boards().closed(WEEK, on.acme))[0]?.places).toHaveLength(1)
})

test('[B7] what the cap does not let through now is paid later; who was erased is paid nothing and has no place', async () => {
  const { ann, ben } = await week()
  const { wallets } = on
  const before = await on.pointsOf(ann)
  let open = false
  const strict = on.boards(redis, {
    wallets: {
      issue: async (of) => (open ? wallets.issue(of) : { ok: false, code: 'busy', retry: true }),
    } as Pick<typeof wallets, 'issue'>,
  })
  on.nowMs = endsAtMs + HOUR_MS
  await strict.pass()
  await strict.pass()
  expect(await on.pointsOf(ann)).toBe(before)
  await redis.del(`ff:${on.placeOf(ben).slot}:whose:${ben}`)
  open = true
  await strict.pass()
  expect(await on.pointsOf(ann)).toBe(before + 100)
  expect(await redis.hlen(dueKey)).toBe(0)
})

test('[B8] accounts that became one count as one, once, also where neither had a place', async () => {
  const [ann = 0, ben = 0, cid = 0] = on.people
  await on.give(ann, 30)
  await on.give(ben, 40)
  await on.give(cid, 60)
  await redis.hset(mergedIntoKey, String(ann), `${ben} m1`)
  await redis.hset(mergedFromKey, String(ben), `${ann}:${START_MS} `)
  await on.countAll()
  const boards = on.boards()
  await boards.pass()
  const places = async () => {
    on.nowMs += 5000
    const board = await on.boards().running('week', on.acme)
    return board?.places.map(({ handle, points }) => [handle, points])
  }
  expect(await places()).toEqual([
    [formatAccount(ben), 70],
    [formatAccount(cid), 60],
  ])
  const view = await boards.running('week', on.acme)
  if (!view) throw new Error('no board')
  expect(await boards.own(view, on.acme, ben)).toEqual({ points: 70, rank: 1 })
})

test('[B9] the viewer sees the own rank and what is missing to the next place and to a prize', async () => {
  await renew([{ ...BOARD, places: 3, prizes: [100, 60], least: 5 }])
  const [ann = 0, ben = 0, cid = 0, dan = 0, eve = 0, fay = 0] = on.people
  for (const [account, points] of [
    [ann, 500],
    [ben, 300],
    [cid, 200],
    [dan, 150],
    [eve, 4],
  ] as const)
    await on.give(account, points)
  await on.countAll()
  const boards = on.boards()
  await boards.pass()
  const view = await boards.running('week', on.acme)
  if (!view) throw new Error('no board')
  const own = (account: number) => boards.own(view, on.acme, account)
  expect(await own(ann)).toEqual({ points: 500, rank: 1 })
  expect(await own(ben)).toEqual({ points: 300, rank: 2, toNext: 201 })
  expect(await own(cid)).toEqual({ points: 200, rank: 3, toNext: 101, toPrize: 101 })
  expect(await own(dan)).toEqual({ points: 150, rank: 4, toNext: 51, toPrize: 151 })
  expect(await own(eve)).toEqual({ points: 4, toNext: 197, toPrize: 297 })
  expect(await own(fay)).toEqual({ points: 0, toNext: 201, toPrize: 301 })
  await on.give(fay, 5)
  await on.countAll()
  expect(await own(fay)).toEqual({ points: 5, rank: 5, toNext: 196, toPrize: 296 })
  await on.wallets.freeze({ account: dan, id: 'freeze-dan', freeze: true, by: 'ops' })
  expect(await own(dan)).toEqual({ points: 150 })
})

test('[B10] names are those of the profile, and who opted out is not named', async () => {
  const shy = await on.join('shy', true)
  await on.give(shy, 50)
  await on.countAll()
  const boards = on.boards()
  await boards.pass()
  const board = await boards.running('week', on.acme)
  expect(board?.places[0]?.name).toBe(`viewer-${formatAccount(shy).slice(-4)}`)
  await setProfile(on.registry, shy, { name: '', optOut: false })
  expect(JSON.stringify(await redis.hgetall('ff:{cfg}:boards-now'))).not.toContain('Name')
})
