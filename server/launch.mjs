// @ts-check
/** `npm start`: from a fresh clone to a running service, and an orderly end of everything on Ctrl-C. */

import { spawn } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { takeLock } from './data-lock.mjs'
import { startEmbeddedRedis } from './embedded-redis.mjs'
import { readEnvironment, withEmbeddedRedis } from './environment.mjs'
import {
  buildWhenStale,
  checkNode,
  installPackages,
  provideRedis,
  root,
  say,
  stopRunning,
  Unmet,
} from './provision.mjs'

const READY_MS_MAX = 60_000
/** The server drains on SIGTERM; after this it is taken to hang. */
const DRAIN_MS_MAX = 30_000
const POLL_MS = 100

/** Pending while it loads its data. @type {Promise<import('./embedded-redis.mjs').EmbeddedRedis> | undefined} */
let redis
let redisPid = 0
/** @type {import('node:child_process').ChildProcess | undefined} */
let server
/** @type {Promise<void> | undefined} */
let ending
let unlock = () => {}

/** @type {import('./environment.mjs').Environment} */
let env

async function main() {
  checkNode()
  env = readEnvironment()
  const dataDir = env.FANFARE_DATA_DIR
  mkdirSync(dataDir, { recursive: true })
  const lock = takeLock(dataDir, DRAIN_MS_MAX)
  unlock = lock.release
  await lock.endLeftovers()
  for (const name of ['FANFARE_API_PORT', 'FANFARE_GATEWAY_PORT']) await checkPort(name)
  const program = env.REDIS_URL ? undefined : await provideRedis()
  await installPackages()
  await buildWhenStale()
  if (ending) return
  if (program) await ownRedis(program, dataDir, lock)
  if (ending) return
  await startServer(lock)
}

/**
 * @param {string} program
 * @param {string} dataDir
 * @param {import('./data-lock.mjs').Lock} lock
 */
async function ownRedis(program, dataDir, lock) {
  redis = startEmbeddedRedis({
    program,
    dir: join(dataDir, 'redis'),
    say,
    onStarted: (pid) => {
      redisPid = pid
      lock.note('redis', pid)
    },
    onLost: (reason) => {
      say(reason)
      stop(1)
    },
  })
  const { url } = await redis
  lock.noteUrl(url)
  env = withEmbeddedRedis(env, url)
}

/** @param {import('./data-lock.mjs').Lock} lock */
async function startServer(lock) {
  const main = join(root, 'dist/server/main.js')
  // Its own group, as with Redis: Ctrl-C comes to us alone, and we tell it once.
  const child = spawn(process.execPath, ['--enable-source-maps', main], {
    cwd: root,
    env,
    stdio: ['ignore', 'inherit', 'inherit'],
    detached: true,
  })
  server = child
  if (child.pid !== undefined) lock.note('server', child.pid)
  child.once('error', (error) => say(`The server cannot be started: ${error.message}`))
  child.once('exit', (code, signal) => {
    if (ending) return
    say(`The server ended by itself (${signal ?? `exit code ${code}`}).`)
    stop(code || 1)
  })
  if (await ready(child)) printAddresses()
}

/**
 * Whether the server became ready; stops everything where it does not in time.
 * @param {import('node:child_process').ChildProcess} child
 */
async function ready(child) {
  const url = `http://127.0.0.1:${port('FANFARE_API_PORT')}/readyz`
  const deadline = Date.now() + READY_MS_MAX
  let answer = 'no answer'
  while (Date.now() < deadline && !ending && child.exitCode === null && child.signalCode === null) {
    try {
      const response = await fetch(url, { signal: AbortSignal.timeout(2000) })
      if (response.ok) return true
      answer = `${response.status} ${(await response.text()).slice(0, 500)}`
    } catch {
      // Not listening yet.
    }
    await new Promise((done) => setTimeout(done, POLL_MS))
  }
  if (!ending && Date.now() >= deadline) {
    say(`The server is not ready after ${READY_MS_MAX / 1000} s: ${url} says: ${answer}`)
    stop(1)
  }
  return false
}

function printAddresses() {
  const base = env.FANFARE_PUBLIC_URL ?? `http://localhost:${port('FANFARE_API_PORT')}`
  const lines = [
    ['demo room', '/'],
    ['overlay', '/overlay'],
    ['stage for OBS', '/stage'],
    ['host console', '/host'],
    ['operators', '/operator'],
    ['script to embed', '/embed.js'],
    ['HTTP API', '/openapi.json'],
    ['socket API', '/asyncapi.json'],
  ]
  const text = lines.map(([what = '', path]) => `  ${what.padEnd(16)} ${base}${path}`)
  say(`Fanfare is ready. Data is in ${env.FANFARE_DATA_DIR}. Ctrl-C stops it.\n${text.join('\n')}`)
}

/** @param {string} name */
function port(name) {
  return Number(env[name] ?? (name === 'FANFARE_API_PORT' ? 7070 : 7071))
}

/**
 * Two gateways on one port would split each other's viewers without an error, so this is asked before.
 * @param {string} name
 */
async function checkPort(name) {
  const wanted = port(name)
  if (!(wanted > 0 && wanted < 65_536)) throw new Unmet(`${name} must be a port, 1 to 65535.`)
  const error = await new Promise((done) => {
    const probe = createServer()
    probe.once('error', done)
    probe.listen(wanted, () => probe.close(() => done(undefined)))
  })
  if (error)
    throw new Unmet(
      `Port ${wanted} is ${error.code === 'EADDRINUSE' ? 'taken by another program' : `not to be had (${error.code})`}; set ${name} to another one.`,
    )
}

/**
 * Ends server and Redis in this order and then the launcher. Further calls change nothing.
 * @param {number} code
 */
function stop(code) {
  ending ??= (async () => {
    stopRunning()
    if (server && server.exitCode === null && server.signalCode === null) {
      const child = server
      const gone = new Promise((done) => child.once('exit', done))
      const late = setTimeout(() => {
        say(`The server has not drained in ${DRAIN_MS_MAX / 1000} s and is killed.`)
        child.kill('SIGKILL')
      }, DRAIN_MS_MAX)
      child.kill('SIGTERM')
      await gone
      clearTimeout(late)
    }
    // Where it could not be started, that has been said.
    await redis?.then((started) => started.stop()).catch(() => undefined)
    unlock()
    process.exit(code)
  })()
}

function onSignal() {
  if (ending) {
    server?.kill('SIGKILL')
    if (redisPid) process.kill(redisPid, 'SIGKILL')
    unlock()
    process.exit(1)
  }
  say('Stopping ... (again to kill)')
  stop(0)
}
for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
  process.on(signal, onSignal)

main().catch((error) => {
  if (ending) return
  say(error instanceof Unmet ? error.message : String(error?.stack ?? error))
  stop(1)
})
