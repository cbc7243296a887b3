/** The machine: which core serves and which one loads, and what a process has used. */

import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { WebSocket } from 'ws'
import { cpuSeconds } from '../processes/cpu.ts'

/** What is measured is alone on this core, as far as the bench decides. */
export const SERVER_CORE = 0
/** Generators, and what only assists. */
export const LOAD_CORE = 1

/** Larger than a core's own cache and small enough for the one that cores, and other machines of the host, share. */
const CACHE_BYTES = 4_194_304
const READS = 2_000_000

const GC_ROUNDS = 3
const GC_PAUSE_MS = 500

export const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Lets a running process, all its threads, go on on that core only. */
export function moveToCore(pid: number, core: number): void {
  execFileSync('taskset', ['-a', '-c', '-p', String(core), String(pid)], { stdio: 'ignore' })
}

/** Processor seconds of a process so far, user and system. Throws where it is gone. */
export function cpuOf(pid: number): number {
  const seconds = cpuSeconds(pid)
  if (seconds === undefined) throw new Error(`process ${pid} is gone`)
  return seconds
}

/** Processor seconds that a process used while something ran. */
export async function cpuWhile<T>(
  pid: number,
  run: () => Promise<T>,
): Promise<{ cpu: number; answer: T }> {
  const before = cpuOf(pid)
  const answer = await run()
  return { cpu: cpuOf(pid) - before, answer }
}

/**
 * Nanoseconds until something that lies anywhere in some MB has been read, each read waiting for the one before. It says how much of
 * the shared cache is left to this machine: what holds thousands of viewers depends on it more than an empty handler does.
 */
export function memoryNs(): number {
  const next = Int32Array.from({ length: CACHE_BYTES / 4 }, (_, i) => i)
  // One cycle through all places (Sattolo's shuffle).
  for (let i = next.length - 1; i > 0; i--) {
    const j = Math.floor(Math.random() * i)
    const place = next[i] ?? 0
    next[i] = next[j] ?? 0
    next[j] = place
  }
  let at = 0
  const read = () => {
    for (let i = 0; i < READS; i++) at = next[at] ?? 0
  }
  read()
  const beganMs = performance.now()
  read()
  return ((performance.now() - beganMs) * 1e6) / READS
}

/** Memory of a process in RAM, bytes. */
export const rssOf = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024

/** Collects garbage in a Node process that was started with `--inspect` on this port. */
export async function collectGarbage(inspectPort: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${inspectPort}/json/list`)
  const [target] = (await response.json()) as { webSocketDebuggerUrl: string }[]
  if (!target) throw new Error('there is nothing to inspect')
  const socket = new WebSocket(target.webSocketDebuggerUrl)
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject))
  for (let id = 1; id <= GC_ROUNDS; id++) {
    const done = new Promise((resolve) => socket.once('message', resolve))
    socket.send(JSON.stringify({ id, method: 'HeapProfiler.collectGarbage' }))
    await done
    await wait(GC_PAUSE_MS)
  }
  socket.close()
}
