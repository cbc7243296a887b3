/** The short cut of the scoring script (lua/quick.lua) and the long way do the same. */

import { afterAll, beforeAll, expect, test } from 'vitest'
import { ACTIONS } from '../../shared/receipt.ts'
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
    to: `redis.call('HINCRBY', 'thoroughly', string.byte(works, from + 24), 1)
      head, account, visit, entry = thoroughly(`,
  },
  thorough: {
    name: 'nothing is quick',
    from: '    quick.score(call, contexts, works, from, account_raw, visit_raw)',
    to: '    nil',
  },
}

/** Records as the long way would write them: what a section holds of windows that are over is not told. */
const REWRITTEN = `${fragments}
local v = viewers.open(ARGV[1], ARGV[2] ~= '' and ARGV[2] or nil, {now = 0})
return v and {viewers.seal(v)} or {}`

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
      if (!account) return [empty, visit ?? empty]
      return store.callBuffer('eval', [REWRITTEN, 0, account, visit ?? empty])
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

/** How many viewers were scored, and of these heartbeats. */
interface Played {
  viewers: number
  beats: number
}

/** One history both ways. Throws where they differ. */
async function playBoth(quick: Store, seed: number): Promise<Played> {
  await Promise.all([quick.flushall(), thorough.flushall()])
  const play = new Viewers(seed)
  const played: Played = { viewers: 0, beats: 0 }
  for (let step = 1; step <= STEPS; step++) {
    const call = play.next()
    const [a, b] = await Promise.all([score(quick, call), score(thorough, call)])
    expect(a, `seed ${seed}, step ${step}`).toEqual(b)
    play.hear(call, a)
    played.viewers += call.viewers.length
    for (const { actions } of call.viewers) if (actions[0]?.action === 'watch') played.beats++
  }
  const [a, b] = await Promise.all([stored(quick, play.keys), stored(thorough, play.keys)])
  expect(a, `seed ${seed}`).toEqual(b)
  return played
}

test(`[S34] ${HISTORIES} histories from seed ${FROM} on are the same by the short cut and by the long way`, async () => {
  const all: Played = { viewers: 0, beats: 0 }
  const long: Played = { viewers: 0, beats: 0 }
  for (let seed = FROM; seed < FROM + HISTORIES; seed++) {
    const played = await playBoth(quick, seed)
    all.viewers += played.viewers
    all.beats += played.beats
    for (const [action, times] of Object.entries(await quick.hgetall('thoroughly'))) {
      long.viewers += Number(times)
      if (Number(action) === ACTIONS.watch) long.beats += Number(times)
    }
  }
  // Else this test would compare the long way with itself.
  expect(long.viewers / all.viewers).toBeLessThan(0.7)
  expect(long.beats / all.beats).toBeLessThan(0.7)
}, 240_000)

test('[S34 TI6] a rise while the clock was set back over midnight begins no window of the day that the account has left', async () => {
  await playBoth(quick, 392_540)
})

/** A mistake that lives this long shows that the histories do not look at it. */
const MISTAKEN_MAX = 60
const mistakes: TextChange[] = [
  {
    name: 'it lets one unit more through',
    from: 'local left = cap_day - day_own',
    to: 'local left = cap_day + 1 - day_own',
  },
  {
    name: 'it forgets what was left over',
    from: 'carries + (left_over - carry)',
    to: 'carries + (0 - carry)',
  },
  {
    name: 'it applies a number again',
    from: 'or seq <= high then',
    to: 'or seq < high then',
  },
  {
    name: 'it pays into the lot of another brand or month',
    from: 'or a_lot % FOUR_BYTES ~= spendable_lot then return nil end',
    to: 'then return nil end',
  },
  {
    name: 'it does not look whether the rung is kept',
    from: 'if rungs >= TWO_BYTES or other_ways then return nil end',
    to: '',
  },
  {
    name: 'it does not look whether points ever earned reach a rung',
    from: 'above and ever >= above or',
    to: '',
  },
  {
    name: 'it keeps the counters of yesterday',
    from: 'if day < today then',
    to: 'if day < today - 1 then',
  },
  {
    name: "it adds to another rule's counter",
    from: 'if units >= 0 and units < FOUR_BYTES then return units end',
    to: 'if units >= 0 then return units end',
  },
  {
    name: 'several commands are as many changes',
    from: 'k == 1 and 1 or 0',
    to: '1',
  },
  {
    name: 'of several commands the last tells its heat alone',
    from: 'heat, by_action[action] = heat + brought,',
    to: 'heat, by_action[action] = brought,',
  },
  {
    name: 'what the budget lost to commands that go the long way after all stays lost',
    from: 'call.budget.left = left\n',
    to: '',
  },
  {
    name: 'a beat that reaches a goal pays nothing',
    from: 'watch.watched, before, after) > 0 then return nil end',
    to: 'watch.watched, before, after) > 99 then return nil end',
  },
  {
    name: 'a beat leaves the stretch as it was',
    from: 'pack(WATCHED, v.watched, v.continuous,',
    to: 'pack(WATCHED, v.watched, 0,',
  },
  {
    name: 'a beat forgets who holds the attention',
    from: 'pack(HEAD, a.at, a.gap_from, a.gap_to, a.live, a.count)',
    to: 'pack(HEAD, a.at, a.gap_from, a.gap_to, 0, a.count)',
  },
  {
    name: 'a beat that is not credited warms the room',
    from: 'amount, warms = units, 1, units > 0',
    to: 'amount, warms = units, 1, true',
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
