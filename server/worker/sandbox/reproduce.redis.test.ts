import { afterAll, describe, expect, test } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../../shared/time.ts'
import { loadScripts, type Store } from '../../redis/index.ts'
import { useRedis } from '../../redis/use-redis.testing.ts'
import { Stand } from '../../scoring/histories-stand.testing.ts'
import { HistorySteps } from '../../scoring/histories-steps.testing.ts'
import { ALWAYS, createSandboxStand, sourcesOf } from './sandbox.testing.ts'

let redis: Store
let sandbox: ReturnType<typeof createSandboxStand>
useRedis(
  async (server) => {
    redis = await server.connect()
    await loadScripts(redis)
    sandbox = createSandboxStand(redis)
  },
  ['--appendonly', 'no'],
)
afterAll(() => sandbox.clean())

/** Another range is played with `SEED=20000 HISTORIES=500`. */
const FROM = Number(process.env.SEED ?? 1)
const HISTORIES = Number(process.env.HISTORIES ?? 12)
const STEPS = 60
/** Histories in which the rules in force are tried as well. */
const TRIED = 5
/** A history that is over before the instant from which on rules are tried. */
const OVER_BEFORE = 392_203
const VISIT_MS = 48 * HOUR_MS

/** Rooms, budgets, tabs, tasks, campaigns, midnights, two versions in turn: all that scoring's own histories have. */
async function playHistory(seed: number, { isOneBook = false } = {}) {
  await redis.flushall()
  const steps = new HistorySteps(seed)
  const [first, second] = steps.books
  // What is said once for a call is of the version in force, also in a gateway.
  if (second) second.dailyPoints = first.dailyPoints
  if (second && isOneBook) Object.assign(second, first)
  const stand = new Stand(redis, first)
  const rooms = new Map<number, { room: string; profile: string; timeZone: string }>()
  let beganMs = 0
  for (let i = 0; i < STEPS; i++) {
    const step = steps.next(stand.model)
    if ('nowMs' in step) beganMs ||= step.nowMs
    // The Redis of the test does not get as old as the history, and would forget no visit.
    if ('nowMs' in step && step.nowMs - beganMs > VISIT_MS) break
    // Neither is journalled where this stand does it.
    if (step.kind === 'freeze' || step.kind === 'spoil') continue
    const contexts =
      step.kind === 'score' ? step.contexts : step.kind === 'event' ? [step.context] : []
    for (const { room } of contexts)
      rooms.set(room.live, {
        room: `room-${room.live}`,
        profile: room.profile,
        timeZone: room.timeZone,
      })
    await stand.play(step)
  }
  return { books: steps.books, rooms, beganMs }
}

describe('the rules in force', () => {
  test(
    `[DR1] make the ledger again, entry by entry and balance by balance (${HISTORIES} histories from seed ${FROM})`,
    async () => {
      for (let seed = FROM; seed < FROM + HISTORIES; seed++) {
        const { books, rooms } = await playHistory(seed)
        const dir = await sandbox.archive()
        const { proof } = await sandbox.run({ sources: sourcesOf(books, rooms), dataDirs: [dir] })
        expect({ seed, found: proof.differences }).toEqual({ seed, found: [] })
        expect(proof.sameEntries).toBe(proof.entries)
        expect(proof.sameBalances).toBe(proof.balances)
      }
    },
    60_000 + HISTORIES * 5000,
  )

  test('[DR3] tried, they give what was, from whatever instant on: points, caps, tiers and balances', async () => {
    const seeds = Array.from({ length: TRIED }, (_, i) => FROM + i)
    for (const seed of [...seeds, OVER_BEFORE]) {
      const { books, rooms, beganMs } = await playHistory(seed, { isOneBook: true })
      const { told, tried, people, proof } = await sandbox.run({
        sources: sourcesOf(books, rooms),
        dataDirs: [await sandbox.archive()],
        book: books[0],
        asked: { ...ALWAYS, fromMs: beganMs + (seed % 5) * MINUTE_MS },
      })
      expect({ seed, found: proof.differences }).toEqual({ seed, found: [] })
      expect({ seed, sums: tried }).toEqual({ seed, sums: told })
      expect(people).toMatchObject({ gain: 0, lose: 0, short: { accounts: 0 } })
    }
  }, 120_000)
})
