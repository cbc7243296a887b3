/** A stand for tests: the API on a port of its own, a stream beside it, and consumers that come and go. */

import { randomUUID } from 'node:crypto'
import { type Bench, createBench, NOW } from '../api/bench.testing.ts'
import { type Listening, listen } from '../api/index.ts'
import { createLog, must, systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import type { TestRedis } from '../redis/testing.ts'
import { Courier } from './courier.ts'
import { deadOf } from './scripts.ts'
import { Consumer } from './stream.ts'

const STREAM = 'messages'
const GROUP = 'fanfare'
const log = createLog('silent', 'test')

export interface DeadLetter {
  message: string
  code: string
  field: string
  tries: string
}

export interface IngestBench extends Awaited<ReturnType<typeof createIngestBench>> {}

export async function createIngestBench(redis: TestRedis, store: Store) {
  const bench: Bench = await createBench(store)
  let api: Listening = await listen(bench.api, { port: 0, host: '127.0.0.1' })
  const { port } = api
  const running = new Set<Consumer>()
  const readers: Store[] = []

  const courier = (kid = 's1') => {
    const key = must(bench.deps.apiKeys.get(kid), kid)
    const clock = { ...systemClock, now: () => NOW }
    return new Courier({ api: `http://127.0.0.1:${port}`, key, clock, log })
  }

  const pending = async () => ((await store.xpending(STREAM, GROUP)) as [number])[0]

  return {
    ...bench,
    courier,
    /** Puts messages into the stream, each as an entry. */
    async put(...messages: unknown[]): Promise<void> {
      for (const message of messages) {
        const text = typeof message === 'string' ? message : JSON.stringify(message)
        await store.xadd(STREAM, '*', 'message', text)
      }
    },
    /** `of` is the store of a process that dies. */
    async consume({
      kid,
      leftMs = 60,
      of = (own: Store) => own,
    }: {
      kid?: string
      leftMs?: number
      of?: (own: Store) => Store
    } = {}) {
      const reader = await redis.connect()
      readers.push(reader)
      const consumer = new Consumer({
        ...{ log, clock: systemClock, courier: courier(kid), stream: STREAM, group: GROUP },
        ...{ store: of(store), reader: of(reader), name: randomUUID() },
        times: { tendMs: 20, leftMs, blockMs: 20 },
      }).start()
      running.add(consumer)
      return consumer
    },
    /** Given out and not acknowledged, and not given out at all. */
    pending,
    async left(): Promise<number> {
      const groups = (await store.xinfo('GROUPS', STREAM)) as unknown[][]
      const group = must(
        groups.find((one) => one.includes(GROUP)),
        GROUP,
      )
      return (await pending()) + Number(group[group.indexOf('lag') + 1])
    },
    kept: () => store.xlen(STREAM),
    async dead(): Promise<DeadLetter[]> {
      const all = await store.xrange(deadOf(STREAM), '-', '+')
      return all.map(
        ([, fields]) =>
          Object.fromEntries(
            fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1] ?? '']] : [])),
          ) as unknown as DeadLetter,
      )
    },
    async spendable(viewer: string): Promise<number> {
      const { status, body } = await bench.ask(`/v1/accounts/${viewer}`)
      const { account } = body as { account?: { balance: { spendable: number } } }
      return status === 404 ? 0 : must(account, 'an account').balance.spendable
    },
    stopApi: () => api.close(0),
    async startApi() {
      api = await listen(bench.api, { port, host: '127.0.0.1' })
    },
    async stop() {
      await Promise.all([...running].map((consumer) => consumer.stop()))
      for (const reader of readers) reader.disconnect()
      await api.close(0)
    },
  }
}
