/** The platform's cap over real sockets: several gateway processes, one of them killed, and the journal's own sum. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Scored } from '../shared/account-state.ts'
import type { Refusal } from '../shared/errors.ts'
import { dayBounds } from '../shared/time.ts'
import { publishPlain } from './gateway/exactly-once.testing.ts'
import { eventually } from './gateway/stand.testing.ts'
import { issuanceKey, reportSales } from './governance/index.ts'
import { must } from './kernel/index.ts'
import { createPartitions, keyIn, type Store } from './redis/index.ts'
import { startRedis, type TestRedis } from './redis/testing.ts'
import { readJournal } from './scoring/index.ts'
import {
  knock,
  startService,
  type TestService,
  type TestSocket,
  testTicket,
} from './service.testing.ts'
import { journalKey } from './wallet/index.ts'

const PARTITIONS = createPartitions(8).slots
const CAP = 8000
/** Two percent of it are the cap, at a fen a point. */
const SALES_FEN = 50 * CAP
/** Of the rush: each fan as many as its connection may send at once, so that 10,000 awards are asked for in one second. */
const FANS = 500
const EACH = 20

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

interface Paid {
  points: number
  /** Receipts that the cap refused. */
  refused: number
}

/** Of all accounts, as the journal has it. */
async function journalled(): Promise<Paid> {
  const sum: Paid = { points: 0, refused: 0 }
  for (const slot of PARTITIONS)
    for (const [, fields] of await store.xrangeBuffer(journalKey(slot), '-', '+'))
      for (const { receipts } of readJournal(must(fields[1], 'bytes')).entries)
        for (const { points, reason } of receipts) {
          sum.points += points
          if (reason === 'issuance_cap') sum.refused += 1
        }
  return sum
}

/** A viewer who likes as a client does: what is answered `busy` comes again. */
class Fan {
  readonly #socket: TestSocket
  #seq = 0

  constructor(socket: TestSocket) {
    this.#socket = socket
  }

  get isThere(): boolean {
    return this.#socket.connected
  }

  async like(count: number): Promise<void> {
    const seq = ++this.#seq
    while (this.isThere && !(await this.#once(seq, count)))
      await new Promise((resolve) => setTimeout(resolve, 200))
  }

  #once(seq: number, count: number): Promise<boolean> {
    return new Promise((done) => {
      const gone = () => done(false)
      this.#socket.once('disconnect', gone)
      this.#socket.emit('like.send', { seq, count }, (answer: Scored | Refusal) => {
        this.#socket.off('disconnect', gone)
        done(answer.ok)
      })
    })
  }

  close(): void {
    this.#socket.close()
  }
}

const visit = async (gateway: TestService, viewer: string): Promise<Fan> =>
  new Fan((await knock(gateway.gatewayUrl, { ticket: await testTicket({ viewer }) })).socket)

test('[G20 G21 003-27 003-28 003-29] 10,000 awards at once over four gateways, one of them killed in the rush: the journal sums to the cap, to the point', async () => {
  await publishPlain(store, { issuance: { atCap: 'reject' } })
  const { day } = dayBounds(Date.now(), 'Asia/Shanghai')
  await reportSales(store, { brand: 1, day, fen: SALES_FEN })
  // The first report binds after a notice, which nobody needs who has not started yet.
  await store.hset(issuanceKey, 'binds', 1)
  // The journal keeps all: one consumer has not looked at anything.
  for (const slot of PARTITIONS) await store.hset(keyIn(slot, 'cursors'), 'test', '0-0')
  gateways = await Promise.all(
    ['gateway,worker', 'gateway', 'gateway', 'gateway'].map((roles) =>
      startService({ redisUrl: redis.url, roles }),
    ),
  )
  const fans = await Promise.all(
    Array.from({ length: FANS }, (_, i) => visit(must(gateways[i % 4], 'a gateway'), `v${i}`)),
  )
  let rushing = true
  let seen = 0
  const watch = async () => {
    while (rushing) {
      seen = (await journalled()).points
      expect(seen).toBeLessThanOrEqual(CAP)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const watching = watch()
  const rush = Promise.all(fans.flatMap((fan) => Array.from({ length: EACH }, () => fan.like(1))))
  await eventually(() => seen > CAP / 8 || undefined, 'the rush has begun', 30_000)
  await must(gateways[3], 'a gateway').kill()
  await rush
  rushing = false
  await watching
  // What the killed gateway had leased comes back once its lease is over; then the others pay it.
  const staying = fans.filter((fan) => fan.isThere)
  expect(staying).toHaveLength((FANS / 4) * 3)
  await eventually(
    async () => {
      await Promise.all(staying.map((fan) => fan.like(1)))
      const { points } = await journalled()
      expect(points).toBeLessThanOrEqual(CAP)
      return points === CAP || undefined
    },
    'the cap is used up',
    60_000,
  )
  await Promise.all(staying.map((fan) => fan.like(1)))
  const { points, refused } = await journalled()
  expect(points).toBe(CAP)
  expect(refused).toBeGreaterThanOrEqual(staying.length)
  for (const fan of fans) fan.close()
})
