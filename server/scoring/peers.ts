/** A word between processes: this account has changed, tell the devices that show it. */

import type { LedgerEntry } from '../../shared/ledger.ts'
import type { OfferView } from '../../shared/offers.ts'
import type { Receipt } from '../../shared/receipt.ts'
import type { Gain } from '../../shared/rewards.ts'
import type { PackView } from '../../shared/tiers.ts'
import type { Store } from '../redis/index.ts'

/** What a gateway is told on its own channel. Nothing is lost with it: states are absolute and re-read. */
export interface AccountChange {
  account: number
  receipts: Receipt[]
  /** Points that moved without an action of the viewer. */
  moved?: LedgerEntry[]
  /** What a payment brought. */
  gain?: Gain
  /** What the tier or a segment has just given. */
  pack?: PackView
  /** Made to this viewer alone, or just taken. */
  offer?: OfferView
  /** The account owns another colour or entrance now; gateways read anew which. */
  owned?: true
}

export const gatewayChannel = (gateway: number): string => `ff:gw:${gateway}`

/** Tells gateways; a failure is theirs to catch up with, so it does not reach the caller. */
export function tellGateways(
  store: Store,
  gateways: readonly number[],
  change: AccountChange,
): void {
  const text = JSON.stringify(change)
  for (const gateway of gateways)
    store.publish(gatewayChannel(gateway), text).catch(() => undefined)
}

export const readChange = (text: string): AccountChange => JSON.parse(text) as AccountChange
