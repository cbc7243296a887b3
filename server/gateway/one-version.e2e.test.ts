/** Rules that change while viewers act: each award is made by one version, which its entry names. */

import { expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import { must } from '../kernel/index.ts'
import type { TestService, TestSocket } from '../service.testing.ts'
import { useServices, visit } from '../use-services.testing.ts'
import { publishPlain } from './exactly-once.testing.ts'
import { likeUntilCredited } from './stand.testing.ts'

const VERSIONS = 8
const VIEWERS = 30
const LIKES = 25

const services = useServices()
let gateways: readonly TestService[] = []

/** Version n pays n points a like, and n growth. */
async function publish(effectiveAtMs?: number): Promise<void> {
  const points = ++published
  const answer = await publishPlain(
    services.store(),
    { earn: [{ id: 'like', no: 1, action: 'like', points, growth: points }] },
    effectiveAtMs,
  )
  expect(answer).toMatchObject({ ok: true, published: { version: points } })
}
let published = 0

/** Likes once; fails where that is not credited. */
const liked = async (socket: TestSocket, seq: number): Promise<Scored> =>
  must(await likeUntilCredited(socket, { seq, count: 1 }), 'a credit')

test('[C46 G3] a change of the rules in the middle of it: every award is of one version, and says which', async () => {
  await publish()
  gateways = await services.start('gateway', 'gateway')
  const sockets = await Promise.all(
    Array.from({ length: VIEWERS }, (_, i) =>
      visit(must(gateways[i % 2], 'a gateway'), { viewer: `v${i}` }),
    ),
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
  for (const { rulebook, receipts } of await services.journalled())
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
  const [sec, micro] = await services.store().time()
  const beginsAtMs = Number(sec) * 1000 + Math.floor(Number(micro) / 1000) + 3000
  await publish(beginsAtMs)
  const sockets = await Promise.all(
    gateways.map((gateway, i) => visit(gateway, { viewer: `waits${i}` })),
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
  const since = (await services.journalled()).filter(({ atMs }) => atMs > beginsAtMs - 2000)
  expect(since.length).toBeGreaterThan(20)
  for (const { atMs, rulebook } of since) {
    if (atMs < beginsAtMs - UNDER_WAY_MS) expect(rulebook).toBe(old)
    if (atMs > beginsAtMs + UNDER_WAY_MS) expect(rulebook).toBe(old + 1)
  }
})
