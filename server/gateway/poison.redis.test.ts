import { beforeEach, expect, test } from 'vitest'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Rulebook } from '../../shared/rulebook/schema.ts'
import { createLog, must, systemClock } from '../kernel/index.ts'
import { createPartitions, type Store } from '../redis/index.ts'
import { useRedis } from '../redis/use-redis.testing.ts'
import {
  type AnswerReader,
  compileContext,
  platformContext,
  scoreKeys,
  VIEWERS_PER_CALL,
  type ViewerAnswer,
  visitKey,
} from '../scoring/index.ts'
import { journalled } from '../scoring/journalled.testing.ts'
import { accountKey, accountsKey, totalsKey } from '../wallet/index.ts'
import { NO_CAP } from './allowance.testing.ts'
import { createIntake } from './intake.ts'

let redis: Store
useRedis(
  async (server) => {
    redis = await server.connect()
  },
  ['--appendonly', 'no'],
)
beforeEach(async () => {
  await redis.flushall()
})

const LIVE = 7
const POISONED = 37
const places = createPartitions(1)
const slot = must(places.slots[0], 'a partition')
const book = Rulebook.parse(PRESETS.live)

/** A readable head whose wallet section is cut off: opening it fails inside the script. */
function brokenInside(): Buffer {
  const raw = Buffer.alloc(18 + 3)
  raw.writeUInt8(1, 0)
  raw.writeUInt16BE(3, 10)
  return raw
}

/** As many viewers as a call takes like once each; answers by account. */
async function everybodyLikes(
  log = createLog('silent', 'test'),
): Promise<Map<number, ViewerAnswer | undefined>> {
  const intake = createIntake({
    ...{ store: redis, partitions: places, clock: systemClock, gateway: 1, journalMax: 1000 },
    log,
    shards: { indexOfSlot: () => 0, epoch: () => 'the only one' },
    cap: NO_CAP,
    platform: () => ({ timeZone: book.timeZone, dailyPoints: book.dailyPoints ?? 0 }),
  })
  const now = systemClock.now()
  const context = compileContext({ ...platformContext(1, book, 1), live: LIVE }, now)
  const answers = new Map<number, ViewerAnswer | undefined>()
  for (let account = 1; account <= VIEWERS_PER_CALL; account++) {
    const actor = {
      ...{ account, live: LIVE, personal: 1000, context: () => context },
      ...{ budget: undefined, most: () => 0 },
      session: { startMs: now, nonce: account },
      pending: undefined,
      keys: () => scoreKeys(slot, account, LIVE),
      answered: (_: unknown, answer: AnswerReader | undefined) =>
        answers.set(account, answer?.whole()),
      overdue: () => undefined,
    }
    const like = { seq: 1, action: 'like' as const, units: 1, p1: 0, p2: 0, refused: 0 }
    expect(intake.add(actor, like)).toBe(true)
  }
  await intake.drain()
  return answers
}

/** Accounts in the journal, each as often as it is there. */
async function written(): Promise<number[]> {
  const entries = await journalled(redis, [slot])
  return entries.map(({ account }) => account).sort((a, b) => a - b)
}

const others = Array.from({ length: VIEWERS_PER_CALL }, (_, i) => i + 1).filter(
  (account) => account !== POISONED,
)

test.each([
  ['an account of an unknown version', accountKey(slot, POISONED), Buffer.from([99, 1, 2, 3])],
  ['an account cut off', accountKey(slot, POISONED), Buffer.from([1, 0])],
  ['an account that makes the script fail', accountKey(slot, POISONED), brokenInside()],
  ['a visit of an unknown version', visitKey(slot, POISONED, LIVE), Buffer.from([99, 1, 2, 3])],
])(
  '[S9] one viewer of a full call has %s: all others are credited and journalled',
  async (_, key, raw) => {
    await redis.set(key, raw)
    const answers = await everybodyLikes()
    const poisoned = answers.get(POISONED)
    expect(poisoned === undefined || poisoned.status === 'internal').toBe(true)
    for (const account of others)
      expect(answers.get(account)).toMatchObject({
        status: 'ok',
        outcomes: ['applied'],
        state: { balance: { spendable: 1 } },
      })
    expect(await written()).toEqual(others)
    expect(await redis.hgetall(totalsKey(slot))).toEqual({
      issued: String(others.length),
      spendable: String(others.length),
    })
    expect(await redis.scard(accountsKey(slot))).toBe(others.length)
    // What cannot be read is left as it is, for whoever mends it.
    expect(await redis.getBuffer(key)).toEqual(raw)
  },
)

test('[R19] Redis that takes no writes for longer than a call is repeated is no fault of ours: a warning says why', async () => {
  const lines: string[] = []
  await redis.config('SET', 'maxmemory', '1')
  try {
    const answers = await everybodyLikes(
      createLog('warn', 'test', { write: (line) => lines.push(line) }),
    )
    expect([...answers.values()]).toEqual(others.concat(POISONED).map(() => undefined))
  } finally {
    await redis.config('SET', 'maxmemory', '0')
  }
  const [line] = lines
  expect(JSON.parse(String(line))).toMatchObject({ level: 40, why: expect.stringContaining('OOM') })
  expect(lines.length).toBe(1)
})
