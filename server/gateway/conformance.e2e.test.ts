/** The front beside the library: whatever a client sends has the same effect, and no process dies of it. */

import { isDeepStrictEqual } from 'node:util'
import * as fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { commands } from '../../shared/protocol/index.ts'
import { must } from '../kernel/index.ts'
import { admittedFrames, frames } from './raw.testing.ts'
import { newTicket, type Stand, startStand, transportEnv } from './stand.testing.ts'

const stands: Stand[] = []
beforeAll(async () => {
  for (const transport of ['front', 'uws'] as const)
    stands.push(await startStand(transportEnv(transport)))
})
afterAll(async () => {
  for (const stand of stands) await stand.stop()
})
const urls = () => stands.map(({ url }) => url)

/** Long enough for a gateway to score, and to close; where the machine is busy the two are waited for. */
const QUIET_MS = 120
const PATIENCE_MS = 5000
const LAST = 4242

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What came of something at one gateway, so far. */
interface Played<Effect> {
  /** Undefined while it can be seen that something is still to come. */
  effect(): Effect | undefined
  end(): void
}

/** What both gateways made of it, which is the same sooner or later or it is not the same. */
async function expectSame<Effect>(play: (url: string) => Promise<Played<Effect>>): Promise<void> {
  const both = await Promise.all(urls().map(play))
  const [front, library] = both.map(({ effect }) => effect)
  const isSame = () => front?.() !== undefined && isDeepStrictEqual(front(), library?.())
  try {
    await wait(QUIET_MS)
    for (let waited = 0; !isSame() && waited < PATIENCE_MS; waited += QUIET_MS) await wait(QUIET_MS)
    expect(front?.()).toEqual(library?.())
    expect(front?.()).toBeDefined()
  } finally {
    for (const { end } of both) end()
  }
}

/** Of an answer only what does not depend on the account, the clock or chance. */
function effectOf(frame: string): string {
  const body = JSON.parse(frame.replace(/^\d+/, '')) as unknown[]
  const said = body[0] as Record<string, unknown>
  const { ok, code, field } = said
  return `${/^\d+/.exec(frame)?.[0]} ${JSON.stringify({ ok, code, field })}`
}

/** Sends frames one after the other; what came back, and whether the connection lived to the end. */
async function play(url: string, sent: readonly (string | Buffer)[]): Promise<Played<string[]>> {
  const client = await admittedFrames(url, { ticket: await newTicket() })
  for (const frame of sent) client.send(frame)
  client.send(`42${LAST}["clock.read",{}]`)
  const isLast = (frame: string) => frame.startsWith(`43${LAST}[`)
  return {
    effect() {
      const lives = client.ws.readyState === client.ws.OPEN
      if (lives && !client.heard.some(isLast)) return undefined
      const answers = client.heard.filter((frame) => frame.startsWith('43') && !isLast(frame))
      // A connection that breaks the protocol may be closed before what came before is answered.
      return lives ? [...answers.map(effectOf).sort(), 'lives'] : ['closed']
    },
    end: () => client.ws.terminate(),
  }
}

const value = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -1, max: 60 }) },
  fc.constantFrom(0, 1.5, 2 ** 32, -1, 1e308, true, null, '1', [], {}, 'x'.repeat(300)),
  fc.jsonValue({ maxDepth: 2 }),
)
const name = fc.oneof(
  fc.constantFrom('like.send', 'like.send', 'watch.beat', 'share.send', 'comment.send'),
  fc.constantFrom('clock.read', 'no.such', '__proto__', 'hasOwnProperty', 'error', 'disconnect'),
  fc.constantFrom(...Object.keys(commands)),
)
const input = fc.oneof(
  fc.record({ seq: fc.integer({ min: 0, max: 40 }), count: fc.integer({ min: 0, max: 51 }) }),
  fc.record({ seq: fc.nat(40), nonce: fc.nat(), visible: fc.boolean() }),
  fc.record({ seq: fc.nat(40), text: fc.string({ maxLength: 20 }) }),
  fc.dictionary(fc.constantFrom('seq', 'count', 'text', '__proto__', 'target', 'x'), value, {
    maxKeys: 4,
  }),
  value,
)
/** As JSON can write it, and JSON.stringify does not. */
const written = fc.constantFrom(
  ...['-0', '1e0', '1e400', '9007199254740993', '"\\ud800"', '01', '{"__proto__":1}', ' 1 ', '""'],
  `${'['.repeat(2000)}${']'.repeat(2000)}`,
  `"${'\u{1f600}'.repeat(1001)}"`,
)
const command = fc
  .tuple(
    fc.option(fc.nat(4000), { nil: '' }),
    name,
    fc.oneof(
      { weight: 3, arbitrary: fc.array(input, { maxLength: 2 }).map((all) => JSON.stringify(all)) },
      {
        weight: 1,
        arbitrary: fc
          .tuple(fc.constantFrom('seq', 'count', 'id', 'text', '__proto__'), written)
          .map(([key, raw]) => `[{"seq":1,"${key}":${raw}}]`),
      },
    ),
  )
  .map(([ack, said, inputs]) => {
    const rest = inputs === '[]' ? ']' : `,${inputs.slice(1)}`
    return `42${ack}[${JSON.stringify(said)}${rest}`
  })
const frame: fc.Arbitrary<string | Buffer> = fc.oneof(
  { weight: 12, arbitrary: command },
  { weight: 1, arbitrary: fc.tuple(command, fc.nat(60)).map(([text, at]) => text.slice(0, at)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      ...[
        '',
        '1',
        '2',
        '3',
        '5',
        '6',
        '7',
        '9',
        '4',
        '40',
        '40{}',
        '40[]',
        '43',
        '430[]',
        '431{}',
        '44{}',
      ],
      ...[
        '42',
        '42[]',
        '42{}',
        '42[1]',
        '42[null]',
        '4207["clock.read",{}]',
        '42["like.send"]',
        '49',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.string({ maxLength: 12 }).map((text) => `4${text}`) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }).map((bytes) => Buffer.from(bytes)) },
)

test('[GW16 C9 C31 C39] random frames have the same effect on the front and on the library', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(frame, { minLength: 1, maxLength: 6 }), (sent) =>
      expectSame((url) => play(url, sent)),
    ),
    { numRuns: 150, seed: 20_261_122 },
  )
  for (const stand of stands) await stand.neighbourIsServed()
})

test('[GW16 C14] random first frames are refused or close on both alike', async () => {
  const first = fc.oneof(
    fc.constantFrom(
      '40',
      '40{}',
      '40{"protocol":1}',
      '40{"protocol":99}',
      '40[]',
      '40{',
      '41',
      '43',
      '3',
      '2',
    ),
    fc.jsonValue({ maxDepth: 2 }).map((auth) => `40${JSON.stringify(auth)}`),
    command,
  )
  const knock = async (url: string, sent: string) => {
    const client = await frames(url)
    await client.next(/^0/)
    client.send(sent)
    return {
      effect: () => ({
        said: client.heard.slice(1),
        lives: client.ws.readyState === client.ws.OPEN,
      }),
      end: () => client.ws.terminate(),
    }
  }
  await fc.assert(
    fc.asyncProperty(first, (sent) => expectSame((url) => knock(url, sent))),
    { numRuns: 60, seed: 20_261_122 },
  )
})

test('[GW16] packets that no client writes, and that the library is lenient about, close at the front', async () => {
  const [front, library] = urls()
  for (const written of [
    '3x',
    '421 ["clock.read",{}]',
    '42\n1["clock.read",{}]',
    '42/,1["clock.read",{}]',
    `42${10 ** 15}["clock.read",{}]`,
  ]) {
    const [closes, lives] = await Promise.all(
      [front, library].map(async (url) => {
        const client = await admittedFrames(must(url, 'a gateway'), { ticket: await newTicket() })
        client.send(written)
        client.send(`42${LAST}["clock.read",{}]`)
        return client
      }),
    )
    await closes?.closed()
    await lives?.next(new RegExp(`^43${LAST}\\[`))
    lives?.ws.terminate()
  }
})

test('[GW16] what a stock client is told first is the same word for word, but for what is its own', async () => {
  const heard = []
  for (const url of urls()) {
    const client = await admittedFrames(url, { ticket: await newTicket({ name: 'same' }) })
    const [open, connected, welcome] = client.heard.map((text) => text.replace(/^\d+/, ''))
    const opened = JSON.parse(must(open, 'an opening')) as Record<string, unknown>
    const joined = JSON.parse(must(connected, 'a connect')) as Record<string, unknown>
    const [event, body] = JSON.parse(must(welcome, 'a welcome')) as [string, object]
    const keys = Object.keys(body).sort()
    heard.push({ opened: { ...opened, sid: '' }, joined: { ...joined, sid: '' }, event, keys })
    client.ws.terminate()
  }
  expect(heard[0]).toEqual(heard[1])
})
