/** Token buckets: how many commands of a kind a connection may send. */

import type { Limit } from '../../shared/protocol/index.ts'

export class Buckets {
  readonly #levels = new Map<string, { left: number; atMs: number }>()

  /** 0 where the command may pass, else milliseconds until the next one may. */
  take(name: string, limit: Limit, nowMs: number): number {
    const perMs = limit.perMinute / 60_000
    const level = this.#levels.get(name)
    const left = level
      ? Math.min(limit.burst, level.left + (nowMs - level.atMs) * perMs)
      : limit.burst
    if (left < 1) {
      this.#levels.set(name, { left, atMs: nowMs })
      return Math.ceil((1 - left) / perMs)
    }
    this.#levels.set(name, { left: left - 1, atMs: nowMs })
    return 0
  }
}
