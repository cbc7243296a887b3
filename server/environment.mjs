// @ts-check
/** The environment that `npm start` and the operator's commands give the server. */

import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { root } from './provision.mjs'

/** Enough for one Redis; the number stays with the data. */
const EMBEDDED_PARTITIONS = '8'

/** @typedef {Record<string, string> & { FANFARE_DATA_DIR: string }} Environment */

/**
 * The environment with `.env`, where a variable that is set already wins. An empty one counts as not set,
 * as in server/config.ts. FANFARE_DATA_DIR is always there and absolute.
 * @returns {Environment}
 */
export function readEnvironment() {
  const file = join(root, '.env')
  if (existsSync(file)) process.loadEnvFile(file)
  /** @type {Record<string, string>} */
  const env = {}
  for (const [name, value] of Object.entries(process.env)) if (value) env[name] = value
  return { ...env, FANFARE_DATA_DIR: resolve(root, env.FANFARE_DATA_DIR ?? '.data') }
}

/**
 * What goes with a Redis of our own: few partitions, and the demo, unless secrets say that this is meant
 * seriously.
 * @param {Environment} env
 * @param {string} url
 * @returns {Environment}
 */
export function withEmbeddedRedis(env, url) {
  const noSecrets = !Object.keys(env).some((name) => /^FANFARE_\w*_SECRETS?(_FILE)?$/.test(name))
  const demo = env.FANFARE_DEMO ?? (noSecrets ? '1' : '0')
  return {
    FANFARE_PARTITIONS: EMBEDDED_PARTITIONS,
    ...env,
    REDIS_URL: url,
    FANFARE_DEMO: demo,
    ...(noSecrets && /^(1|true)$/.test(demo) ? demoSecrets(env.FANFARE_DATA_DIR) : {}),
  }
}

/**
 * Random secrets for the demo, kept so that tokens outlive a restart.
 * @param {string} dataDir
 */
function demoSecrets(dataDir) {
  const folder = join(dataDir, 'demo-secrets')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  /** @type {Record<string, string>} */
  const files = {}
  for (const [name, prefix] of [
    ['FANFARE_TICKET_SECRETS', 'k1:demo:'],
    ['FANFARE_SESSION_SECRET', ''],
    ['FANFARE_API_SECRETS', 's1:demo:'],
  ]) {
    const file = join(folder, `${name}`)
    if (!existsSync(file))
      writeFileSync(file, `${prefix}${randomBytes(33).toString('base64url')}\n`, { mode: 0o600 })
    files[`${name}_FILE`] = file
  }
  return files
}
