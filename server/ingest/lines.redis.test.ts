import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemClock } from '../kernel/index.ts'
import type { Store } from '../redis/index.ts'
import type { TestRedis } from '../redis/testing.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { createIngestBench, type IngestBench } from './ingest.testing.ts'
import { TAKEN_MAX } from './limits.ts'
import { answerLines, splitLines } from './lines.ts'

let redis: TestRedis
let store: Store
let bench: IngestBench
useRedis(async (server) => {
  redis = server
  store = await server.connect()
})
beforeEach(async () => {
  bench = await createIngestBench(redis, store)
})
afterEach(() => bench.stop())

async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

interface Answer {
  line: number
  ref?: string
  id?: string
  ok: boolean
  dup?: true
  code?: string
  field?: string
}

interface Asked {
  answers: Answer[]
  isWhole: boolean
}

async function ask(
  input: AsyncIterable<Uint8Array>,
  more: Partial<Parameters<typeof answerLines>[1]> = {},
): Promise<Asked> {
  const answers: Answer[] = []
  const isWhole = await answerLines(input, {
    courier: bench.courier(),
    clock: systemClock,
    signal: new AbortController().signal,
    write: async (line) => void answers.push(JSON.parse(line) as Answer),
    ...more,
  })
  return { answers, isWhole }
}

const purchase = (order: string) =>
  JSON.stringify({
    id: `paid-${order}`,
    event: { action: 'purchase', viewer: 'ann', amountFen: 10_000, order },
  })

test('[IN11 002-39] every line is answered in its order, with what the broker calls it', async () => {
  const text = [
    `0:17\t${purchase('order-1')}`,
    '',
    `0:18\t${purchase('order-1')}`,
    'no json',
    '{"id":"refund-order-1","refund":{"order":"order-1"}}',
    purchase('order-2'),
  ].join('\r\n')
  // As pipes deliver: cut anywhere.
  const cut = Array.from({ length: Math.ceil(text.length / 50) }, (_, i) =>
    text.slice(i * 50, i * 50 + 50),
  )
  const { answers, isWhole } = await ask(chunks(...cut))
  expect(isWhole).toBe(true)
  expect(answers).toMatchObject([
    { line: 1, ref: '0:17', id: 'paid-order-1', ok: true },
    { line: 3, ref: '0:18', id: 'paid-order-1', ok: true },
    { line: 4, ok: false, code: 'bad_request', field: 'message' },
    { line: 5, id: 'refund-order-1', ok: true },
    { line: 6, id: 'paid-order-2', ok: true },
  ])
  // Twice the same, and what a refund of it took.
  expect(await bench.spendable('ann')).toBeGreaterThan(0)
  expect((await ask(chunks(text))).answers.map(({ ok }) => ok)).toEqual(answers.map(({ ok }) => ok))
})

test('[IN11] what may come right by itself is waited for, then answered', async () => {
  const refund = '{"id":"refund-order-3","refund":{"order":"order-3"}}'
  const early = ask(chunks(refund), { patienceMs: 10_000 })
  await ask(chunks(purchase('order-3')))
  expect((await early).answers).toMatchObject([{ ok: true }])
  const never = '{"id":"refund-order-4","refund":{"order":"order-4"}}'
  expect((await ask(chunks(never), { patienceMs: 100 })).answers).toMatchObject([
    { ok: false, code: 'not_found', field: 'refund.order' },
  ])
})

test('[IN12] a line that does not end is not held, and what follows is answered', async () => {
  async function* endless(): AsyncGenerator<Uint8Array> {
    const part = Buffer.alloc(1024 * 1024, 'x')
    for (let i = 0; i < 50; i++) yield part
    yield Buffer.from(`\n${purchase('order-5')}`)
  }
  const sizes: number[] = []
  for await (const line of splitLines(endless())) sizes.push(line.length)
  expect(sizes).toEqual([128 * 1024, purchase('order-5').length])
  expect((await ask(endless())).answers).toMatchObject([
    { line: 1, ok: false, field: 'message' },
    { line: 2, ok: true },
  ])
})

test('[IN12 IN13] no more lines are read than can be answered; what was stopped is not answered', async () => {
  await bench.stopApi()
  let read = 0
  async function* many(): AsyncGenerator<Uint8Array> {
    for (let i = 0; i < 1000; i++) {
      read++
      yield Buffer.from(`${purchase(`order-${i}`)}\n`)
    }
  }
  const stopping = new AbortController()
  const asked = ask(many(), { signal: stopping.signal })
  await expect.poll(() => read).toBeGreaterThanOrEqual(TAKEN_MAX)
  stopping.abort()
  expect(await asked).toEqual({ answers: [], isWhole: false })
  expect(read).toBeLessThanOrEqual(TAKEN_MAX + 1)
  await bench.startApi()
})
