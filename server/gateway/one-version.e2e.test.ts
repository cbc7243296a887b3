/** Rules that change while viewers act: each award is made by one version, which its entry names. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import { must } from '../kernel/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { readJournal } from '../scoring/index.ts'
import {
  knock,
  startService,
  type TestService,
  type TestSocket,
  testTicket,
} from '../service.testing.ts'
import { journalKey } from '../wallet/index.ts'
import { publishPlain } from './exactly-once.testing.ts'

const VERSIONS = 8
const VIEWERS = 30
const LIKES = 25

let redis: TestRedis
let store: Store
let gateways: TestService[] = []
beforeAll(async () => {
  redis = await startRedis()
  store = await redis.connect()
})
afterAll(async () => {
  await Promise.allSettled(gateways.map((gateway) => gateway.kill()))
  await redis.stop()
})

/** Version n pays n points a like, and n growth. */
async function publish(effectiveAtMs?: number): Promise<void> {
  const points = ++published
  const answer = await publishPlain(
    store,
    { earn: [{ id: 'like', no: 1, action: 'like', points, growth: points }] },
    effectiveAtMs,
  )
  expect(answer).toMatchObject({ ok: true, published: { version: points } })
}
let published = 0

const like = (socket: TestSocket, seq: number) =>
  new Promise<Scored | Refusal>((done) => socket.emit('like.send', { seq, count: 1 }, done))

/** As a client does it: what is to come later comes again. */
async function liked(socket: TestSocket, seq: number): Promise<Scored> {
  for (let tries = 0; tries < 40; tries++) {
    const answer = await like(socket, seq)
    if (answer.ok) return answer
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error('never credited')
}

/** Entries of all partitions, with the time of Redis at which they were made. */
async function journalled() {
  const all = await Promise.all(
    createPartitions(8).slots.map((slot) => store.xrangeBuffer(journalKey(slot), '-', '+')),
  )
  return all.flat().flatMap(([, fields]) => {
    const { atMs, entries } = readJournal(must(fields[1], 'bytes'))
    return entries.map((entry) => ({ atMs, ...entry }))
  })
}

test('[C46 G3] a change of the rules in the middle of it: every award is of one version, and says which', async () => {
  await publish()
  gateways = await Promise.all([1, 2].map(() => startService({ redisUrl: redis.url })))
  const sockets = await Promise.all(
    Array.from({ length: VIEWERS }, async (_, i) => {
      const { gatewayUrl } = must(gateways[i % 2], 'a gateway')
      return (await knock(gatewayUrl, { ticket: await testTicket({ viewer: `v${i}` }) })).socket
    }),
  )
  const busy = sockets.map(async (socket) => {
    for (let seq = 1; seq <= LIKES; seq++) {
      const answer = await liked(socket, seq)
      // What the viewer is told is of one version as well.
      for (const { rulebook, points, growth } of answer.receipts)
        expect([points, growth]).toEqual([rulebook, rulebook])
      await new Promise((resolve) => setTimeout(resolve, 150))
    }
  })
  while (published < VERSIONS) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    await publish()
  }
  await Promise.all(busy)
  for (const socket of sockets) socket.close()

  const seen = new Map<number, number>()
  for (const { rulebook, receipts } of await journalled())
    for (const receipt of receipts) {
      expect(receipt).toMatchObject({ points: rulebook, growth: rulebook })
      seen.set(rulebook, (seen.get(rulebook) ?? 0) + 1)
    }
  expect([...seen.values()].reduce((sum, n) => sum + n, 0)).toBe(VIEWERS * LIKES)
  // The rules really changed under them.
  expect(seen.size).toBeGreaterThan(VERSIONS / 2)
})

test('[G28] a scheduled version begins in two gateways at its instant by the clock of Redis, though nobody publishes anything then', async () => {
  const old = published
  const [sec, micro] = await store.time()
  const beginsAtMs = Number(sec) * 1000 + Math.floor(Number(micro) / 1000) + 3000
  await publish(beginsAtMs)
  const sockets = await Promise.all(
    gateways.map(async ({ gatewayUrl }, i) => {
      const ticket = await testTicket({ viewer: `waits${i}` })
      return (await knock(gatewayUrl, { ticket })).socket
    }),
  )
  const versions = await Promise.all(
    sockets.map(async (socket) => {
      const seen: number[] = []
      for (let seq = 1; seq <= 300 && seen.at(-10) !== old + 1; seq++) {
        const { receipts } = await liked(socket, seq)
        seen.push(must(receipts[0], 'a receipt').rulebook)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      socket.close()
      return seen
    }),
  )
  for (const seen of versions) expect([...new Set(seen)]).toEqual([old, old + 1])
  // A call that is under way at the instant is of the version it was sent with.
  const UNDER_WAY_MS = 250
  const since = (await journalled()).filter(({ atMs }) => atMs > beginsAtMs - 2000)
  expect(since.length).toBeGreaterThan(20)
  for (const { atMs, rulebook } of since) {
    if (atMs < beginsAtMs - UNDER_WAY_MS) expect(rulebook).toBe(old)
    if (atMs > beginsAtMs + UNDER_WAY_MS) expect(rulebook).toBe(old + 1)
  }
})
