// @ts-check
/**
 * An operator's command of the built server, with the environment that `npm start` would give it:
 * `node server/command.mjs ticket --room demo --role host`.
 */

import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { readHolder } from './data-lock.mjs'
import { socketUrl } from './embedded-redis.mjs'
import { readEnvironment, withEmbeddedRedis } from './environment.mjs'
import { buildWhenStale, checkNode, installPackages, root, say, Unmet } from './provision.mjs'

async function main() {
  checkNode()
  const env = readEnvironment()
  await installPackages()
  await buildWhenStale()
  const dataDir = env.FANFARE_DATA_DIR
  const embedded = () =>
    withEmbeddedRedis(env, readHolder(dataDir)?.redisUrl ?? socketUrl(join(dataDir, 'redis')))
  const child = spawn(
    process.execPath,
    ['--enable-source-maps', join(root, 'dist/server/main.js'), ...process.argv.slice(2)],
    { cwd: root, env: env.REDIS_URL ? env : embedded(), stdio: 'inherit' },
  )
  child.once('exit', (code) => {
    process.exitCode = code ?? 1
  })
}

main().catch((error) => {
  say(error instanceof Unmet ? error.message : String(error?.stack ?? error))
  process.exitCode = 1
})
