/** Pays and gives back what was decided in a room, once neither of the two masters can forget its part. */

import type { Refusal } from '../../shared/errors.ts'
import { type Partitions, roomSlot, type SlotTag } from '../redis/index.ts'
import type { EffectsDeps } from './deps.ts'
import { AGAIN_MS, CAPTURES_WAITING_MAX, FINISHES_MAX } from './limits.ts'
import { unfinished } from './metrics.ts'
import type { PassOn } from './spend.ts'

type Done = { ok: true } | Refusal

interface Place {
  account: number
  /** Where it was decided; undefined where the account itself has it. */
  room: string | undefined
}

interface Following {
  passOn?: PassOn | undefined
  follow: () => Promise<Done>
}

interface Taking extends Place {
  /** Of the hold. */
  id: string
  /** Puts the points aside again, under the same id. */
  hold: () => Promise<Done>
  /** Gives the viewer what it won and others their part, once however often it is called. */
  passOn?: PassOn | undefined
}

export class Captures {
  readonly #deps: Pick<EffectsDeps, 'wallets' | 'clock' | 'log'>
  readonly #partitions: Partitions
  readonly #certain: EffectsDeps['certain']
  #waiting = 0

  constructor(deps: EffectsDeps) {
    this.#deps = deps
    this.#partitions = deps.partitions
    this.#certain = deps.certain
  }

  /** Takes the points of what was done. */
  take({ id, hold, passOn, ...place }: Taking): Promise<Done> {
    const { account } = place
    const capture = () => this.#deps.wallets.capture({ account, id, late: true })
    const follow = async () => {
      const captured = await capture()
      if (captured.ok || captured.code !== 'hold_not_found') return captured
      // The account's master came back without the hold, and with the points.
      const held = await hold()
      return held.ok ? capture() : held
    }
    return this.finish(place, { passOn, follow })
  }

  /** Gives back the points of what the room said no to. */
  void({ id, ...place }: Place & { id: string }): Promise<Done> {
    const follow = () => this.#deps.wallets.void({ account: place.account, id })
    return this.finish(place, { follow })
  }

  /**
   * Does what follows from a decision of the room, and again where the account's master forgets it; both parts may be
   * repeated. On one master it is done before this answers. Nobody waits for two: what is not followed by the time a
   * hold is over is then decided by what the room remembers.
   */
  async finish({ account, room }: Place, { passOn, follow }: Following): Promise<Done> {
    if (room === undefined || !this.#certain) {
      await passOn?.()
      return bare(await follow())
    }
    const [here, there] = [roomSlot(room), this.#partitions.slotOf(account)]
    if (this.#waiting >= CAPTURES_WAITING_MAX) {
      unfinished.inc({ why: 'many' })
      return { ok: true }
    }
    let decided = this.#certain({ slot: here, with: there })
    if (!decided) {
      const passed = await passOn?.()
      if (!passed) return bare(await follow())
      decided = passed.lasts
    }
    this.#waiting++
    const all = async () => {
      await (await passOn?.())?.lasts
      return follow()
    }
    void this.#follow({ decided, here, there, account }, all).finally(() => this.#waiting--)
    return { ok: true }
  }

  async #follow(
    of: { decided: Promise<void>; here: SlotTag; there: SlotTag; account: number },
    follow: () => Promise<Done>,
  ): Promise<void> {
    const { log } = this.#deps
    const { decided, here, there, account } = of
    try {
      await decided
    } catch (err) {
      unfinished.inc({ why: 'room' })
      log.warn({ err, account }, 'what a room decided waits for the end of its hold')
      return
    }
    for (let finishes = 0; finishes < FINISHES_MAX; finishes++) {
      const done = await follow().catch((err: unknown) => {
        log.warn({ err, account }, 'what a room decided is not paid yet')
        return undefined
      })
      if (done && !done.ok) {
        unfinished.inc({ why: 'refused' })
        log.error({ account, code: done.code }, 'what was done in a room cannot be paid')
        return
      }
      if (!done) await this.#deps.clock.sleep(AGAIN_MS)
      else if (await kept(this.#certain?.({ slot: there, with: here }))) return
    }
    unfinished.inc({ why: 'account' })
    log.warn({ account }, 'what a room decided may have been forgotten where it is paid')
  }
}

/** Whether what was waited for will last. */
export const kept = (certain: Promise<void> | undefined): Promise<boolean> =>
  Promise.resolve(certain).then(
    () => true,
    () => false,
  )

const bare = (done: Done): Done => (done.ok ? { ok: true } : done)
