/** What must be true of the Redis before the service starts on it, and what is counted in it once. */

import type { Clock, Log } from './kernel/index.ts'
import {
  configSlot,
  type DurabilitySetting,
  declareKeys,
  keyIn,
  redisProblems,
  refusesWrites,
  type Store,
} from './redis/index.ts'

declareKeys('server', {
  partitions: {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: 'number of account partitions, fixed with the data',
  },
  gateways: {
    slot: 'config',
    type: 'string',
    life: 'for ever',
    holds: 'how many gateways have ever started; numbers them',
  },
})

/** Throws with sentences for the operator where the Redis cannot carry the service. */
export async function checkRedis(store: Store, durability: DurabilitySetting): Promise<void> {
  const problems = await redisProblems(store, durability)
  if (problems.length > 0) throw new Error(`this Redis must not be used: ${problems.join('; ')}`)
}

const WRITABLE_LOOK_MS = 1000
/** A wait is told of this often, in looks. */
const TOLD_EVERY = 15

/**
 * Resolves when Redis takes writes. A start that ended instead would be started again and again, and say nothing but what
 * Redis says.
 */
export async function untilWritable(store: Store, clock: Clock, log: Log): Promise<void> {
  for (let look = 0; ; look++) {
    const why = await refusesWrites(store)
    if (why === undefined) return
    if (look % TOLD_EVERY === 0)
      log.error(`Redis takes no writes: ${why}; the start goes on when it does`)
    await clock.sleep(WRITABLE_LOOK_MS)
  }
}

/** The number of partitions goes with the data: another one would look for every account elsewhere. */
export async function fixPartitions(store: Store, count: number): Promise<void> {
  const key = keyIn(configSlot, 'partitions')
  const kept = await store.set(key, count, 'NX', 'GET')
  if (kept !== null && Number(kept) !== count)
    throw new Error(
      `this data has ${kept} partitions, but FANFARE_PARTITIONS is ${count}; set it to ${kept}`,
    )
}

/** A number that names this gateway to the others: 1 to 65,535. */
export async function nextGateway(store: Store): Promise<number> {
  return ((await store.incr(keyIn(configSlot, 'gateways'))) % 65_535) + 1
}
