// @ts-check
/** `npm run load`: brings what a load run needs, then runs it with the arguments as they are. */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import {
  buildWhenStale,
  checkNode,
  installPackages,
  provideK6,
  provideRedis,
  root,
  say,
  Unmet,
} from './provision.mjs'

async function main() {
  checkNode()
  const args = process.argv.slice(2)
  await installPackages()
  await buildWhenStale()
  const withNode = /(^|\s)--runner[ =]node(\s|$)/.test(args.join(' '))
  const ownService = !args.some((arg) => arg === '--url' || arg.startsWith('--url='))
  const env = { ...process.env }
  if (ownService) env.REDIS_SERVER_BIN ??= await provideRedis()
  if (!withNode) env.K6_BIN ??= await provideK6()
  const child = spawn(
    process.execPath,
    [join(root, 'server/run.mjs'), join(root, 'loadtest/load.ts'), ...args],
    { cwd: root, env, stdio: 'inherit' },
  )
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM']))
    process.on(signal, () => child.kill(signal))
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

main().catch((error) => {
  say(error instanceof Unmet ? error.message : String(error?.stack ?? error))
  process.exitCode = 1
})
