/** What a viewer is in the fan club of the room's host, as the own comments show it. */

import type { Label } from '../../shared/rulebook/parts.ts'
import { CLUB_TITLE_MS } from './limits.ts'

export class ClubTitle {
  #title: Label | undefined
  #askedMs = Number.NEGATIVE_INFINITY

  /** As it was when it was last asked for; nobody waits for it. */
  get now(): Label | undefined {
    return this.#title
  }

  /** Asks where the last answer is old. A comment is scored meanwhile, which takes longer. */
  refresh(nowMs: number, ask: () => Promise<Label | undefined>): void {
    if (nowMs - this.#askedMs < CLUB_TITLE_MS) return
    this.#askedMs = nowMs
    ask().then(
      (title) => {
        this.#title = title
      },
      // Redis does not answer: the next comment asks again, and this one shows what was known.
      () => this.forget(),
    )
  }

  /** The viewer joined or left: the next comment asks. */
  forget(): void {
    this.#askedMs = Number.NEGATIVE_INFINITY
  }
}
