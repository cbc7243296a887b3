import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Scored } from '../../shared/account-state.ts'
import { refuse } from '../../shared/errors.ts'
import type { BodyOf, EventName, Handshake } from '../../shared/protocol/index.ts'
import type { Incoming, SocketHandlers, TellingFactory } from './socket.ts'
import { withWatermarks } from './watermarks.ts'

/** A connection whose other end is the test. */
function stand(agrees: boolean) {
  const told: { name: string; input: { seq?: number } }[] = []
  const asked: { name: string; acked: (answer: never) => void }[] = []
  const heard: string[] = []
  let auth: Handshake | undefined
  let server: SocketHandlers | undefined
  const factory: TellingFactory = (_, given, handlers) => {
    auth = given
    server = handlers
    return {
      tell: (name, input) => void told.push({ name, input: input as { seq?: number } }),
      send: (name, _input, acked) => void asked.push({ name, acked: acked as never }),
      close: () => undefined,
    }
  }
  const socket = withWatermarks(factory)(
    'url',
    { protocol: 1 },
    {
      received: (...[name]) => void heard.push(name),
      closed: () => undefined,
    },
  )
  const say = <N extends EventName>(name: N, body: object) =>
    server?.received(...([name, body as BodyOf<N>] as unknown as Incoming))
  say('session.welcomed', agrees ? { acks: 'watermark' } : {})
  return { told, asked, heard, socket, say, auth: () => auth }
}

const receipt = (seq: number) => ({ seq, points: seq }) as unknown as Scored['receipts'][number]
const account = { version: 1 } as unknown as Scored['account']

test('[CL35] a server that does not agree is asked as before', () => {
  const { told, asked, socket, auth } = stand(false)
  socket.send('like.send', { seq: 1, count: 1 }, () => undefined)
  expect(auth()).toEqual({ protocol: 1, acks: 'watermark' })
  expect(told).toEqual([])
  expect(asked).toMatchObject([{ name: 'like.send' }])
})

test('[CL35] what is not scored is asked with an acknowledgement, and all other events are passed on', () => {
  const { told, asked, heard, socket, say } = stand(true)
  socket.send('clock.read', {}, () => undefined)
  say('room.pulsed', {})
  expect(told).toEqual([])
  expect(asked).toMatchObject([{ name: 'clock.read' }])
  expect(heard).toEqual(['session.welcomed', 'room.pulsed'])
})

test('[CL35] however flushes, repeats and refusals fall, each command is answered once and with its own receipts', () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('send' as const) }),
    fc.record({ kind: fc.constant('score' as const), which: fc.nat() }),
    fc.record({ kind: fc.constant('refuse' as const), which: fc.nat() }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const { told, socket, say } = stand(true)
      const answers = new Map<number, unknown[]>()
      const expected = new Map<number, unknown>()
      const applied = new Set<number>()
      let seq = 0
      let next = 0
      for (const one of steps) {
        const open = told.map(({ input }) => input.seq ?? 0).filter((n) => !expected.has(n))
        if (one.kind === 'send') {
          // The outbox lets no number leave that is 32 above the lowest unanswered one.
          if (seq - Math.min(...open, seq) >= 31) continue
          const mine = ++seq
          answers.set(mine, [])
          socket.send('like.send', { seq: mine, count: 1 }, (answer) =>
            answers.get(mine)?.push(answer),
          )
        } else if (one.kind === 'score') {
          const now = open.filter((n) => ((one.which >> (n % 8)) & 1) === 1)
          for (const n of now) applied.add(n)
          const high = Math.max(0, ...applied)
          let mask = 0
          for (const n of applied) if (high - n < 32) mask |= 1 << (high - n)
          // A command that was applied elsewhere is named without a receipt.
          const fresh = now.filter((n) => n % 5 !== 0)
          const atMs = ++next
          for (const n of now) {
            const dup = n % 5 === 0 ? { dup: true } : {}
            const receipts = n % 5 === 0 ? [] : [receipt(n)]
            expected.set(n, { ok: true, ...dup, account, receipts, atMs })
          }
          const body = {
            account,
            applied: { high, mask: mask >>> 0 },
            receipts: fresh.map(receipt),
            atMs,
          }
          say('commands.scored', body)
          say('commands.scored', { ...body, receipts: [] })
        } else {
          const mine = open[one.which % Math.max(1, open.length)]
          if (mine === undefined) continue
          expected.set(mine, refuse('rate_limited', { afterMs: 5 }))
          say('command.refused', { seq: mine, refusal: expected.get(mine) as object })
          say('command.refused', { seq: mine, refusal: expected.get(mine) as object })
        }
      }
      for (const [n, heard] of answers)
        expect(heard, `command ${n}`).toEqual(expected.has(n) ? [expected.get(n)] : [])
    }),
    { numRuns: 500 },
  )
})
