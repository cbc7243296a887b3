/** The end of lives: nothing can be earned any more anywhere, then the room is told, then session points are swept. */

import { refuse } from '../../shared/errors.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Partitions, SlotTag, Store } from '../redis/index.ts'
import {
  type Ending,
  endLive,
  finishLive as finishRoom,
  forgetEnding,
  forgetPlace,
  getRoom,
  type LiveAnswer,
  listEndings,
  moveEnding,
  owedTopComments,
  settleTopComment,
  type TopComment,
} from '../rooms/index.ts'
import {
  forgetEnded,
  listHolders,
  markEnded,
  SWEPT_PER_CALL,
  sweepSession,
} from '../wallet/index.ts'
import { ENDED_KEPT_MS, ENDINGS_PER_PASS } from './limits.ts'

export interface EndingsOptions {
  store: Store
  partitions: Partitions
  clock: Clock
  log: Log
  journalMax: number
  /** Pays the bonus of a comment, once; what is owed stays so without it. */
  creditTopComment?: ((top: TopComment & { room: string }) => Promise<void>) | undefined
  nowMs?: () => number
}

export interface Endings {
  /**
   * Ends the live of a room up to `ended`: no partition takes actions of it any more. Its session points are
   * swept by the next pass. Repeating it goes on where it stopped.
   */
  endLive(room: string): Promise<LiveAnswer>
  /** Takes every ending as far as it gets; answers how many are not done. */
  pass(): Promise<number>
  /** A shard lost its newest data: what has ended must be said again. */
  repeat(): void
}

export function createEndings(options: EndingsOptions): Endings {
  const { store, partitions, clock, log, journalMax } = options
  const time = () => (options.nowMs ? { nowMs: options.nowMs() } : {})
  let again = false

  /** All answer or it throws, so that the next pass tries again. */
  const markAll = (live: number): Promise<unknown> =>
    Promise.all(partitions.slots.map((slot) => markEnded(store, slot, live)))

  /** What a gateway that died left; from the next step on nothing is paid any more. No end waits for it. */
  async function payComments(room: string, live: number): Promise<void> {
    const { creditTopComment: credit } = options
    if (!credit) return
    for (const top of await owedTopComments(store, { room, live })) {
      try {
        await credit({ room, ...top })
        await settleTopComment(store, { room, comment: top.comment })
      } catch (error) {
        log.warn({ err: error, room, live }, 'the bonus of a comment is not paid')
      }
    }
  }

  async function end(room: string, live: number): Promise<LiveAnswer> {
    const step = await endLive(store, { room, live, ...time() })
    if (!step.ok) return step
    await payComments(room, live)
    await markAll(live)
    const finished = await finishRoom(store, { room, live, ...time() })
    if (finished.ok) await moveEnding(store, { room, live, step: 'ended' })
    return finished
  }

  /** True where nobody holds session points of the live in the partition any more. */
  async function sweepPartition(slot: SlotTag, live: number): Promise<boolean> {
    let clean = true
    let from = '0'
    do {
      const { next, holders } = await listHolders(store, { slot, live, from })
      from = next
      for (let at = 0; at < holders.length; at += SWEPT_PER_CALL) {
        const reply = await sweepSession(
          store,
          { slot, live, journalMax, ...time() },
          holders.slice(at, at + SWEPT_PER_CALL),
        )
        if (reply.tag !== 'swept') return false
        if (reply.unreadable > 0) {
          log.error({ live, slot, unreadable: reply.unreadable }, 'session points cannot be swept')
          clean = false
        }
      }
    } while (from !== '0')
    return clean
  }

  async function sweep({ room, live }: Ending): Promise<boolean> {
    // Also where it is repeated after a crash that lost the mark.
    await markAll(live)
    let clean = true
    for (const slot of partitions.slots) clean = (await sweepPartition(slot, live)) && clean
    if (clean) await moveEnding(store, { room, live, step: clock.now() + ENDED_KEPT_MS })
    return clean
  }

  async function forget(ending: Ending): Promise<void> {
    await Promise.all(partitions.slots.map((slot) => forgetEnded(store, slot, ending.live)))
    await forgetPlace(store, ending.live)
    await forgetEnding(store, ending)
  }

  /** True where nothing is left to do for now. */
  async function advance(ending: Ending): Promise<boolean> {
    const { room, live, step } = ending
    if (typeof step === 'number') {
      if (clock.now() >= step) await forget(ending)
      else if (again) await sweep(ending)
      return true
    }
    if (step === 'asked') {
      const answer = await end(room, live)
      if (!answer.ok) {
        // The room is in another live or in none: there is nothing to end.
        log.warn({ room, live, code: answer.code }, 'a live that is not there cannot end')
        await forgetEnding(store, ending)
        return true
      }
    }
    return sweep(ending)
  }

  return {
    async endLive(id) {
      const room = await getRoom(store, id)
      if (!room) return refuse('room_not_found')
      if (room.live.no === 0) return refuse('not_found')
      if (room.live.state === 'ended') return { ok: true, live: room.live }
      return end(id, room.live.no)
    },
    async pass() {
      let open = 0
      const repeated = again
      const endings = await listEndings(store, { limit: ENDINGS_PER_PASS, newest: repeated })
      for (const ending of endings) {
        try {
          if (!(await advance(ending))) open++
        } catch (error) {
          open++
          log.warn({ err: error, live: ending.live }, 'the end of a live waits')
        }
      }
      if (repeated && open === 0) again = false
      return open
    },
    repeat() {
      again = true
    },
  }
}
