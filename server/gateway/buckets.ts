/** Token buckets: how many commands of a kind a connection may send. */

import type { Limit } from '../../shared/protocol/index.ts'

/** How full a bucket is, said by one number: when it will be full again if nothing more is taken. */
interface Level {
  name: string
  fullAtMs: number
}

export class Buckets {
  /** Most viewers send one kind of command; it has no object of its own. */
  #name = ''
  #fullAtMs = 0
  #others: Level[] | undefined

  /** 0 where the command may pass, else milliseconds until the next one may. */
  take(name: string, limit: Limit, nowMs: number): number {
    if (this.#name === '') this.#name = name
    const other = this.#name === name ? undefined : this.#other(name)
    const before = other ? other.fullAtMs : this.#fullAtMs
    const tokenMs = 60_000 / limit.perMinute
    const fullAtMs = Math.max(before, nowMs) + tokenMs
    const afterMs = fullAtMs - nowMs - limit.burst * tokenMs
    // What is left of a token after many divisions is no reason to wait.
    if (afterMs > 1e-6) return Math.ceil(afterMs)
    if (other) other.fullAtMs = fullAtMs
    else this.#fullAtMs = fullAtMs
    return 0
  }

  #other(name: string): Level {
    this.#others ??= []
    for (const level of this.#others) if (level.name === name) return level
    const level = { name, fullAtMs: 0 }
    this.#others.push(level)
    return level
  }
}
