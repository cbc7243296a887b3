/** The demo's bots: a program of its own, which acts over real sockets like everybody else. */

import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Log } from '../kernel/index.ts'

export interface CrowdOptions {
  /** Of the gateway. */
  url: string
  /** Where bots get tickets. */
  ticketUrl: string
  log: Log
}

/** Beside the server's own bundle. */
const PROGRAM = fileURLToPath(new URL('../bots/main.js', import.meta.url))
const SEED = 7

export function createCrowd({ url, ticketUrl, log }: CrowdOptions) {
  let child: ChildProcess | undefined
  let size = 0

  function start(count: number): void {
    const arg = JSON.stringify({ url, ticketUrl, count, seed: SEED })
    const started = spawn(process.execPath, [PROGRAM, arg], {
      stdio: ['pipe', 'ignore', 'inherit'],
    })
    started.on('error', (error) => log.warn({ err: error }, 'the crowd could not start'))
    // A pipe that closed under a write is the crowd's end, which `exit` tells.
    started.stdin?.on('error', () => undefined)
    started.on('exit', () => {
      if (child === started) {
        child = undefined
        size = 0
      }
    })
    child = started
  }

  return {
    size: () => size,
    /** 0 sends everybody home. */
    async resize(count: number): Promise<void> {
      size = count
      if (count === 0) {
        child?.stdin?.end()
        child = undefined
      } else if (child) child.stdin?.write(`${JSON.stringify({ count })}\n`)
      else start(count)
    },
    stop: () => void child?.stdin?.end(),
  }
}
