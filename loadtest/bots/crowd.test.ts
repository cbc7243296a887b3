/** The crowd without a network: who comes, what they do, and that the seed decides it. */

import { describe, expect, it } from 'vitest'
import type { BodyOf } from '../../shared/protocol/index.ts'
import { COMMENT_MAX_BYTES, LIKES_PER_COMMAND } from '../../shared/protocol/limits.ts'
import { seededRandom } from '../../shared/seeded.ts'
import type { SocketFactory } from '../../widget/client/index.ts'
import { ManualRuntime, settle } from '../../widget/client/testing.ts'
import { startCrowd } from './index.ts'
import { commentOf, nameOf } from './lines.ts'
import { PERSONAS, personaOf } from './personas.ts'

const welcome = (handle: string): BodyOf<'session.welcomed'> => ({
  protocol: 1,
  atMs: 0,
  role: 'viewer',
  me: { handle, name: handle },
  room: {
    epoch: 'room',
    seq: 0,
    atMs: 0,
    heat: { value: 0, level: 0, multipliers: {}, why: [] },
    audience: 0,
    live: { no: 1, state: 'open', startedAtMs: 0 },
    board: [],
    tasks: [],
    campaigns: [],
    comments: [],
    rulebook: 1,
    safe: false,
    durable: [0],
    room: { id: 'demo', name: 'Demo', brand: 'demo' },
    ladder: { id: 'cn-5', rungs: [] },
  },
  account: {
    epoch: 'shard',
    version: 1,
    balance: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 0 },
    tier: { rung: 0, growth: 0, promotions: 0 },
    today: { points: 0, used: {}, resetsAtMs: 0 },
    live: { points: 0, watchedMs: 0, continuousMs: 0, tasks: [] },
    watch: { nonce: 0, dueAtMs: 0 },
  },
  applied: { high: 0, mask: 0 },
  session: handle,
  resume: 'resume',
  resumeExpiresAtMs: 0,
  shard: 0,
  beatMs: 15_000,
})

/** A service that welcomes everybody and writes down what they say. */
function stage(seed: number, count: number) {
  const runtime = new ManualRuntime(seed)
  const said: string[] = []
  const guests: { viewer: string; name: string }[] = []
  let open = 0
  const socketFactory: SocketFactory = (_url, { ticket = '' }, handlers) => {
    open++
    let closed = false
    const arrive = () => handlers.received('session.welcomed', welcome(ticket))
    void Promise.resolve().then(() => closed || arrive())
    return {
      send: (name, input, acked) => {
        if (name === 'clock.read') acked({ ok: true, atMs: 0 } as never)
        else said.push(`${ticket} ${name} ${JSON.stringify(input)}`)
      },
      close: () => {
        if (!closed) open--
        closed = true
      },
    }
  }
  const crowd = startCrowd({
    url: '',
    count,
    seed,
    clock: runtime,
    socketFactory,
    getTicket: async (bot) => {
      guests.push(bot)
      return bot.viewer
    },
  })
  const pass = async (ms: number) => {
    for (let left = ms; left > 0; left -= 250) {
      runtime.advance(250)
      await settle()
    }
  }
  return { crowd, said, guests, pass, connections: () => open }
}

describe('a crowd', () => {
  it('has one connection per bot, grows, shrinks and goes', async () => {
    const { crowd, pass, connections } = stage(1, 25)
    await pass(5000)
    expect([crowd.stats().bots, crowd.stats().online, connections()]).toEqual([25, 25, 25])
    crowd.resize(40)
    await pass(5000)
    expect(connections()).toBe(40)
    crowd.resize(3)
    await pass(250)
    expect([crowd.stats().bots, connections()]).toEqual([3, 3])
    crowd.stop()
    await pass(60_000)
    expect([crowd.stats().bots, connections()]).toEqual([0, 0])
  })

  it('is the same again with the same seed, and another with another', async () => {
    const play = async (seed: number) => {
      const { crowd, guests, said, pass } = stage(seed, 15)
      await pass(20_000)
      return { guests, said, personas: crowd.stats().personas }
    }
    const first = await play(7)
    expect(await play(7)).toEqual(first)
    expect((await play(8)).guests).not.toEqual(first.guests)
  })

  it('likes, comments, asks, shares and watches', async () => {
    const { crowd, said, pass } = stage(2, 60)
    await pass(30_000)
    const { taps, comments, shares } = crowd.stats()
    expect(Math.min(taps, comments, shares)).toBeGreaterThan(0)
    for (const what of [
      'like.send',
      'comment.send',
      '"question":true',
      'share.send',
      'watch.beat',
    ]) {
      expect([what, said.some((line) => line.includes(what))]).toEqual([what, true])
    }
  })
})

describe('what bots say', () => {
  it('fits the protocol and the usual gate of 2 to 120 characters, in Chinese and some English', () => {
    const random = seededRandom(5)
    const texts = Array.from({ length: 500 }, () => commentOf(random).text)
    for (const text of texts) {
      expect(text.length).toBeGreaterThanOrEqual(2)
      expect(text.length).toBeLessThanOrEqual(120)
      expect(new TextEncoder().encode(text).length).toBeLessThanOrEqual(COMMENT_MAX_BYTES)
    }
    const english = texts.filter((text) => /^[A-Z]/.test(text)).length
    expect(english / texts.length).toBeGreaterThan(0.05)
    expect(english / texts.length).toBeLessThan(0.4)
    expect(new Set(texts).size).toBeGreaterThan(150)
  })

  it('comes under names of at most 24 characters', () => {
    const random = seededRandom(6)
    for (let i = 0; i < 300; i++) expect([...nameOf(random)].length).toBeLessThanOrEqual(24)
  })
})

describe('personas', () => {
  it('appear by their weight', () => {
    const random = seededRandom(9)
    const seen = new Map<string, number>()
    for (let i = 0; i < 4000; i++) {
      const { name } = personaOf(random)
      seen.set(name, (seen.get(name) ?? 0) + 1)
    }
    const sum = PERSONAS.reduce((total, { weight }) => total + weight, 0)
    for (const { name, weight } of PERSONAS) {
      expect((seen.get(name) ?? 0) / 4000).toBeCloseTo(weight / sum, 1)
    }
  })

  it('never tap more in one go than a command takes', () => {
    for (const { taps } of PERSONAS) expect(taps[1]).toBeLessThanOrEqual(LIKES_PER_COMMAND)
  })
})
