/** What must be true of the Redis before the service starts on it, and what is counted in it once. */

import { configSlot, declareKeys, keyIn, masters, type Store } from './redis/index.ts'

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

const OLDEST_REDIS = 7

/** Throws with a sentence for the operator where the Redis cannot carry the service. */
export async function checkRedis(store: Store): Promise<void> {
  for (const master of await masters(store)) {
    const version = /redis_version:(\S+)/.exec(await master.info('server'))?.[1] ?? '0'
    if (Number(version.split('.')[0]) < OLDEST_REDIS)
      throw new Error(`Redis ${version} is too old; Fanfare needs 7.0 or newer`)
    // Managed services may forbid CONFIG; then their policy has to be trusted.
    const policy = await master.config('GET', 'maxmemory-policy').catch(() => undefined)
    const value = policy && Object.values(policy as object).find((v) => v !== 'maxmemory-policy')
    if (value !== undefined && value !== 'noeviction')
      throw new Error(
        `maxmemory-policy is ${value}: Redis would throw accounts away; set it to noeviction`,
      )
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
