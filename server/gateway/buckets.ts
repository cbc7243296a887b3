/** Token buckets: how many commands of a kind a connection may send. */

import type { Limit } from '../../shared/protocol/index.ts'

/** How full a bucket is, said by one number: when it will be full again if nothing more is taken. */
interface Level {
  name: string
  fullAtMs: number
}

export class Buckets {
  /** Few, and none before the first command: most viewers only watch. */
  #levels: Level[] | undefined

  /** 0 where the command may pass, else milliseconds until the next one may. */
  take(name: string, limit: Limit, nowMs: number): number {
    const level = this.#level(name)
    const tokenMs = 60_000 / limit.perMinute
    const emptyMs = limit.burst * tokenMs
    // An empty bucket is full after so long. Later than that means that the clock was set back.
    level.fullAtMs = Math.min(Math.max(level.fullAtMs, nowMs), nowMs + emptyMs)
    const fullAtMs = level.fullAtMs + tokenMs
    const afterMs = fullAtMs - nowMs - emptyMs
    // What is left of a token after many divisions is no reason to wait.
    if (afterMs > 1e-6) return Math.ceil(afterMs)
    level.fullAtMs = fullAtMs
    return 0
  }

  #level(name: string): Level {
    this.#levels ??= []
    for (const level of this.#levels) if (level.name === name) return level
    const level = { name, fullAtMs: 0 }
    this.#levels.push(level)
    return level
  }
}
