/** Holds whose deadline has passed, and promises that did not come due: each is driven to its end, after any crash. */

import { parseAccount } from '../../shared/ids.ts'
import type { HoldUse } from '../../shared/ledger.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { SlotTag, Store } from '../redis/index.ts'
import { type Hold, listOverdue, type Wallets } from '../wallet/index.ts'
import { OVERDUE_PER_PAGE, OVERDUE_PER_PASS } from './limits.ts'

/** What the other slot decided about a hold; `later` where it cannot say yet. */
export type Verdict = 'capture' | 'void' | 'later'

/**
 * Asks the slot where the hold was to be acted on. A resolver that answers `void` has made sure that nobody acts
 * on the hold any more.
 */
export type Resolve = (hold: Hold & { account: number }) => Promise<Verdict>
export type Resolvers = Partial<Record<HoldUse, Resolve>>

export interface OverdueOptions {
  store: Store
  wallets: Wallets
  resolvers: Resolvers
  clock: Clock
  log: Log
}

/** One look at what is overdue in a partition; answers how many holds were ended. */
export function createOverdue({ store, wallets, resolvers, clock, log }: OverdueOptions) {
  async function end(account: number, id: string): Promise<boolean> {
    const hold = await wallets.readHold({ account, id })
    if (hold?.state !== 'open') return false
    const verdict = (await resolvers[hold.use]?.({ ...hold, account })) ?? 'void'
    if (verdict === 'later') return false
    const answer =
      verdict === 'capture'
        ? await wallets.capture({ account, id, late: true })
        : await wallets.void({ account, id, lapsed: true })
    // `busy` is a full journal, or a partition whose clock is behind ours: the next pass asks again.
    if (!answer.ok && answer.code !== 'busy' && answer.code !== 'hold_closed')
      log.error({ account, hold: id, code: answer.code }, 'an overdue hold could not be ended')
    return answer.ok
  }

  async function tryToEnd(text: string, id: string): Promise<boolean> {
    const account = parseAccount(text)
    if (account === undefined) return false
    try {
      return await end(account, id)
    } catch (error) {
      log.warn({ err: error, hold: id }, 'an overdue hold waits')
      return false
    }
  }

  return async (slot: SlotTag): Promise<number> => {
    let ended = 0
    for (let from = 0; from < OVERDUE_PER_PASS; ) {
      const overdue = await listOverdue(store, slot, {
        untilMs: clock.now(),
        from,
        limit: OVERDUE_PER_PAGE,
      })
      // Side by side: some wait for another master, and all of them no longer than one.
      const ends = await Promise.all(overdue.map(({ account, id }) => tryToEnd(account, id)))
      const done = ends.filter(Boolean).length
      ended += done
      // Those that are ended leave the list, so that the next page begins behind those that are not.
      from += overdue.length - done
      if (overdue.length < OVERDUE_PER_PAGE) break
    }
    return ended
  }
}
