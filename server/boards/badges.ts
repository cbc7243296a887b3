/** Badges of who led a week: read now and then, for every comment asks. */

import type { Label } from '../../shared/rulebook/parts.ts'
import { readStars, type Star } from './close.ts'
import { type BoardsDeps, nowOf } from './deps.ts'
import { STARS_MS } from './limits.ts'

export class Badges {
  readonly #deps: BoardsDeps
  /** As they were last read, and when that was. */
  #worn: ReadonlyMap<number, Star> = new Map()
  #wornAtMs = 0

  constructor(deps: BoardsDeps) {
    this.#deps = deps
  }

  all(): Promise<Map<number, Star>> {
    return readStars(this.#deps.store, nowOf(this.#deps))
  }

  /** The title, as it was some seconds ago; the first question of a process is answered with none. */
  wornBy(account: number): Label | undefined {
    const atMs = nowOf(this.#deps)
    if (Math.abs(atMs - this.#wornAtMs) > STARS_MS) this.#readAgain(atMs)
    const star = this.#worn.get(account)
    return star && star.untilMs > atMs ? star.title : undefined
  }

  #readAgain(atMs: number): void {
    this.#wornAtMs = atMs
    this.all()
      .then((worn) => {
        this.#worn = worn
      })
      .catch((error: unknown) => this.#deps.log.warn({ err: error }, 'badges cannot be read'))
  }
}
