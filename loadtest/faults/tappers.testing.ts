/** Real clients that like at a seeded pace, remember how often, and may reach the service by any gateway. */

import { publishRulebook } from '../../server/governance/index.ts'
import { createPartitions, type Store } from '../../server/redis/index.ts'
import { readJournal } from '../../server/scoring/index.ts'
import { testTicket } from '../../server/service.testing.ts'
import { journalKey, totalsKey } from '../../server/wallet/index.ts'
import type { Moment } from '../../shared/room-state.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import type { RulebookInput } from '../../shared/rulebook/schema.ts'
import { seededRandom } from '../../shared/seeded.ts'
import { type Client, createClient, socketIo } from '../../widget/client/index.ts'

export const sleep = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

/** One point a like and nothing else, so that an account must hold exactly as many points as were tapped. */
export const PLAIN: RulebookInput = {
  ...PRESETS.live,
  earn: [{ id: 'like', no: 1, action: 'like', points: 1, growth: 1 }],
  dailyPoints: undefined,
  ladder: {
    id: 'flat',
    rungs: [
      { id: 'regular', label: { zh: '普通', en: 'Regular' }, growth: 0 },
      { id: 'never', label: { zh: '无', en: 'Never' }, growth: 1e9 },
    ],
  },
  heat: {
    ...PRESETS.live.heat,
    levels: [{ from: 0, label: { zh: '冷', en: 'Cold' }, factors: {} }],
  },
}
export const publish = (store: Store, book: RulebookInput = PLAIN) =>
  publishRulebook(store, { book, by: 'test' })

export interface Tapper {
  client: Client
  tapped: number
  moments: Moment[]
  /** Every phase its connection was in. */
  phases: Set<string>
  /** True: no connection comes to be, like in a tunnel. */
  cut: boolean
  /** Gateway of the next connection. */
  next: number
}

export interface TappersOptions {
  /** Of the gateways. */
  urls: readonly string[]
  viewers: number
  seed: number
  prefix?: string
}

function createTapper({ urls, prefix = 'tapper' }: TappersOptions, i: number): Tapper {
  const ends = new Set<() => void>()
  const tapper: Tapper = {
    tapped: 0,
    moments: [],
    phases: new Set(),
    cut: false,
    next: i,
    client: createClient({
      url: 'chosen below',
      role: 'viewer',
      getTicket: () => testTicket({ viewer: `${prefix}${i}` }),
      socketFactory: (_, auth, handlers) => {
        const url = urls[tapper.next++ % urls.length] ?? ''
        const end = () => {
          if (!ends.delete(end)) return
          socket.close()
          handlers.closed()
        }
        const closed: typeof handlers.closed = (refusal) => {
          if (ends.delete(end)) handlers.closed(refusal)
        }
        const socket = socketIo(tapper.cut ? 'http://127.0.0.1:9' : url, auth, {
          ...handlers,
          closed,
        })
        ends.add(end)
        const close = () => {
          ends.delete(end)
          socket.close()
        }
        return { ...socket, close }
      },
    }),
  }
  let cut = false
  Object.defineProperty(tapper, 'cut', {
    get: () => cut,
    set(value: boolean) {
      cut = value
      if (cut) for (const end of [...ends]) end()
    },
  })
  tapper.client.on('moment', (moment) => tapper.moments.push(moment))
  tapper.client.on('changed', ({ status }) => tapper.phases.add(status.phase))
  return tapper
}

export interface Tappers {
  all: Tapper[]
  /** Points that all of them must have in the end. */
  tapped(): number
  /** Taps from now on, until `rest`. */
  go(): void
  rest(): void
  /** Resolves when everybody's account holds what was tapped and nothing waits; rejects with who lacks what. */
  settled(ms?: number): Promise<void>
  close(): void
}

/** Connected clients; nobody taps yet. */
export async function createTappers(options: TappersOptions): Promise<Tappers> {
  const random = seededRandom(options.seed)
  const all = Array.from({ length: options.viewers }, (_, i) => createTapper(options, i))
  let timer: NodeJS.Timeout | undefined
  const off = ({ client, tapped }: Tapper) =>
    client.state.pending.likes > 0 || client.state.account?.balance.spendable !== tapped
  const tappers: Tappers = {
    all,
    tapped: () => all.reduce((sum, { tapped }) => sum + tapped, 0),
    go() {
      timer ??= setInterval(() => {
        for (const tapper of all) {
          if (random() > 0.2) continue
          const count = 1 + Math.floor(random() * 2)
          tapper.tapped += count
          tapper.client.like(count)
        }
      }, 100)
    },
    rest() {
      clearInterval(timer)
      timer = undefined
    },
    async settled(ms = 40_000) {
      for (let waited = 0; waited < ms && all.some(off); waited += 100) await sleep(100)
      const wrong = all.filter(off).map(({ client, tapped }) => ({
        tapped,
        has: client.state.account?.balance.spendable,
        pending: client.state.pending,
        status: client.state.status,
      }))
      if (wrong.length > 0) throw new Error(`not settled: ${JSON.stringify(wrong)}`)
    },
    close() {
      tappers.rest()
      for (const { client } of all) client.close()
    },
  }
  for (const { client } of all) client.connect()
  for (let i = 0; i < 100 && all.some(({ client }) => !client.state.account); i++) await sleep(100)
  return tappers
}

export interface Books {
  issued: number
  /** Points of the journal's receipts. */
  journal: number
  /** Commands that the journal credits more than once. */
  doubled: string[]
}

/** Counters and journal of all partitions, each partition at one instant. */
export async function readBooks(store: Store): Promise<Books> {
  const books: Books = { issued: 0, journal: 0, doubled: [] }
  const seen = new Set<string>()
  for (let i = 0; i < 250 && store.status !== 'ready'; i++) await sleep(20)
  for (const slot of createPartitions(8).slots) {
    const results = await store
      .multi()
      .hget(totalsKey(slot), 'issued')
      .xrangeBuffer(journalKey(slot), '-', '+')
      .exec()
    const [issued, elements] = (results ?? []).map(([, result]) => result)
    books.issued += Number(issued ?? 0)
    for (const [, fields] of elements as [Buffer, Buffer[]][]) {
      for (const entry of readJournal(fields[1] ?? Buffer.alloc(0)).entries) {
        for (const receipt of entry.receipts) {
          books.journal += receipt.points
          const id = `${entry.account}:${entry.session}:${receipt.seq}:${receipt.action}`
          if (seen.has(id)) books.doubled.push(id)
          seen.add(id)
        }
      }
    }
  }
  return books
}
