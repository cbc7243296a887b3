/** A merchant with all there is to do in a live, and what they were told of money. */

import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { Asking } from './asking.testing.ts'
import { sleep } from './tappers.testing.ts'

export const ROOMS = ['demo', 'north', 'south', 'east', 'west'] as const
/** Their lives end and begin again. */
const RESTARTED = ['east', 'west'] as const

const RULEBOOK = {
  ...PRESETS.community,
  dailyPoints: undefined,
  wallet: {
    transfer: { kind: 'allowWithin', dailyCap: 5000, perPairCap: 5000 },
    checkout: { minPoints: 1 },
  },
  effects: PRESETS.live.effects,
}

/** Points by what was answered, to hold against what histories say. */
export interface Told {
  gifts: number
  captured: number
  /** How many. */
  orders: number
}

export interface Merchant {
  told: Told
  /** Rules, rooms with their hosts, rewards; rejects where one is refused. */
  prepare(): Promise<void>
  /** What is done again and again, and how often: ms on average. */
  doings: ReadonlyMap<() => Promise<unknown>, number>
}

/** Viewers are called `v0`, `v1` and so on; each is in the room of their number. */
export function createMerchant(
  { random, pick, upTo, id, post }: Asking,
  viewers: number,
): Merchant {
  const told: Told = { gifts: 0, captured: 0, orders: 0 }
  const anybody = () => `v${Math.floor(random() * viewers)}`

  async function order(): Promise<void> {
    const i = Math.floor(random() * viewers)
    const name = id('order')
    const answer = await post('order', '/v1/events', {
      ...{ action: 'purchase', viewer: `v${i}`, room: ROOMS[i % ROOMS.length], order: name },
      amountFen: 1000 + upTo(9000),
    })
    if (answer.code === undefined) told.orders++
    if (random() > 0.4) return
    await sleep(random() * 3000)
    const part = random() < 0.5 ? {} : { amountFen: 500 }
    await post('order refund', `/v1/orders/${name}/refund`, part)
  }

  async function checkout(): Promise<void> {
    const of = { viewer: anybody(), order: id('paid') }
    const points = upTo(40)
    const terms = { ...of, amountFen: 100_000, points }
    const held = await post('hold', '/v1/checkout/hold', terms)
    if (held.code !== undefined || random() < 0.2) return
    await sleep(random() * 2000)
    if (random() < 0.4) {
      await post('void', '/v1/checkout/void', of)
      return
    }
    const captured = await post('capture', '/v1/checkout/capture', of)
    if (captured.code !== undefined) return
    told.captured += points
    if (random() < 0.4) await post('checkout refund', '/v1/checkout/refund', of)
  }

  async function gift(): Promise<void> {
    const points = upTo(20)
    const answer = await post('gift', `/v1/accounts/${anybody()}/gifts`, { to: anybody(), points })
    if (answer.code === undefined) told.gifts += points
  }

  async function merge(): Promise<void> {
    const [from, into] = [anybody(), anybody()]
    if (from !== into)
      await post('merge', '/v1/merges', { from: { kind: 'viewer', value: from }, into })
  }

  const publish = () =>
    post('rulebook', '/v1/rulebook', { book: { ...RULEBOOK, ceiling: pick([2, 2.5, 3]) } })

  async function nextLive(): Promise<void> {
    const room = pick(RESTARTED)
    await post('end', `/v1/rooms/${room}/end`, {})
    await post('start', `/v1/rooms/${room}/start`, {})
  }

  return {
    told,
    async prepare() {
      const accepted = async (path: string, body: object) => {
        const answer = await post('preparation', path, body)
        if (answer.code !== undefined) throw new Error(`${path}: ${JSON.stringify(answer)}`)
      }
      await accepted('/v1/rulebook', { book: RULEBOOK })
      for (const room of ROOMS.slice(1)) {
        await accepted('/v1/rooms', { id: room, name: room, host: `host-${room}` })
        await accepted(`/v1/rooms/${room}/start`, {})
      }
      const item = { kind: 'item', points: 20, worthFen: 20 }
      await accepted('/v1/rewards/cup', {
        ...{ ...item, title: { zh: '杯', en: 'Cup' }, stock: { kind: 'fixed', pieces: 60 } },
      })
      await accepted('/v1/rewards/pot', {
        ...{ ...item, title: { zh: '壶', en: 'Pot' }, stock: { kind: 'endless' } },
      })
    },
    doings: new Map<() => Promise<unknown>, number>([
      [order, 250],
      [checkout, 400],
      [gift, 500],
      [merge, 8000],
      [publish, 10_000],
      [nextLive, 12_000],
    ]),
  }
}
