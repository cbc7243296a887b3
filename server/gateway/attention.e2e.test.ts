/**
 * One viewer, three sockets, two gateways, two rooms: the clock of watching over real processes. `LONG=1` watches for the
 * fifteen minutes of the promise; otherwise goal and watching are seconds.
 */

import { beforeAll, expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { Receipt } from '../../shared/receipt.ts'
import { must } from '../kernel/index.ts'
import { createRoom, startLive } from '../rooms/index.ts'
import type { TestService, TestSocket } from '../service.testing.ts'
import { useServices, visit } from '../use-services.testing.ts'
import { publishPlain } from './exactly-once.testing.ts'
import { ask } from './stand.testing.ts'

const LONG = process.env.LONG !== undefined
const WATCH_MS = LONG ? 900_000 : 20_000
const GOAL_MINUTES = LONG ? 15 : 0.3
const AWARD = 50

const services = useServices()
let gateways: readonly TestService[] = []
beforeAll(async () => {
  const store = services.store()
  await publishPlain(store, {
    earn: [
      {
        ...{ id: 'watch_15', no: 1, action: 'watch', points: AWARD },
        goal: { mode: 'continuous', minutes: GOAL_MINUTES },
      },
    ],
    attention: { beatSec: LONG ? 15 : 5 },
  })
  gateways = await services.start('gateway', 'gateway')
  const room = { id: 'attic', name: 'Attic', brand: 'demo', timeZone: 'Asia/Shanghai' }
  await createRoom(store, room)
  await startLive(store, { room: room.id })
})

/** A page of the viewer, that beats when it should and cheats in between. */
class Page {
  nonce = 0
  dueAtMs = 0
  balance = 0
  readonly socket: TestSocket
  #seq = 0
  #cheats = 0

  private constructor(socket: TestSocket) {
    this.socket = socket
  }

  static async open(gateway: number, room: string): Promise<Page> {
    return new Page(await visit(must(gateways[gateway], 'a gateway'), { viewer: 'mei', room }))
  }

  async beat(nonce = this.nonce, visible = true): Promise<Receipt> {
    const answer = await ask<Scored | Refusal>(this.socket, 'watch.beat', {
      ...{ seq: ++this.#seq, nonce, visible },
    })
    if (!answer.ok) throw new Error(answer.code)
    const { watch, balance } = answer.account
    Object.assign(this, { ...watch, balance: balance.spendable })
    return must(answer.receipts[0], 'a receipt')
  }

  /** Between two beats, in turns: the nonce of the one before again, one that was guessed, and the right one too early. */
  async cheat(): Promise<void> {
    const { nonce } = this
    const replayed = nonce === 1 ? 2 : nonce - 1
    const guessed = (nonce + 12_345) % 2 ** 32
    const tried = must([replayed, guessed, nonce][this.#cheats++ % 3], 'a nonce')
    if (tried === nonce && this.dueAtMs - Date.now() < 1000) return
    const reason = tried === nonce ? 'watch_early' : 'watch_stale'
    expect(await this.beat(tried)).toMatchObject({ reason, counted: 0, points: 0 })
  }
}

const until = (atMs: number) =>
  new Promise((done) => setTimeout(done, Math.max(0, atMs - Date.now())))

/** What the journal says of watching: when it began and was last credited by Redis, for how long, and what it paid. */
async function watched() {
  const awards: number[] = []
  const found = { beganAtMs: Number.POSITIVE_INFINITY, endedAtMs: 0, watchedMs: 0, awards }
  for (const { atMs, receipts } of await services.journalled())
    for (const { ruleNo, counted, points } of receipts) {
      if (points > 0) awards.push(points)
      if (ruleNo !== 0) continue
      found.beganAtMs = Math.min(found.beganAtMs, atMs)
      found.watchedMs += counted
      if (counted > 0) found.endedAtMs = Math.max(found.endedAtMs, atMs)
    }
  return found
}

test('[S20 S21 S23 S24 001-15] three sockets on two gateways in two rooms: each second is credited once, there is one award, and cheating earns nothing', async () => {
  const first = await Page.open(0, 'demo')
  expect((await first.beat()).reason).toBe('watch_started')
  const beganAtMs = Date.now()
  const second = await Page.open(1, 'demo')
  expect((await second.beat()).reason).toBe('watch_started')
  await until(first.dueAtMs)
  expect((await first.beat()).reason).toBe('progress')
  const other = await Page.open(1, 'attic')
  expect((await other.beat()).reason).toBe('watch_started')
  const pages = [first, second, other]
  const endMs = beganAtMs + WATCH_MS
  for (;;) {
    const next = must(pages.sort((a, b) => a.dueAtMs - b.dueAtMs)[0], 'a page')
    if (next.dueAtMs > endMs) break
    await until(next.dueAtMs)
    const receipt = await next.beat()
    if (next === other)
      expect(receipt).toMatchObject({ reason: 'watch_elsewhere', counted: 0, points: 0 })
    await next.cheat()
  }
  // Timers may be a millisecond early.
  await until(endMs + 10)
  // The viewer looks away.
  await Promise.all([first, second].map((page) => page.beat(page.nonce, false)))
  const { awards, watchedMs, ...from } = await watched()
  expect(watchedMs).toBe(from.endedAtMs - from.beganAtMs)
  expect(watchedMs).toBeGreaterThanOrEqual(WATCH_MS)
  expect(watchedMs).toBeLessThan(WATCH_MS + 5000)
  expect(awards).toEqual([AWARD])
  expect(first.balance).toBe(AWARD)
  for (const { socket } of pages) socket.close()
}, 1_000_000)

test('[RM9] who goes on watching through another gateway is one viewer of the room, not two', async () => {
  const audience: number[] = []
  const onlooker = await visit(must(gateways[1], 'a gateway'), { viewer: 'onlooker' })
  onlooker.on('room.pulsed', (pulse) => void audience.push(pulse.audience))
  const watch = async (gateway: number) => {
    const page = await Page.open(gateway, 'demo')
    for (let credited = 0; credited === 0; ) {
      await until(page.dueAtMs)
      credited = (await page.beat()).counted
    }
    return page
  }
  const first = await watch(0)
  await expect.poll(() => audience.at(-1), { timeout: 5000 }).toBe(1)
  first.socket.close()
  await expect.poll(() => audience.at(-1), { timeout: 5000 }).toBe(0)
  const second = await watch(1)
  await expect.poll(() => audience.at(-1), { timeout: 5000 }).toBe(1)
  await until(Date.now() + 1000)
  expect(Math.max(...audience)).toBe(1)
  for (const socket of [second.socket, onlooker]) socket.close()
})
