/** Token buckets: how many commands of a kind a connection may send. */

import type { Limit } from '../../shared/protocol/index.ts'

interface Level {
  name: string
  left: number
  atMs: number
}

export class Buckets {
  /** Few, and none before the first command: most viewers only watch. */
  #levels: Level[] | undefined

  /** 0 where the command may pass, else milliseconds until the next one may. */
  take(name: string, limit: Limit, nowMs: number): number {
    const perMs = limit.perMinute / 60_000
    const level = this.#level(name, limit, nowMs)
    const left = Math.min(limit.burst, level.left + (nowMs - level.atMs) * perMs)
    level.atMs = nowMs
    level.left = left < 1 ? left : left - 1
    return left < 1 ? Math.ceil((1 - left) / perMs) : 0
  }

  #level(name: string, limit: Limit, nowMs: number): Level {
    this.#levels ??= []
    for (const level of this.#levels) if (level.name === name) return level
    const level = { name, left: limit.burst, atMs: nowMs }
    this.#levels.push(level)
    return level
  }
}
