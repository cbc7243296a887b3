/** Credits an account for what somebody else did here: a host's spotlight, a visitor's click. */

import type { Action } from '../../shared/receipt.ts'
import { scoreEvent, tellGateways, toReceipt } from '../scoring/index.ts'
import type { GatewayDeps } from './deps.ts'
import type { RoomHub } from './room-hub.ts'

export interface Credit {
  account: number
  /** Of the cause: credited once. */
  id: string
  action: Action
}

/** Scored with the room as it is now; the receipts go to wherever the account is connected. */
export async function creditEvent(
  deps: GatewayDeps,
  hub: RoomHub,
  { account, id, action }: Credit,
): Promise<void> {
  const reply = await scoreEvent(deps.store, {
    slot: deps.partitions.slotOf(account),
    account,
    id,
    body: hub.room.id,
    context: hub.scoringContext(),
    action,
    units: 1,
    journalMax: deps.journalMax,
    aroundMs: deps.clock.now(),
  })
  if (reply.tag !== 'applied') return
  const { entry, atMs, gateways } = reply
  const { book } = deps.rulebook()
  const receipts = entry.receipts.map((stored) =>
    toReceipt(stored, { book, rulebook: entry.rulebook, atMs }),
  )
  tellGateways(deps.store, gateways, { account, receipts })
}
