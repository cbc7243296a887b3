/** Whether the word of other processes still reaches this gateway: it says numbers to itself and listens for them. */

import type { Clock } from '../kernel/index.ts'
import { BUS_BEAT_MS, BUS_SILENT_MS } from './limits.ts'

export interface HearingOptions {
  clock: Pick<Clock, 'every' | 'now'>
  /** Says something on the channel that this gateway listens on. */
  say(text: string): Promise<unknown>
  /** Words may have been missed, and are heard again. */
  onMissed(): void
  /** Nothing is heard any more: the connection is to be made anew. */
  onSilent(): void
}

export class Hearing {
  readonly #options: HearingOptions
  #said = 0
  #heard = 0
  #heardAtMs: number
  #missed = false

  constructor(options: HearingOptions) {
    this.#options = options
    this.#heardAtMs = options.clock.now()
  }

  /** The answer ends it. */
  start(): () => void {
    return this.#options.clock.every(BUS_BEAT_MS, () => this.#beat())
  }

  /** The connection was lost; what was said meanwhile did not come. */
  lost(): void {
    this.#missed = true
  }

  heard(text: string): void {
    const number = Number(text)
    const isNext = number === this.#heard + 1
    this.#heard = number
    this.#heardAtMs = this.#options.clock.now()
    if (isNext && !this.#missed) return
    this.#missed = false
    this.#options.onMissed()
  }

  #beat(): void {
    this.#said += 1
    // Where it cannot be said it is not heard, and that is what it is for.
    this.#options.say(String(this.#said)).catch(() => undefined)
    const now = this.#options.clock.now()
    if (now - this.#heardAtMs < BUS_SILENT_MS) return
    // Not with each beat: a new connection needs a moment as well.
    this.#heardAtMs = now
    this.#options.onSilent()
  }
}
