/** Whatever happens between client and shard, every like and comment is credited exactly once. */

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { refuse } from '../../shared/errors.ts'
import { createClient } from './client.ts'
import type { Client } from './index.ts'
import { ManualRuntime, ModelServer, memoryStorage, settle } from './testing.ts'

const RUNS = 200

type Plain = 'durable' | 'flush' | 'pulse' | 'otherSession' | 'reload' | 'hide' | 'show' | 'wake'
type Step =
  | { do: 'like'; count: number }
  | { do: 'comment'; times: number }
  | { do: Plain }
  | { do: 'up' | 'down' | 'upTwice'; index: number; times: number }
  | { do: 'cut' | 'halfOpen' }
  | { do: 'advance'; ms: number }
  | { do: 'sleep'; ms: number }
  | { do: 'crash'; back: number; connections: 'cut' | 'reattached' | 'untold' }
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
      .tuple(
        number(0, 60),
        fc.constantFrom('cut' as const, 'reattached' as const, 'untold' as const),
      )
      .map(([back, connections]): Step => ({ do: 'crash', back, connections })),
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
  /** Texts by what became of them: asked for, answered as scored, answered with a refusal. */
  readonly asked: string[] = []
  readonly comments: string[] = []
  readonly refused: string[] = []
  readonly dropped: string[] = []

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
    const text = `c${this.asked.length + 1}`
    this.asked.push(text)
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
    else if (step.do === 'crash') {
      // Somebody must tell the client: the gateway, or the pulses.
      const told = server.namesEpochs || step.connections === 'cut'
      server.crash(step.back, told ? step.connections : 'reattached')
    } else if (step.do === 'refuse') {
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

async function play(steps: readonly Step[], namesEpochs = true): Promise<Evening> {
  const evening = new Evening()
  evening.server.namesEpochs = namesEpochs
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
  it.each([
    ['', true],
    [' and pulses do not name their epochs', false],
  ])(
    '[CL1] [C28] every like and comment is credited once, whatever is lost, doubled, reordered or set back%s',
    async (_, namesEpochs) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 120, size: 'max' }), async (steps) => {
          expectExactlyOnce(await play(steps, namesEpochs))
        }),
        { numRuns: RUNS },
      )
    },
  )

  it('[CL7] with sessions pushed out, nothing is credited twice and nothing is lost in silence', async () => {
    const pushed = fc.constant<Step>({ do: 'otherSession' })
    const steps = fc.array(
      fc.oneof({ weight: 5, arbitrary: step }, { weight: 1, arbitrary: pushed }),
      { maxLength: 120, size: 'max' },
    )
    await fc.assert(
      fc.asyncProperty(steps, async (list) => {
        const { server, asked, comments, refused, taps, dropped } = await play(list)
        for (const [text, times] of server.shard.comments) expect([text, times]).toEqual([text, 1])
        const told = new Set([...comments, ...refused.map((line) => line.split(' ')[0])])
        for (const text of asked) {
          const known = server.onceCredited.has(text) || told.has(text) || dropped.length > 0
          expect([text, known]).toEqual([text, true])
        }
        expect(server.shard.likes).toBeLessThanOrEqual(taps)
        for (const line of dropped) expect(line).toMatch(/ session_expired$/)
      }),
      { numRuns: RUNS },
    )
  })
})

/** Histories that were credited wrongly once. */
const KNOWN: Record<string, Step[]> = {
  'the page before the reload acts on': [
    { do: 'like', count: 1 },
    { do: 'reload' },
    { do: 'sleep', ms: 9501 },
  ],
  'the window opens by the own clock while no pulse is heard': [
    { do: 'like', count: 49 },
    { do: 'comment', times: 15 },
    { do: 'advance', ms: 250 },
    { do: 'comment', times: 11 },
    { do: 'like', count: 1 },
    { do: 'flush' },
    { do: 'crash', back: 25, connections: 'reattached' },
    { do: 'advance', ms: 250 },
    { do: 'crash', back: 4, connections: 'reattached' },
    { do: 'like', count: 51 },
    { do: 'sleep', ms: 18_578 },
    { do: 'advance', ms: 1479 },
  ],
  'an answer of a later epoch overtakes a re-attachment': [
    { do: 'like', count: 1 },
    { do: 'up', index: 0, times: 1 },
    { do: 'down', index: 0, times: 1 },
    { do: 'crash', back: 0, connections: 'reattached' },
    { do: 'crash', back: 0, connections: 'untold' },
    { do: 'up', index: 0, times: 2 },
    { do: 'down', index: 29, times: 1 },
  ],
  'a watermark of the new epoch comes before any other word of it': [
    { do: 'comment', times: 3 },
    { do: 'flush' },
    { do: 'crash', back: 9, connections: 'untold' },
    { do: 'advance', ms: 3000 },
    { do: 'durable' },
    { do: 'pulse' },
    { do: 'flush' },
  ],
}

describe('histories that once failed', () => {
  it.each(Object.entries(KNOWN))('[CL1] %s', async (_, steps) => {
    expectExactlyOnce(await play(steps))
  })

  it('[CL4] an answer of the epoch before arrives after the re-attachment', async () => {
    const steps: Step[] = [
      { do: 'flush' },
      { do: 'comment', times: 1 },
      { do: 'up', index: 0, times: 1 },
      { do: 'crash', back: 1, connections: 'reattached' },
      { do: 'down', index: 1, times: 1 },
      { do: 'down', index: 0, times: 1 },
    ]
    const evening = await play(steps, false)
    expectExactlyOnce(evening)
    expect(evening.server.shard.comments.size).toBe(1)
  })
})
