/**
 * `node server/run.mjs server/scoring/score.bench.ts --redis URL --doing likes`: scores as fast as one Redis can, through
 * the same call and the same packed arguments as the gateway. Who measures Redis meanwhile is somebody else's business.
 * `likes` are one of each viewer in turn, `beats` heartbeats at the time they are due, `several` a like and a heartbeat,
 * `first` the first like of somebody new.
 */

import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { systemClock } from '../kernel/index.ts'
import { connect, createPartitions, loadScripts, openTestClock } from '../redis/index.ts'
import { compileContext, type RoomContext } from './compile.ts'
import { type ScoredAction, score, VIEWERS_PER_CALL } from './score.ts'

/** Calls under way at once, so that Redis always has the next one. */
const IN_FLIGHT = 4
const CALLS_MAX = 100_000
/** Caps are checked and counted, and never reached: what is refused would be cheaper than what is paid. */
const NEVER_REACHED = 1_000_000

const { values } = parseArgs({
  options: {
    redis: { type: 'string', default: 'redis://127.0.0.1:6379' },
    /** Accounts, in turn. */
    viewers: { type: 'string', default: '10000' },
    batch: { type: 'string', default: String(VIEWERS_PER_CALL) },
    doing: { type: 'string', default: 'likes' },
  },
})
const { doing } = values
const batch = Math.min(VIEWERS_PER_CALL, Number(values.batch))
const viewers = Math.ceil(Number(values.viewers) / batch) * batch

const book = Rulebook.parse({
  ...PRESETS.live,
  dailyPoints: NEVER_REACHED,
  earn: PRESETS.live.earn.map((rule) =>
    rule.action === 'like'
      ? { ...rule, caps: { perMinute: NEVER_REACHED, perDay: NEVER_REACHED } }
      : rule,
  ),
})
const sessionStartMs = systemClock.now()
const room: RoomContext = {
  live: 7,
  issuer: 1,
  rulebook: 1,
  book,
  profile: '',
  timeZone: 'Asia/Shanghai',
  heatLevel: 1,
  campaigns: [],
  tasks: [],
  validUntilMs: 2 ** 47,
}
const store = await connect(values.redis)
await loadScripts(store)
const slot = createPartitions(1).slotOf(0)
let next = 0

const none = { units: 1, p1: 0, p2: 0, refused: 0 }

/** What a viewer does in a round. */
function actionsOf(round: number): ScoredAction[] {
  const seq = 2 * round
  const like: ScoredAction = { ...none, seq, action: 'like' }
  const beat: ScoredAction = { ...none, seq: seq + 1, action: 'watch', p1: round, p2: round + 1 }
  if (doing === 'beats') return [beat]
  return doing === 'several' ? [like, beat] : [like]
}

/** Beats are scored when they are due, which is not now, and a second later. */
const isTimed = doing === 'beats' || doing === 'several'
if (isTimed) openTestClock()
const beatMs = (room.book.attention.beatSec + 1) * 1000

/** What each of the next viewers does, under the next number of their sessions. */
async function scoreBatch(): Promise<void> {
  const first = next
  next += batch
  const round = 1 + Math.floor(first / viewers)
  const nowMs = isTimed ? sessionStartMs + round * beatMs : systemClock.now()
  const reply = await score(store, {
    slot,
    gateway: 1,
    contexts: [compileContext(room, nowMs)],
    viewers: Array.from({ length: batch }, (_, i) => {
      const account = (doing === 'first' ? first : first % viewers) + i + 1
      return {
        account,
        live: room.live,
        context: 0,
        session: { startMs: sessionStartMs, nonce: account },
        personal: 1000,
        actions: actionsOf(round),
      }
    }),
    timeZone: room.book.timeZone,
    dailyPoints: room.book.dailyPoints ?? 0,
    allowance: -1,
    journalMax: 10_000_000,
    aroundMs: nowMs,
    ...(isTimed && { nowMs }),
  })
  if (reply.tag !== 'scored') throw new Error(`scoring answered ${reply.tag}`)
  for (const answer of reply.answers)
    if (answer.status !== 'ok' || answer.outcomes[0] !== 'applied')
      throw new Error('it was not applied')
}

async function play(calls: number): Promise<void> {
  let left = Math.min(calls, CALLS_MAX)
  const lane = async () => {
    while (left-- > 0) await scoreBatch()
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane))
}

// Each line of the input is a number of calls; each is answered by a line when they have been scored.
const lines = createInterface({ input: process.stdin })
lines.on('line', (line) => {
  play(Number(line)).then(
    () => process.stdout.write(`${JSON.stringify({ viewers: Number(line) * batch })}\n`),
    (error: unknown) => {
      process.stderr.write(`${String(error)}\n`)
      process.exit(1)
    },
  )
})
process.stdout.write('{"ready":true}\n')
await once(lines, 'close')
store.disconnect()
