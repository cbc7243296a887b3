/** Credits an account for what somebody else did here: a host's spotlight, a visitor's click. */

import type { Action } from '../../shared/receipt.ts'
import { paidBy, scoreEvent, tellGateways, toReceipt } from '../scoring/index.ts'
import { type HeldAllowance, holdAllowance } from './allowance.ts'
import type { GatewayDeps } from './deps.ts'
import { LEASE_WAIT_MS, SCORE_DEADLINE_MS } from './limits.ts'
import type { RoomHub } from './room-hub.ts'

export interface Credit {
  account: number
  /** Of the cause: credited once. */
  id: string
  action: Action
}

/**
 * Scored with the room as it is now; the receipts go to wherever the account is connected. False where it was not
 * credited and may be asked for again.
 */
export async function creditEvent(
  deps: GatewayDeps,
  hub: RoomHub,
  { account, id, action }: Credit,
): Promise<boolean> {
  const published = deps.playing.of(account, hub.room)
  const held = await holding(
    deps,
    hub,
    hub.contexts.most({ action, units: 1, refused: 0 }, published),
  )
  let paid: number | undefined
  const reply = await scoreEvent(deps.store, {
    slot: deps.partitions.slotOf(account),
    account,
    id,
    body: hub.room.id,
    context: hub.contexts.context(published),
    action,
    units: 1,
    budget: held.allowance,
    journalMax: deps.journalMax,
    aroundMs: deps.clock.now(),
  })
    .then((answer) => {
      paid = answer.tag === 'applied' ? paidBy(answer.entry) : 0
      return answer
    })
    .finally(() => held.settle(paid))
  if (reply.tag !== 'applied') return reply.tag === 'replayed'
  const { entry, atMs, gateways } = reply
  const { book } = published
  const receipts = entry.receipts.map((stored) =>
    toReceipt(stored, { book, rulebook: entry.rulebook, atMs }),
  )
  tellGateways(deps.store, gateways, { account, receipts })
  return true
}

/** Waits for a lease as long as a command would. Throws where none comes. */
async function holding(
  { clock, issuance: cap }: GatewayDeps,
  { budget }: RoomHub,
  need: number,
): Promise<HeldAllowance> {
  for (let waited = 0; waited <= SCORE_DEADLINE_MS; waited += LEASE_WAIT_MS) {
    const held = holdAllowance({ cap, budget }, () => need)
    if ('allowance' in held) return held
    await clock.sleep(LEASE_WAIT_MS)
  }
  throw new Error('no lease of the budget came in time')
}
