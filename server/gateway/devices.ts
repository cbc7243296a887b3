/** Keeps every device of an account in step, whoever changed it: another device, a server, a crash. */

import type { AccountState } from '../../shared/account-state.ts'
import {
  type AccountChange,
  type AccountReading,
  readAccount,
  type StoredState,
  toAccountState,
} from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import { REATTACH_AT_ONCE, REATTACH_ATTEMPTS, REATTACH_RETRY_MS } from './limits.ts'
import { gainOf } from './reward-handlers.ts'
import type { RoomHub } from './room-hub.ts'
import type { Roster } from './roster.ts'
import type { ClientSession, Viewer } from './viewer.ts'

export class Devices {
  readonly #deps: GatewayDeps
  readonly #roster: Roster
  /** Versions of accounts as they were shown in rooms that have ended. */
  readonly #shownAfter = new WeakMap<Viewer, number>()
  #isLooking = false

  constructor(deps: GatewayDeps, roster: Roster) {
    this.#deps = deps
    this.#roster = roster
  }

  /** The account as one device sees it: each has a watch clock and a live of its own. */
  read(of: {
    account: number
    live: number
    session: ClientSession
  }): Promise<AccountReading | undefined> {
    const { store, partitions, clock, rulebook } = this.#deps
    return readAccount(store, {
      // Named one by one: a viewer's live is a getter, which a spread would not copy.
      account: of.account,
      live: of.live,
      session: of.session,
      slot: partitions.slotOf(of.account),
      timeZone: rulebook().book.timeZone,
      aroundMs: clock.now(),
    })
  }

  shardOf(account: number): number {
    const { shards, partitions } = this.#deps
    return shards.indexOfSlot(partitions.slotOf(account))
  }

  /** Of the shard where the account lives. */
  epochOf(account: number): string {
    return this.#deps.shards.epoch(this.shardOf(account))
  }

  /** As it is shown in a room. */
  shown(account: number, state: StoredState, { payers }: RoomHub): AccountState {
    const { book } = this.#deps.rulebook()
    return toAccountState(state, { book, epoch: this.epochOf(account), payers })
  }

  /** Something else changed the account: every device here is shown it, except the one that did it. */
  changed({ account, ...change }: AccountChange, by?: Viewer): void {
    for (const viewer of this.#roster.devicesOf(account)) {
      if (viewer !== by) void this.#refresh(viewer, change)
    }
  }

  async #refresh(viewer: Viewer, change: Omit<AccountChange, 'account'>): Promise<void> {
    try {
      const reading = await this.read(viewer)
      if (!reading) return
      const account = this.shown(viewer.account, reading.state, viewer.hub)
      viewer.tier = reading.state.tier
      const gain = await gainOf(this.#deps, viewer, change.receipts)
      viewer.connection.link.send('account.changed', { account, ...change, ...(gain && { gain }) })
    } catch (error) {
      this.#deps.log.warn({ err: error }, 'an account could not be read again')
    }
  }

  /**
   * Servers find a viewer's gateways by what the viewer did there lately, and where a live has ended nobody does anything.
   * Orders are paid after lives: what they bring is found by looking, now and then.
   */
  async lookAfterLives(): Promise<void> {
    if (this.#isLooking) return
    this.#isLooking = true
    try {
      const viewers: Viewer[] = []
      for (const { viewer } of this.#roster)
        if (viewer && viewer.hub.state !== 'open') viewers.push(viewer)
      for (let i = 0; i < viewers.length; i += REATTACH_AT_ONCE)
        await Promise.all(
          viewers.slice(i, i + REATTACH_AT_ONCE).map((viewer) => this.#lookAt(viewer)),
        )
    } finally {
      this.#isLooking = false
    }
  }

  async #lookAt(viewer: Viewer): Promise<void> {
    const reading = await this.read(viewer)
    if (!reading || this.#shownAfter.get(viewer) === reading.state.version) return
    this.#shownAfter.set(viewer, reading.state.version)
    viewer.tier = reading.state.tier
    const account = this.shown(viewer.account, reading.state, viewer.hub)
    viewer.connection.link.send('account.changed', { account, receipts: [] })
  }

  /**
   * A shard lost its newest writes, perhaps, or changes were not heard of: clients see what was applied and send again
   * what is missing. Without a shard, those of all.
   */
  async reattach(shard?: number): Promise<void> {
    const affected: Viewer[] = []
    for (const { viewer } of this.#roster)
      if (viewer && (shard === undefined || this.shardOf(viewer.account) === shard))
        affected.push(viewer)
    for (let i = 0; i < affected.length; i += REATTACH_AT_ONCE) {
      await Promise.all(
        affected.slice(i, i + REATTACH_AT_ONCE).map((viewer) => this.#reattach(viewer)),
      )
    }
  }

  /** A shard that has just come back may not answer the first time. */
  async #readAgain(viewer: Viewer): Promise<AccountReading | undefined> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.read(viewer)
      } catch (error) {
        if (attempt === REATTACH_ATTEMPTS) throw error
        await this.#deps.clock.sleep(REATTACH_RETRY_MS)
      }
    }
  }

  async #reattach(viewer: Viewer): Promise<void> {
    const reading = await this.#readAgain(viewer)
    if (!reading) return
    viewer.connection.link.send('account.reattached', {
      account: this.shown(viewer.account, reading.state, viewer.hub),
      applied: reading.state.applied,
      shard: this.shardOf(viewer.account),
    })
  }
}
