import { expect, test } from 'vitest'
import { loadScripts, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import { type TextChange, withChangedScripts } from './changed-scripts.testing.ts'
import { playHistory } from './histories-play.testing.ts'

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
    await loadScripts(redis)
  },
  ['--appendonly', 'no'],
)

/** A mutant that lives this long shows that histories do not look at what it broke. */
const HISTORIES_MAX = 150

const mutants: TextChange[] = [
  {
    name: 'a cap lets one unit more through',
    from: 'math.max(0, most - limits.used(window, rule.no))',
    to: 'math.max(0, most + 1 - limits.used(window, rule.no))',
  },
  {
    name: 'the oldest number of a session counts again',
    from: 'return bit.band(bit.rshift(s.mask, back), 1)',
    to: 'return back < 31 and bit.band(bit.rshift(s.mask, back), 1) or 0',
  },
  {
    name: 'a jump of exactly 31 forgets the number it started from',
    from: 'step >= 32 and 1',
    to: 'step >= 31 and 1',
  },
  {
    name: 'fractions are dropped',
    from: 'points == amount and milli % 1000 or 0',
    to: '0',
  },
  {
    name: 'two tabs earn at once',
    from: 'local since, missed_from = math.max(c.at, a.at),',
    to: 'local since, missed_from = c.at,',
  },
  {
    name: 'a gap between two tabs is credited to both',
    from: 'if missed > 0 then a.gap_to = missed_from end',
    to: '',
  },
  {
    name: 'a rung is reached only above its threshold',
    from: 'g.growth >= thresholds[rung + 2]',
    to: 'g.growth > thresholds[rung + 2]',
  },
  {
    name: 'a session pushed out may lower the floor',
    from: 'list.floor = math.max(list.floor, list[oldest].start)',
    to: 'list.floor = list[oldest].start',
  },
  {
    name: 'a day lasts a millisecond longer',
    from: 'if now < ends then return first, ends end',
    to: 'if now <= ends then return first, ends end',
  },
  {
    name: 'what a task pays is not taken from the allowance',
    from: 'if budget.left then budget.left = budget.left - points end',
    to: '',
  },
  {
    name: 'a beat may come 251 ms early',
    from: 'local EARLY_MS = 250',
    to: 'local EARLY_MS = 251',
  },
  {
    name: 'points are credited and not counted',
    from: "redis.call('HINCRBY', K.totals, 'session', session_points)",
    to: "redis.call('HINCRBY', K.totals, 'session', 0)",
  },
  {
    name: 'who has points of a live is not noted',
    from: 'if holds[i] then redis.call',
    to: 'if holds[i] and fresh[i] then redis.call',
  },
  {
    name: 'a frozen account warms the room',
    from: 'or ctx.live == 0 or v.frozen then return end',
    to: 'or ctx.live == 0 then return end',
  },
  {
    name: 'the journal leaves an entry out',
    from: 'entries[#entries + 1] = entry',
    to: 'if #entries < 2 then entries[#entries + 1] = entry end',
  },
]

test.each(mutants)(
  '[S1 000-01] caught: $name',
  async (mutant) => {
    const sick = await withChangedScripts(redis, mutant)
    let told: string | undefined
    for (let seed = 1; seed <= HISTORIES_MAX && told === undefined; seed++) {
      told = await playHistory(sick, seed).then(
        () => undefined,
        (error: unknown) => String(error),
      )
    }
    expect(told).toMatch(/^Divergence: seed \d+, step \d+/)
    // A script that does not even run proves nothing about the histories.
    expect(told).not.toContain('user_function')
  },
  60_000,
)

test('a mutant whose text is gone is told', async () => {
  const gone = { name: 'gone', from: 'this text stands nowhere', to: '' }
  await expect(withChangedScripts(redis, gone)).rejects.toThrow('no script contains')
})
