/** Accounts as servers see them: read one, credit what a server vouches for, tell the devices that show it. */

import type { AccountState, Scored } from '../../shared/account-state.ts'
import { type Refusal, refuse } from '../../shared/errors.ts'
import type { Action, Receipt } from '../../shared/receipt.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Clock } from '../kernel/index.ts'
import type { Partitions, Shards, Store } from '../redis/index.ts'
import { brandNumber } from '../rooms/index.ts'
import { platformContext, type RoomContext } from './compile.ts'
import { readHistory } from './history.ts'
import { tellGateways } from './peers.ts'
import { readAccount } from './read-account.ts'
import type { ReadRoom } from './read-room.ts'
import { type StoredState, toAccountState, toReceipt } from './records.ts'
import { type EventReply, scoreEvent } from './score-event.ts'

export interface AccountsOptions {
  store: Store
  partitions: Partitions
  shards: Shards
  rulebook: () => PublishedRulebook
  readRoom: ReadRoom
  clock: Clock
  journalMax: number
}

export interface AccountEvent {
  id: string
  body: string
  account: number
  brand: string
  room?: string
  action: Action
  /** Fen for purchases, otherwise 1. */
  units: number
}

/** Lines of one page. */
const HISTORY_PAGE = 30

/** A paid order is two things to a rulebook: what it cost, and that it was placed. */
const actionsOf = (action: Action): readonly Action[] =>
  action === 'purchase' ? ['purchase', 'order'] : [action]

const REFUSED = {
  conflict: 'id_conflict',
  ended: 'room_ended',
  busy: 'busy',
  unreadable: 'internal',
} as const

export function createAccounts(options: AccountsOptions) {
  const { store, partitions, shards, clock, journalMax } = options

  const shown = (account: number, state: StoredState): AccountState => {
    const slot = partitions.slotOf(account)
    return toAccountState(state, {
      book: options.rulebook().book,
      epoch: shards.epoch(shards.indexOfSlot(slot)),
    })
  }

  /** The room's context, or the platform's where the live is over or none was named. */
  async function contextOf(event: AccountEvent): Promise<RoomContext | undefined> {
    if (event.room !== undefined) return options.readRoom(event.room)
    const { version, book } = options.rulebook()
    return platformContext(version, book, await brandNumber(store, event.brand))
  }

  function scoreOne(
    event: AccountEvent,
    action: Action,
    context: RoomContext,
  ): Promise<EventReply> {
    return scoreEvent(store, {
      slot: partitions.slotOf(event.account),
      account: event.account,
      id: `${action} ${event.id}`,
      body: event.body,
      context,
      action,
      units: action === 'order' ? 1 : event.units,
      journalMax,
      aroundMs: clock.now(),
    })
  }

  return {
    /** The account as its owner would see it, in the live of a room where one is named. */
    async read(of: {
      account: number
      brand: string
      room?: string
    }): Promise<{ ok: true; account: AccountState; frozen: boolean } | Refusal> {
      const room = of.room === undefined ? undefined : await options.readRoom(of.room)
      if (of.room !== undefined && !room) return refuse('room_not_found')
      const reading = await readAccount(store, {
        slot: partitions.slotOf(of.account),
        account: of.account,
        live: room?.live ?? 0,
        session: { startMs: 0, nonce: 0 },
        timeZone: options.rulebook().book.timeZone,
        aroundMs: clock.now(),
      })
      if (!reading) return refuse('internal')
      return { ok: true, account: shown(of.account, reading.state), frozen: reading.frozen }
    },

    /** The last receipts of the account, newest first, at most a page; `next` is the `before` of the page after. */
    async history(of: {
      account: number
      before?: string
    }): Promise<{ ok: true; receipts: Receipt[]; next?: string }> {
      const { lines, next } = await readHistory(store, {
        slot: partitions.slotOf(of.account),
        account: of.account,
        limit: HISTORY_PAGE,
        ...(of.before !== undefined && { before: of.before }),
      })
      const { book } = options.rulebook()
      return {
        ok: true,
        receipts: lines.map(({ receipt, rulebook, atMs }) =>
          toReceipt(receipt, { book, rulebook, atMs }),
        ),
        ...(next !== undefined && { next }),
      }
    },

    /** Credits one event, once per id; what it earned goes to the viewer's devices at once. */
    async scoreEvent(event: AccountEvent): Promise<Scored | Refusal> {
      const room = await contextOf(event)
      if (!room) return refuse('room_not_found')
      const receipts: Receipt[] = []
      let scored: Scored | undefined
      let gateways: number[] = []
      for (const action of actionsOf(event.action)) {
        let reply = await scoreOne(event, action, room)
        // An order that arrives after the live is paid all the same, without the room's multipliers.
        if (reply.tag === 'ended') {
          const { version, book } = options.rulebook()
          reply = await scoreOne(event, action, platformContext(version, book, room.issuer))
        }
        if (reply.tag !== 'applied' && reply.tag !== 'replayed') return refuse(REFUSED[reply.tag])
        const { entry, atMs } = reply
        receipts.push(
          ...entry.receipts.map((stored) =>
            toReceipt(stored, { book: options.rulebook().book, rulebook: entry.rulebook, atMs }),
          ),
        )
        gateways = reply.tag === 'applied' ? reply.gateways : gateways
        scored = {
          ok: true,
          ...(reply.tag === 'replayed' && { dup: true as const }),
          account: shown(event.account, reply.state),
          receipts,
          atMs,
        }
      }
      if (!scored) return refuse('internal')
      if (!scored.dup) tellGateways(store, gateways, { account: event.account, receipts })
      return scored
    },
  }
}
