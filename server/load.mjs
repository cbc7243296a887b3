// @ts-check
/** `npm run load`: brings what a load run needs, then runs it with the arguments as they are. */

import { runLoadtest } from './loadtest.mjs'
import { buildWhenStale, provideK6, provideRedis } from './provision.mjs'

await runLoadtest('loadtest/load.ts', async (args) => {
  // Nothing is built for who only asks what there is.
  if (args.length === 0 || args.includes('--help')) return process.env
  await buildWhenStale()
  const withNode = /(^|\s)--runner[ =]node(\s|$)/.test(args.join(' '))
  const ownService = !args.some((arg) => arg === '--url' || arg.startsWith('--url='))
  const env = { ...process.env }
  if (ownService) env.REDIS_SERVER_BIN ??= await provideRedis()
  if (!withNode) env.K6_BIN ??= await provideK6()
  return env
})
