/** Takes the points of what was done in a room, once the room's master can no longer forget it. */

import type { Refusal } from '../../shared/errors.ts'
import { type Partitions, roomSlot } from '../redis/index.ts'
import type { EffectsDeps } from './deps.ts'
import { CAPTURES_WAITING_MAX } from './limits.ts'

interface Done {
  account: number
  /** Of the hold. */
  id: string
  /** Where it was done; undefined where the account itself has it. */
  room: string | undefined
}

export class Captures {
  readonly #wallets: EffectsDeps['wallets']
  readonly #partitions: Partitions
  readonly #certain: EffectsDeps['certain']
  #waiting = 0

  constructor({ wallets, partitions, certain }: EffectsDeps) {
    this.#wallets = wallets
    this.#partitions = partitions
    this.#certain = certain
  }

  /**
   * `passOn` gives others their part first. Nobody waits for another master: what is not taken when its hold's time is
   * over, for whatever reason, is then decided by what the room remembers.
   */
  async take(done: Done, passOn?: () => Promise<void>): Promise<{ ok: true } | Refusal> {
    const { account, room } = done
    if (room !== undefined && this.#certain) {
      const slots = { slot: roomSlot(room), with: this.#partitions.slotOf(account) }
      if (this.#waiting >= CAPTURES_WAITING_MAX) return { ok: true }
      const certain = this.#certain(slots)
      if (certain) {
        this.#waiting++
        void certain
          .then(() => this.#capture(done, passOn))
          .catch(() => undefined)
          .finally(() => this.#waiting--)
        return { ok: true }
      }
    }
    return this.#capture(done, passOn)
  }

  async #capture(
    { account, id }: Done,
    passOn?: () => Promise<void>,
  ): Promise<{ ok: true } | Refusal> {
    await passOn?.()
    const captured = await this.#wallets.capture({ account, id, late: true })
    return captured.ok ? { ok: true } : captured
  }
}
