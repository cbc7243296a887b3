/** How a process shares its machine: one that nobody waits for gives way to those that viewers wait for. */

import { readdirSync } from 'node:fs'
import { getPriority, setPriority } from 'node:os'

const TASKS = '/proc/self/task'

/** Linux keeps a priority per thread, and V8's own run before any program does; elsewhere the process has one. */
export function ownThreads(): number[] {
  try {
    return readdirSync(TASKS).map(Number)
  } catch {
    return [process.pid]
  }
}

/** `nice`: 0 gives way to nobody, 19 to all; who gives way more is left so. Threads that start later are as the one that starts them. */
export function giveWay(nice: number, threads: readonly number[] = ownThreads()): void {
  for (const thread of threads) {
    try {
      if (getPriority(thread) < nice) setPriority(thread, nice)
    } catch {
      // It has ended, or this machine does not let anybody give way: then all are equals, as without it.
    }
  }
}
