// @ts-check
/** `npm run bench`: brings what the bench needs, then runs it with the arguments as they are. */

import { runLoadtest } from './loadtest.mjs'
import { buildWhenStale, provideRedis } from './provision.mjs'

await runLoadtest('loadtest/bench/main.ts', async () => {
  await buildWhenStale()
  return {
    ...process.env,
    REDIS_SERVER_BIN: process.env.REDIS_SERVER_BIN ?? (await provideRedis()),
  }
})
