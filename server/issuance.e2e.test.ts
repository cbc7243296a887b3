/** The platform's cap over real sockets: several gateway processes, one of them killed, and the journal's own sum. */

import { expect, test } from 'vitest'
import { dayBounds } from '../shared/time.ts'
import { publishPlain } from './gateway/exactly-once.testing.ts'
import { eventually, likeUntilCredited } from './gateway/stand.testing.ts'
import { issuanceKey, reportSales } from './governance/index.ts'
import { must } from './kernel/index.ts'
import { keyIn } from './redis/index.ts'
import { PARTITIONS, type TestService, type TestSocket } from './service.testing.ts'
import { useServices, visit } from './use-services.testing.ts'

const CAP = 8000
/** Two percent of it are the cap, at a fen a point. */
const SALES_FEN = 50 * CAP
/** Of the rush: each fan as many as its connection may send at once, so that 10,000 awards are asked for in one second. */
const FANS = 500
const EACH = 20

const services = useServices()

interface Paid {
  points: number
  /** Receipts that the cap refused. */
  refused: number
}

/** Of all accounts, as the journal has it. */
async function allPaid(): Promise<Paid> {
  const sum: Paid = { points: 0, refused: 0 }
  for (const { receipts } of await services.journalled())
    for (const { points, reason } of receipts) {
      sum.points += points
      if (reason === 'issuance_cap') sum.refused += 1
    }
  return sum
}

/** A viewer who likes. */
class Fan {
  readonly #socket: TestSocket
  #seq = 0

  constructor(socket: TestSocket) {
    this.#socket = socket
  }

  get isThere(): boolean {
    return this.#socket.connected
  }

  async like(): Promise<void> {
    await likeUntilCredited(this.#socket, { seq: ++this.#seq, count: 1 })
  }

  close(): void {
    this.#socket.close()
  }
}

const fanOf = async (gateway: TestService, viewer: string): Promise<Fan> =>
  new Fan(await visit(gateway, { viewer }))

test('[G20 G21 003-27 003-28 003-29] 10,000 awards at once over four gateways, one of them killed in the rush: the journal sums to the cap, to the point', async () => {
  const store = services.store()
  await publishPlain(store, { issuance: { atCap: 'reject' } })
  const { day } = dayBounds(Date.now(), 'Asia/Shanghai')
  await reportSales(store, { brand: 1, day, fen: SALES_FEN })
  // The first report binds after a notice, which nobody needs who has not started yet.
  await store.hset(issuanceKey, 'binds', 1)
  // The journal keeps all: one consumer has not looked at anything.
  for (const slot of PARTITIONS.slots) await store.hset(keyIn(slot, 'cursors'), 'test', '0-0')
  const gateways = await services.start('gateway,worker', 'gateway', 'gateway', 'gateway')
  const fans = await Promise.all(
    Array.from({ length: FANS }, (_, i) => fanOf(must(gateways[i % 4], 'a gateway'), `v${i}`)),
  )
  let rushing = true
  let seen = 0
  const watch = async () => {
    while (rushing) {
      seen = (await allPaid()).points
      expect(seen).toBeLessThanOrEqual(CAP)
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
  }
  const watching = watch()
  const rush = Promise.all(fans.flatMap((fan) => Array.from({ length: EACH }, () => fan.like())))
  await eventually(() => seen > CAP / 8 || undefined, 'the rush has begun', 30_000)
  await gateways[3].kill()
  await rush
  rushing = false
  await watching
  // What the killed gateway had leased comes back once its lease is over; then the others pay it.
  const staying = fans.filter((fan) => fan.isThere)
  expect(staying).toHaveLength((FANS / 4) * 3)
  await eventually(
    async () => {
      await Promise.all(staying.map((fan) => fan.like()))
      const { points } = await allPaid()
      expect(points).toBeLessThanOrEqual(CAP)
      return points === CAP || undefined
    },
    'the cap is used up',
    60_000,
  )
  await Promise.all(staying.map((fan) => fan.like()))
  const { points, refused } = await allPaid()
  expect(points).toBe(CAP)
  expect(refused).toBeGreaterThanOrEqual(staying.length)
  for (const fan of fans) fan.close()
})
