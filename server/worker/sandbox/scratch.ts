/**
 * A Redis of a dry run's own: its own process, folder and socket, no file of its data, gone when the run ends however it
 * ends. Nothing of a dry run knows the address of any other Redis.
 */

import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../kernel/index.ts'
import { connect, loadScripts, type Store } from '../../redis/index.ts'
import { SCRATCH_START_MS } from './limits.ts'

export interface Scratch {
  /** As it was: what the journal says is played here. */
  told: Store
  /** As it would have been. */
  tried: Store
  /** Ends the process and removes its folder. */
  stop(): Promise<void>
}

/** There is no `redis-server`, or it does not start. */
export class NoScratch extends Error {
  override name = 'NoScratch'
}

/** Standard input ends with the process that began it, also where that is killed: then Redis is not left behind. */
const WITH_PARENT =
  'command -v "$1" >/dev/null || exit 127; "$@" >/dev/null & pid=$!; cat >/dev/null; kill -9 $pid 2>/dev/null'
const POLL_MS = 10

/** `program` is the path of redis-server >= 7.0. Throws NoScratch. */
export async function startScratch(program: string): Promise<Scratch> {
  const dir = mkdtempSync(join(tmpdir(), 'ff-dry-'))
  const socket = join(dir, 's')
  const options = [
    ...['--port', '0', '--unixsocket', socket, '--unixsocketperm', '700', '--dir', dir],
    ...['--save', '', '--appendonly', 'no', '--databases', '2', '--daemonize', 'no'],
  ]
  const child = spawn('sh', ['-c', WITH_PARENT, 'sh', program, ...options], {
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  const stores: Store[] = []
  const stop = async () => {
    for (const store of stores) store.disconnect()
    await ended(child)
    rmSync(dir, { recursive: true, force: true, maxRetries: 3 })
  }
  try {
    await listening(child, socket)
    for (const database of [0, 1]) {
      const store = await connect(`unix://${socket}`)
      stores.push(store)
      await store.select(database)
    }
    const [told, tried] = stores
    if (!told || !tried) throw new NoScratch('no connection')
    await loadScripts(told)
    return { told, tried, stop }
  } catch (error) {
    await stop()
    throw error instanceof NoScratch ? error : new NoScratch(`${program}: ${String(error)}`)
  }
}

async function listening(child: ChildProcess, socket: string): Promise<void> {
  let failed: Error | undefined
  child.once('error', (error) => {
    failed = error
  })
  child.once('exit', () => {
    failed = new NoScratch('there is no redis-server that starts')
  })
  for (let waited = 0; waited < SCRATCH_START_MS; waited += POLL_MS) {
    if (failed) throw failed
    if (existsSync(socket)) return
    await systemClock.sleep(POLL_MS)
  }
  throw new NoScratch('redis-server did not start')
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
    return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', () => resolve())
    child.stdin?.end()
  })
}
