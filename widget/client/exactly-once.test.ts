/** Whatever happens between client and shard, every like and comment is credited exactly once. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import { createClient } from './client.ts'
import type { Client } from './index.ts'
import { ManualRuntime, ModelServer, memoryStorage, settle } from './testing.ts'

type Plain = 'durable' | 'flush' | 'pulse' | 'otherSession' | 'reload' | 'hide' | 'show' | 'wake'
type Step =
  | { do: 'like'; count: number }
  | { do: 'comment'; times: number }
  | { do: Plain }
  | { do: 'up' | 'down' | 'upTwice'; index: number; times: number }
  | { do: 'cut' | 'halfOpen' }
  | { do: 'advance'; ms: number }
  | { do: 'sleep'; ms: number }
  | { do: 'crash'; back: number; survive: boolean }
  | { do: 'refuse'; code: 'busy' | 'rate_limited' | 'internal'; times: number }

const number = (min: number, max: number) => fc.integer({ min, max })
const simple = (...names: Plain[]) => fc.constantFrom(...names).map((name): Step => ({ do: name }))

const transfer = fc
  .tuple(
    fc.constantFrom('up' as const, 'down' as const, 'upTwice' as const),
    number(0, 40),
    number(1, 8),
  )
  .map(([name, index, times]): Step => ({ do: name, index, times }))

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: number(1, 60).map((count): Step => ({ do: 'like', count })) },
  { weight: 4, arbitrary: number(1, 12).map((times): Step => ({ do: 'comment', times })) },
  { weight: 10, arbitrary: transfer },
  { weight: 4, arbitrary: number(1, 3000).map((ms): Step => ({ do: 'advance', ms })) },
  { weight: 2, arbitrary: simple('durable', 'pulse', 'pulse') },
  { weight: 4, arbitrary: simple('flush') },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'cut' }, { do: 'cut' }, { do: 'halfOpen' }) },
  { weight: 1, arbitrary: number(1, 60_000).map((ms): Step => ({ do: 'sleep', ms })) },
  {
    weight: 2,
    arbitrary: fc
      .tuple(number(0, 60), fc.boolean())
      .map(([back, survive]): Step => ({ do: 'crash', back, survive })),
  },
  { weight: 1, arbitrary: simple('reload', 'hide', 'show', 'wake') },
  {
    weight: 1,
    arbitrary: fc
      .tuple(
        fc.constantFrom('busy' as const, 'rate_limited' as const, 'internal' as const),
        number(1, 6),
      )
      .map(([code, times]): Step => ({ do: 'refuse', code, times })),
  },
)

/** A viewer, the page they reload, and what was promised to them. */
class Evening {
  readonly runtime = new ManualRuntime()
  readonly server = new ModelServer(this.runtime)
  readonly storage = memoryStorage()
  client: Client
  taps = 0
  readonly comments: string[] = []
  readonly refused: string[] = []
  readonly dropped: string[] = []
  tapsDropped = 0
  #comments = 0

  constructor() {
    this.client = this.#page()
  }

  #page(): Client {
    const client = createClient({
      url: '',
      role: 'viewer',
      getTicket: () => 'ticket',
      socketFactory: this.server.factory,
      runtime: this.runtime,
      storage: this.storage,
    })
    client.on('dropped', ({ name, refusal }) => this.dropped.push(`${name} ${refusal.code}`))
    client.connect()
    return client
  }

  #comment(): void {
    const text = `c${++this.#comments}`
    void this.client.comment(text).then((answer) => {
      if (answer.ok) this.comments.push(text)
      else this.refused.push(`${text} ${answer.code}`)
    })
  }

  /** The shard becomes durable at least every 5 s, as a service must for the promise to hold. */
  #pass(ms: number, wait: (ms: number) => void): void {
    for (let left = ms; left > 0; left -= 5000) {
      wait(Math.min(5000, left))
      if (this.runtime.now() - this.server.durableAtMs >= 5000) this.server.makeDurable()
    }
  }

  async step(step: Step): Promise<void> {
    const { server, runtime, client } = this
    const connection = server.open.at(-1)
    if (step.do === 'like') {
      const before = client.state.pending.likes
      client.like(step.count)
      this.taps += client.state.pending.likes - before
    } else if (step.do === 'comment') for (let i = 0; i < step.times; i++) this.#comment()
    else if (step.do === 'durable') server.makeDurable()
    else if (step.do === 'flush') await server.flush()
    else if (step.do === 'pulse') server.pulse()
    else if (step.do === 'otherSession') server.openOtherSession()
    else if (step.do === 'hide') client.setVisible(false)
    else if (step.do === 'show') client.setVisible(true)
    else if (step.do === 'wake') client.wake()
    else if (step.do === 'advance') this.#pass(step.ms, (ms) => runtime.advance(ms))
    else if (step.do === 'sleep') this.#pass(step.ms, (ms) => runtime.sleep(ms))
    else if (step.do === 'crash') server.crash(step.back, step.survive)
    else if (step.do === 'refuse') {
      for (let i = 0; i < step.times; i++) server.refusals.push(refuse(step.code, { afterMs: 100 }))
    } else if (step.do === 'reload') {
      client.close()
      for (const open of server.open) open.closed = true
      this.client = this.#page()
    } else if (connection) {
      if (step.do === 'cut') connection.cut()
      else if (step.do === 'halfOpen') connection.halfOpen = true
      else if (step.do === 'down') {
        for (let i = 0; i < step.times; i++) server.deliverDown(connection, step.index)
      } else if (step.do === 'up' || step.do === 'upTwice') {
        for (let i = 0; i < step.times; i++) {
          server.deliverUp(connection, step.index, step.do === 'upTwice')
        }
      }
    }
    await settle()
  }

  /** The network is good again and everybody waits. */
  async heal(): Promise<void> {
    this.server.refusals = []
    for (let i = 0; i < 300; i++) {
      await this.server.flush()
      this.runtime.advance(500)
      this.server.makeDurable()
      this.server.pulse()
      const { likes, comments, undurable } = this.client.state.pending
      if (likes + comments + undurable === 0 && this.client.state.status.phase === 'online') return
    }
    throw new Error(`not at rest: ${JSON.stringify(this.client.state.pending)}`)
  }
}

async function play(steps: readonly Step[]): Promise<Evening> {
  const evening = new Evening()
  for (const step of steps) await evening.step(step)
  await evening.heal()
  return evening
}

function expectExactlyOnce({ server, taps, comments, refused, dropped }: Evening): void {
  expect(dropped).toEqual([])
  expect(server.tooOld).toBe(0)
  expect(server.shard.likes).toBe(taps)
  for (const text of comments) expect([text, server.shard.comments.get(text)]).toEqual([text, 1])
  for (const line of refused) expect(line).toMatch(/ busy$/)
  for (const [text, times] of server.shard.comments) expect([text, times]).toEqual([text, 1])
}

describe('exactly once', () => {
  it('[CL1] [C28] every like and comment is credited once, whatever is lost, doubled, reordered or set back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 120, size: 'max' }), async (steps) => {
        expectExactlyOnce(await play(steps))
      }),
      { numRuns: Number(process.env.RUNS ?? 300) },
    )
  })
})
