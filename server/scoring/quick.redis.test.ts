/** The short cut of the scoring script (lua/quick.lua) and the long way do the same. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { MINUTE_MS } from '../../shared/time.ts'
import { must } from '../kernel/index.ts'
import { openTestClock, type Store } from '../redis/index.ts'
import { startRedis, type TestRedis } from '../redis/testing.ts'
import { type TextChange, withChangedScripts } from './changed-scripts.testing.ts'
import fragments from './lua/fragments.lua'
import { LIVES, Viewers } from './quick-viewers.testing.ts'
import { score } from './score.ts'

/** Another range is played with `SEED=20000 HISTORIES=5000`. */
const FROM = Number(process.env.SEED ?? 1)
const HISTORIES = Number(process.env.HISTORIES ?? 150)
const STEPS = 60
const WAYS = {
  quick: {
    name: 'the long way is counted',
    from: 'head, account, visit, entry = thoroughly(',
    to: "redis.call('INCR', 'thoroughly') head, account, visit, entry = thoroughly(",
  },
  thorough: {
    name: 'nothing is quick',
    from: '    quick.score(call, contexts, work, account_raw, visit_raw)',
    to: '    nil',
  },
}

/** Records as the long way would write them: what a section holds of windows that are over is not told. */
const REWRITTEN = `${fragments}
local v = earn.open(ARGV[1], ARGV[2], {now = 0})
return v and {earn.seal(v)} or {}`

const servers: TestRedis[] = []
let plain: Store
let quick: Store
let thorough: Store
beforeAll(async () => {
  openTestClock()
  const [a, b] = await Promise.all([0, 1].map(() => startRedis(['--appendonly', 'no'])))
  servers.push(must(a, 'a server'), must(b, 'a server'))
  plain = await must(a, 'a server').connect()
  quick = await withChangedScripts(plain, WAYS.quick)
  thorough = await withChangedScripts(await must(b, 'a server').connect(), WAYS.thorough)
})
afterAll(() => Promise.all(servers.map((server) => server.stop())))

/** Everything that is stored, with records rewritten by one hand. */
async function stored(store: Store, keys: Viewers['keys']) {
  const accounts = await store.mgetBuffer(keys.accounts)
  const visits = await store.mgetBuffer(keys.visits)
  const empty = Buffer.alloc(0)
  const rewritten = await Promise.all(
    visits.map((visit, i) => {
      const account = accounts[Math.floor(i / LIVES.length)]
      if (!account || !visit) return [account ?? empty, visit ?? empty]
      return store.callBuffer('eval', [REWRITTEN, 0, account, visit])
    }),
  )
  const journal = await store.xrevrangeBuffer(keys.journal, '+', '-', 'COUNT', 1)
  const kept = await Promise.all(keys.visits.map((key) => store.pttl(key)))
  return {
    rewritten,
    journal: journal[0]?.[1],
    totals: await store.hgetall(keys.totals),
    // To the minute, which is how exact it is.
    kept: kept.map((ms) => (ms > 0 ? Math.floor(ms / (60 * MINUTE_MS)) : ms)),
  }
}

/** One history both ways. Throws where they differ; answers the number of viewers scored. */
async function playBoth(quick: Store, seed: number): Promise<number> {
  await Promise.all([quick.flushall(), thorough.flushall()])
  const play = new Viewers(seed)
  let viewers = 0
  for (let step = 1; step <= STEPS; step++) {
    const call = play.next()
    const [a, b] = await Promise.all([score(quick, call), score(thorough, call)])
    expect(a, `seed ${seed}, step ${step}`).toEqual(b)
    viewers += call.viewers.length
  }
  const [a, b] = await Promise.all([stored(quick, play.keys), stored(thorough, play.keys)])
  expect(a, `seed ${seed}`).toEqual(b)
  return viewers
}

test(`[S34] ${HISTORIES} histories from seed ${FROM} on are the same by the short cut and by the long way`, async () => {
  let viewers = 0
  let long = 0
  for (let seed = FROM; seed < FROM + HISTORIES; seed++) {
    viewers += await playBoth(quick, seed)
    long += Number(await quick.get('thoroughly'))
  }
  // Else this test would compare the long way with itself.
  expect(long / viewers).toBeLessThan(0.7)
}, 240_000)

/** A mistake that lives this long shows that the histories do not look at it. */
const MISTAKEN_MAX = 60
const mistakes: TextChange[] = [
  {
    name: 'it lets one unit more through',
    from: 'max(0, rule.cap_day - day_units)',
    to: 'max(0, rule.cap_day + 1 - day_units)',
  },
  {
    name: 'it forgets what was left over',
    from: 'local left_over = points == whole and milli % 1000 or 0',
    to: 'local left_over = 0',
  },
  {
    name: 'it applies a number again',
    from: 'session_nonce ~= nonce or seq <= high then',
    to: 'session_nonce ~= nonce or seq < high then',
  },
  {
    name: 'it pays into the lot of another brand',
    from: 'or a_issuer ~= ctx.issuer then return nil end',
    to: 'then return nil end',
  },
  {
    name: 'it keeps the counters of yesterday',
    from: 'if day < call.today then day, today,',
    to: 'if day < call.today - 1 then day, today,',
  },
]

test.each(mistakes)(
  '[S34] caught: $name',
  async (mistake) => {
    const mistaken = await withChangedScripts(plain, mistake)
    let told: string | undefined
    for (let seed = 1; seed <= MISTAKEN_MAX && told === undefined; seed++) {
      told = await playBoth(mistaken, seed).then(
        () => undefined,
        (error: unknown) => String(error),
      )
    }
    expect(told).toMatch(/^AssertionError: seed \d+/)
  },
  60_000,
)
