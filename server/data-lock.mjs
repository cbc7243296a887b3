// @ts-check
/** One launcher per data folder, and the end of what a killed one left behind. */

import { spawnSync } from 'node:child_process'
import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { say, Unmet } from './provision.mjs'

const POLL_MS = 100

/**
 * @typedef {object} Lock
 * @property {(what: 'redis' | 'server', pid: number) => void} note writes down a child, to be ended if we are killed
 * @property {(url: string) => void} noteUrl tells tools where Redis is
 * @property {() => Promise<void>} endLeftovers ends the children of a launcher that was killed
 * @property {() => void} release
 */

/** @typedef {{ pid: number, since: string }} Child */
/** @typedef {{ launcher?: Child, server?: Child, redis?: Child, redisUrl?: string }} Left */

/**
 * One launcher per data folder; two servers on one append-only file would destroy it.
 * @param {string} dataDir absolute
 * @param {number} drainMsMax how long a left-over server may take to end by itself
 * @returns {Lock}
 */
export function takeLock(dataDir, drainMsMax) {
  const file = lockFile(dataDir)
  /** @type {Left} */
  let left = {}
  /** @type {Left} */
  const state = { launcher: identify(process.pid) }
  const text = () => `${JSON.stringify(state, null, 2)}\n`
  // Twice: where a file is left over by a launcher that was killed, it goes and the second try takes it.
  for (let attempt = 0; ; attempt++) {
    try {
      writeFileSync(file, text(), { flag: 'wx', mode: 0o600 })
      break
    } catch (error) {
      if (attempt > 0 || !(error instanceof Error && 'code' in error && error.code === 'EEXIST'))
        throw error
    }
    refuseWhileHeld(file, dataDir)
    // Moved before it is believed: another launcher may have done the same in between.
    const mine = `${file}.${process.pid}`
    renameSync(file, mine)
    left = refuseWhileHeld(mine, dataDir, () => renameSync(mine, file))
    Object.assign(state, { server: left.server, redis: left.redis })
    rmSync(mine)
  }
  const write = (/** @type {object} */ more) => {
    Object.assign(state, more)
    writeFileSync(file, text())
  }
  return {
    note: (what, pid) => write({ [what]: identify(pid) }),
    noteUrl: (redisUrl) => write({ redisUrl }),
    async endLeftovers() {
      for (const what of /** @type {const} */ (['server', 'redis'])) {
        const child = left[what]
        if (!child || !lives(child)) continue
        say(`Ending the ${what} (process ${child.pid}) that a killed launcher left behind.`)
        process.kill(child.pid, 'SIGTERM')
        const deadline = Date.now() + drainMsMax
        while (lives(child)) {
          if (Date.now() > deadline) process.kill(child.pid, 'SIGKILL')
          await new Promise((done) => setTimeout(done, POLL_MS))
        }
      }
    },
    release: () => rmSync(file, { force: true }),
  }
}

/** @param {string} dataDir */
const lockFile = (dataDir) => join(dataDir, 'running.json')

/** @param {string} file @returns {Left} */
function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    // Not there, or cut off while it was written, so whoever wrote it is gone.
    return {}
  }
}

/**
 * What runs with the data in `dataDir`, if something does.
 * @param {string} dataDir absolute
 */
export function readHolder(dataDir) {
  const left = readLock(lockFile(dataDir))
  return left.launcher && lives(left.launcher) ? left : undefined
}

/**
 * What a lock file says whose launcher is gone. Throws `Unmet` where it is not.
 * @param {string} file
 * @param {string} dataDir
 * @param {() => void} [before] called before it throws
 * @returns {Left}
 */
function refuseWhileHeld(file, dataDir, before) {
  const left = readLock(file)
  if (!left.launcher || !lives(left.launcher)) return left
  before?.()
  throw new Unmet(
    `Fanfare runs already with the data in ${dataDir} (process ${left.launcher.pid}). Stop it, or set FANFARE_DATA_DIR to another folder.`,
  )
}

/** A process number is used again; together with the time of its start it is not. @param {number} pid */
function identify(pid) {
  return { pid, since: startOf(pid) }
}

/** @param {{ pid: number, since: string }} process_ */
function lives({ pid, since }) {
  try {
    process.kill(pid, 0)
  } catch {
    return false
  }
  return startOf(pid) === since
}

/** When a process started, as the system words it. @param {number} pid */
function startOf(pid) {
  if (process.platform !== 'linux')
    return spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim()
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    // The name in parentheses may hold spaces. First after it the state: a zombie is as good as gone.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return fields[0] === 'Z' ? 'gone' : `${fields[19]} ticks`
  } catch {
    return 'gone'
  }
}
