import { expect, test } from 'vitest'
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
  type ViewerAnswer,
} from '../scoring/index.ts'
import { journalKey } from '../wallet/index.ts'
import { NO_CAP } from './allowance.testing.ts'
import { createIntake } from './intake.ts'

let redis: Store
useRedis(async (server) => {
  redis = await server.connect()
})

const LIVE = 7
const ACCOUNT = 5
const places = createPartitions(1)
const slot = must(places.slots[0], 'a partition')
const book = Rulebook.parse(PRESETS.live)

test('[R12 GW14] an answer during which the shard became another is not believed: it is asked again', async () => {
  let epochs = 0
  const asked: string[] = []
  const intake = createIntake({
    ...{ store: redis, partitions: places, clock: systemClock, gateway: 1, journalMax: 1000 },
    log: createLog('silent', 'test'),
    cap: NO_CAP,
    platform: () => ({ timeZone: book.timeZone, dailyPoints: 0 }),
    shards: {
      indexOfSlot: () => 0,
      // As if the master had been left between the first call and its answer.
      epoch: () => must(asked[asked.push(epochs++ === 0 ? 'left' : 'present') - 1], 'an epoch'),
    },
  })
  const now = systemClock.now()
  const context = compileContext({ ...platformContext(1, book, 1), live: LIVE }, now)
  const answers: (ViewerAnswer | undefined)[] = []
  const actor = {
    ...{ account: ACCOUNT, live: LIVE, personal: 1000, context: () => context },
    ...{ budget: undefined, most: () => 0 },
    session: { startMs: now, nonce: ACCOUNT },
    pending: undefined,
    keys: () => scoreKeys(slot, ACCOUNT, LIVE),
    answered: (_: unknown, answer: AnswerReader | undefined) => answers.push(answer?.whole()),
    overdue: () => undefined,
  }
  intake.add(actor, { seq: 1, action: 'like', units: 1, p1: 0, p2: 0, refused: 0 })
  await intake.drain()
  expect(answers).toMatchObject([
    { status: 'ok', outcomes: ['dup'], state: { balance: { spendable: 1 } } },
  ])
  expect(asked).toEqual(['left', 'present', 'present', 'present'])
  expect(await redis.xlen(journalKey(slot))).toBe(1)
})
