/** Accounts as servers see them: read one, credit what a server vouches for, tell the devices that show it. */

import type { AccountState, Scored } from '../../shared/account-state.ts'
import { type Birthday, lastBirthday } from '../../shared/birthday.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import { ONE } from '../../shared/points.ts'
import type { Action, Receipt } from '../../shared/receipt.ts'
import { birthdayFactor } from '../../shared/rulebook/privileges.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { type Clock, must } from '../kernel/index.ts'
import type { Partitions, Shards, Store } from '../redis/index.ts'
import { brandNumber } from '../rooms/index.ts'
import { type AccountEvent, actionsOf, namesOf } from './account-event.ts'
import { type StoredState, toAccountState } from './account-view.ts'
import { type EventCap, scoreWithin } from './allowance.ts'
import type { Cashback } from './cashback.ts'
import { changeGrowth, type GrowthChange } from './change-growth.ts'
import { platformContext, type RoomContext } from './compile.ts'
import { mostPoints } from './most.ts'
import { isTooLate, orderAt } from './order-record.ts'
import { type AccountChange, tellGateways } from './peers.ts'
import { payersAt } from './place.ts'
import { readAccount } from './read-account.ts'
import type { PlaceContext, ReadRoom } from './read-room.ts'
import { toReceipt } from './receipts.ts'
import { type EventReply, scoreEvent } from './score-event.ts'
import { toldFor } from './told-for.ts'

export interface AccountsOptions {
  store: Store
  partitions: Partitions
  shards: Pick<Shards, 'epoch' | 'indexOfSlot'>
  rulebook: () => PublishedRulebook
  /** Who plays by another version; all by the current one without it. */
  playing?: Players
  readRoom: ReadRoom
  clock: Clock
  journalMax: number
  /** The platform's cap; any number of points without it. */
  issuance?: EventCap
  /** Day of birth, where somebody has said it. */
  birthdayOf?: (account: number) => Promise<Birthday | undefined>
  /** By which the account's segments multiply; 1 unless given. */
  factorOf?: (account: number) => Promise<number>
  /** What comes back of orders; nothing without it. */
  cashback?: Pick<Cashback, 'promise'>
  /** The accounts that have become one with an account; none without it. */
  formerOf?: (account: number) => Promise<readonly number[]>
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

/** As `Playing` of experiments knows it. */
export interface Players {
  /** Undefined while all play by one version. */
  byAccount: object | undefined
  of(account: number): PublishedRulebook
}

/** An answer that has receipts. */
type Counted = Extract<EventReply, { tag: 'applied' | 'replayed' }>

const REFUSED = {
  conflict: 'id_conflict',
  ended: 'room_ended',
  busy: 'busy',
  unreadable: 'internal',
} as const

export class Accounts {
  readonly #options: AccountsOptions

  constructor(options: AccountsOptions) {
    this.#options = options
  }

  /** The account as its owner would see it, in the live of a room where one is named. */
  async read(of: {
    account: number
    brand: string
    room?: string
  }): Promise<{ ok: true; account: AccountState; frozen: boolean } | Refusal> {
    const { store, partitions, clock, readRoom, rulebook, nowMs } = this.#options
    const room = of.room === undefined ? undefined : await readRoom(of.room)
    if (of.room !== undefined && !room) return refuse('room_not_found')
    const reading = await readAccount(store, {
      slot: partitions.slotOf(of.account),
      account: of.account,
      live: room?.live ?? 0,
      session: { startMs: 0, nonce: 0 },
      timeZone: rulebook().book.timeZone,
      aroundMs: clock.now(),
      ...(nowMs && { nowMs: nowMs() }),
    })
    if (!reading) return refuse('internal')
    const payers = room?.payers ?? (await this.#payersOf(of.brand))
    const shown = this.#shown(of.account, reading.state, payers)
    return { ok: true, account: shown, frozen: reading.frozen }
  }

  /** What an account has and is, whatever room. Throws where its record cannot be read. */
  async standing(
    account: number,
  ): Promise<{ balance: AccountState['balance']; growth: number; frozen: boolean }> {
    const read = await this.read({ account, brand: '' })
    if (!read.ok) throw new Error(`an account cannot be read: ${read.code}`)
    return {
      balance: read.account.balance,
      growth: read.account.tier.growth,
      frozen: read.frozen,
    }
  }

  /** Gives or takes growth without an action of the viewer, once per id. Throws where that cannot be done now. */
  async changeGrowth(
    change: GrowthChange,
  ): Promise<{ growth: number; firstOrder: boolean; rung: number }> {
    const { store, partitions, rulebook, journalMax, nowMs } = this.#options
    const { book } = rulebook()
    const slot = partitions.slotOf(change.account)
    const at = { slot, book, journalMax, ...(nowMs && { nowMs: nowMs() }) }
    const reply = await changeGrowth(store, at, change)
    if (reply.tag !== 'changed' && reply.tag !== 'replayed')
      throw new Error(`growth could not be changed: ${reply.tag}`)
    return reply
  }

  /** Credits one event, once per id; what it earned goes to the viewer's devices at once. */
  async scoreEvent(event: AccountEvent): Promise<Scored | Refusal> {
    const account = await toldFor(this.#options, event)
    if (account === undefined) return refuse('id_conflict')
    if (account === event.account) return this.#score(event)
    // Told before that account became one with this: what it earned is known there, and shown here.
    const scored = await this.#score({ ...event, account })
    const shown = await this.read(event)
    return scored.ok && shown.ok ? { ...scored, account: shown.account } : scored
  }

  async #score(event: AccountEvent): Promise<Scored | Refusal> {
    const room = await this.#contextOf(event)
    if (!room) return refuse('room_not_found')
    const { book } = room
    const receipts: Receipt[] = []
    let fresh = false
    let last: Counted | undefined
    const personal = Math.max(
      await this.#personal(event.account),
      Math.round(((await this.#options.factorOf?.(event.account)) ?? 1) * ONE),
    )
    for (const action of actionsOf(event, book)) {
      if (last && (await this.#isTooLate(event, action))) continue
      const reply = await this.#scoreOne(event, action, { room, personal })
      if (reply.tag !== 'applied' && reply.tag !== 'replayed') return refuse(REFUSED[reply.tag])
      const of = { book, rulebook: reply.entry.rulebook, atMs: reply.atMs }
      receipts.push(...reply.entry.receipts.map((stored) => toReceipt(stored, of)))
      fresh ||= reply.tag === 'applied'
      last = reply
    }
    const { state, atMs, gateways } = must(last, 'an action of the event')
    if (fresh) tellGateways(this.#options.store, gateways, { account: event.account, receipts })
    const payers = 'payers' in room ? room.payers : await this.#payersOf(event.brand)
    const shown = this.#shown(event.account, state, payers)
    // A book that came after the order promises nothing for it.
    const promising = fresh || last?.entry.rulebook === this.#options.rulebook().version
    const cashback = promising ? await this.#promise(event) : undefined
    if (cashback && fresh) shown.balance.pending += cashback.points
    return {
      ok: true,
      ...(!fresh && { dup: true as const }),
      account: shown,
      receipts,
      ...(cashback && { cashback }),
      atMs,
    }
  }

  async #isTooLate(event: AccountEvent, action: Action): Promise<boolean> {
    const { store, partitions } = this.#options
    const { id, order } = { order: undefined, ...namesOf(event, action) }
    if (order === undefined) return false
    return isTooLate(store, orderAt(partitions.slotOf(event.account), event.account, order), id)
  }

  /** What comes back of an order; told to the devices by the wallet. */
  async #promise({ account, brand, order, category }: AccountEvent) {
    const { store, cashback } = this.#options
    if (!cashback || order === undefined) return undefined
    return cashback.promise({
      account,
      brand,
      order,
      category,
      at: await brandNumber(store, brand),
    })
  }

  /** Shows a change to the viewer's devices, wherever they are connected. Throws where Redis cannot be reached. */
  async tell(change: AccountChange): Promise<void> {
    const { store, partitions, clock, rulebook } = this.#options
    const reading = await readAccount(store, {
      slot: partitions.slotOf(change.account),
      account: change.account,
      live: 0,
      session: { startMs: 0, nonce: 0 },
      timeZone: rulebook().book.timeZone,
      aroundMs: clock.now(),
    })
    tellGateways(store, reading?.gateways ?? [], change)
  }

  /** On the day of birth what the rung gives for it, in thousandths; the day is the platform's. */
  async #personal(account: number): Promise<number> {
    const { birthdayOf, rulebook, clock, nowMs } = this.#options
    const { ladder, timeZone } = rulebook().book
    const gives = ladder.rungs.some(({ privileges }) =>
      privileges.some(({ kind }) => kind === 'birthday_points'),
    )
    const birthday = gives ? await birthdayOf?.(account) : undefined
    if (!birthday) return ONE
    const { daysAgo } = lastBirthday(birthday, nowMs?.() ?? clock.now(), timeZone)
    if (daysAgo !== 0) return ONE
    const read = await this.read({ account, brand: '' })
    return read.ok ? birthdayFactor(ladder, read.account.tier.rung) * ONE : ONE
  }

  #shown(account: number, state: StoredState, payers?: ReadonlySet<number>): AccountState {
    const { partitions, shards, rulebook } = this.#options
    const epoch = shards.epoch(shards.indexOfSlot(partitions.slotOf(account)))
    return toAccountState(state, { book: rulebook().book, epoch, payers, keep: true })
  }

  /** Whose points are good at a brand outside its rooms; undefined where no brand asks. */
  async #payersOf(brand: string): Promise<ReadonlySet<number> | undefined> {
    if (brand === '') return undefined
    const { store, rulebook } = this.#options
    return payersAt(store, rulebook().book.wallet, { at: await brandNumber(store, brand) })
  }

  /** The room's context, or the platform's where none was named. */
  async #contextOf(event: AccountEvent): Promise<RoomContext | PlaceContext | undefined> {
    const { store, readRoom } = this.#options
    if (event.room !== undefined) {
      const room = await readRoom(event.room)
      return room && this.#playedBy(event.account, room)
    }
    const { version, book } = this.#rulebookOf(event.account)
    return platformContext(version, book, await brandNumber(store, event.brand))
  }

  /** By what an account plays outside rooms. */
  #rulebookOf(account: number): PublishedRulebook {
    const { playing, rulebook } = this.#options
    return playing?.of(account) ?? rulebook()
  }

  /** In a room everybody plays by its version, unless accounts do by different ones. */
  #playedBy<Context extends RoomContext>(account: number, room: Context): Context {
    if (!this.#options.playing?.byAccount) return room
    const { version, book } = this.#rulebookOf(account)
    return { ...room, rulebook: version, book }
  }

  async #scoreOne(
    event: AccountEvent,
    action: Action,
    { room, personal }: { room: RoomContext; personal: number },
  ): Promise<EventReply> {
    const { store, partitions, clock, journalMax, issuance, nowMs } = this.#options
    const units = action === 'order' ? 1 : event.units
    const score = (place: RoomContext): Promise<EventReply> => {
      const context = { ...place, ...(issuance && { brownout: issuance.brownout }) }
      const need = mostPoints(context)({ action, units, refused: 0 })
      return scoreWithin(issuance, need, (budget) =>
        scoreEvent(store, {
          slot: partitions.slotOf(event.account),
          account: event.account,
          ...namesOf(event, action),
          context,
          action,
          units,
          personal,
          category: event.category,
          budget,
          journalMax,
          aroundMs: clock.now(),
          ...(nowMs && { nowMs: nowMs() }),
        }),
      )
    }
    const reply = await score(room)
    if (reply.tag !== 'ended') return reply
    // An order that arrives after the live is paid all the same, without the room's multipliers.
    const { version, book } = this.#rulebookOf(event.account)
    return score(platformContext(version, book, room.issuer))
  }
}
