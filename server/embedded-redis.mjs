// @ts-check
/** A Redis of our own in the data folder, for `npm start` without REDIS_URL. */

import { spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { join } from 'node:path'

/** What the system allows for the path of a socket, less than the least of Linux (107) and macOS (103). */
const SOCKET_PATH_MAX = 100
/** More crashes than this within the window, and starting it again would not help. */
const CRASHES_MAX = 5
const CRASH_WINDOW_MS = 60_000
const LOG_BYTES_MAX = 4_000_000
const POLL_MS = 25
const LOADING_NOTICE_MS = 5_000

/**
 * @typedef {object} EmbeddedRedis
 * @property {string} url for REDIS_URL
 * @property {() => Promise<void>} stop writes everything down and ends it
 */

/** @param {string} dir */
const socketIn = (dir) => join(dir, 'redis.sock')

/** Where the Redis in `dir` is when it runs, unless the path is too long for a socket. @param {string} dir */
export const socketUrl = (dir) => `unix://${socketIn(dir)}`

/**
 * Starts redis-server in `dir` and keeps it running. Resolves when it has loaded its data; rejects where it
 * cannot start.
 * @param {object} options
 * @param {string} options.program path of redis-server
 * @param {string} options.dir absolute
 * @param {(text: string) => void} options.say
 * @param {(pid: number) => void} options.onStarted before it has loaded, and again after each crash
 * @param {(reason: string) => void} options.onLost it crashed too often
 * @returns {Promise<EmbeddedRedis>}
 */
export async function startEmbeddedRedis({ program, dir, say, onStarted, onLost }) {
  mkdirSync(dir, { recursive: true })
  // Balances of people: nobody else on the machine needs to read or write them.
  chmodSync(dir, 0o700)
  const log = join(dir, 'redis.log')
  if (existsSync(log) && statSync(log).size > LOG_BYTES_MAX) renameSync(log, `${log}.1`)
  const socket = socketIn(dir)
  const port = Buffer.byteLength(socket) > SOCKET_PATH_MAX ? await freePort() : 0
  const address = port === 0 ? { path: socket } : { host: '127.0.0.1', port }
  const listen = port === 0 ? ['--unixsocket', socket, '--unixsocketperm', '700'] : []
  const options = [
    ['--port', String(port), '--bind', '127.0.0.1', '--protected-mode', 'yes', ...listen],
    ['--dir', dir, '--logfile', log, '--daemonize', 'no'],
    ['--appendonly', 'yes', '--appendfsync', 'everysec', '--save', ''],
    // Small records change often: at 64 MB, the default, 14,000 commands a second rewrite the file every seven seconds.
    ['--auto-aof-rewrite-min-size', '512mb'],
    ['--maxmemory-policy', 'noeviction'],
  ].flat()

  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  let stopping = false
  /** @type {number[]} */
  const crashes = []

  async function start() {
    rmSync(socket, { force: true })
    // A group of its own, because Ctrl-C goes to the whole group and the server must be able to drain first.
    const started = spawn(program, options, { stdio: 'ignore', detached: true, cwd: dir })
    child = started
    /** @type {string | undefined} */
    let end
    started.once('error', (error) => {
      end = error.message
    })
    started.once('exit', (code, signal) => {
      end = `${signal ?? `exit code ${code}`}`
    })
    if (started.pid !== undefined) onStarted(started.pid)
    await loaded(address, () => end, say)
    if (end === undefined)
      started.once('exit', (code, signal) => crashed(signal ?? `exit code ${code}`))
    else crashed(end)
  }

  /** @param {string} how */
  function crashed(how) {
    if (stopping) return
    const now = Date.now()
    crashes.push(now)
    while (now - (crashes[0] ?? now) > CRASH_WINDOW_MS) crashes.shift()
    if (crashes.length > CRASHES_MAX) {
      onLost(`Redis ended ${crashes.length} times within a minute (${how}).${lastLines(log)}`)
      return
    }
    say(`Redis ended (${how}); starting it again.`)
    start().catch((error) => crashed(error.message))
  }

  await start().catch((error) => {
    throw new Error(`redis-server did not start: ${error.message}${lastLines(log)}`)
  })
  return {
    url: port === 0 ? socketUrl(dir) : `redis://127.0.0.1:${port}`,
    async stop() {
      stopping = true
      const last = child
      if (!last || last.exitCode !== null || last.signalCode !== null) return
      const gone = new Promise((resolve) => last.once('exit', resolve))
      last.kill('SIGTERM')
      await gone
      rmSync(socket, { force: true })
    },
  }
}

/**
 * Waits until Redis answers PING; while it loads its data it answers an error, for as long as that takes.
 * @param {import('node:net').NetConnectOpts} address
 * @param {() => string | undefined} ended
 * @param {(text: string) => void} say
 */
async function loaded(address, ended, say) {
  const begin = Date.now()
  let notices = 0
  for (;;) {
    const how = ended()
    if (how !== undefined) throw new Error(how)
    if ((await ping(address)).startsWith('+PONG')) return
    if (Date.now() - begin > LOADING_NOTICE_MS * (notices + 1)) {
      notices++
      say('Redis is loading its data ...')
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
}

/**
 * What Redis answers, or an empty text where nobody does.
 * @param {import('node:net').NetConnectOpts} address
 * @returns {Promise<string>}
 */
function ping(address) {
  return new Promise((resolve) => {
    const socket = connect(address)
    socket.setTimeout(1000, () => socket.destroy())
    socket.once('connect', () => socket.write('PING\r\n'))
    socket.once('data', (chunk) => {
      resolve(chunk.toString())
      socket.destroy()
    })
    socket.once('error', () => undefined)
    socket.once('close', () => resolve(''))
  })
}

/** @returns {Promise<number>} */
function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}

/** @param {string} log */
function lastLines(log) {
  if (!existsSync(log)) return ''
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-5)
  return `\nThe end of ${log}:\n  ${lines.join('\n  ')}`
}
