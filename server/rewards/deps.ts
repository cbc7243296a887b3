/** What redemptions are composed of; server/app puts it together. */

import type { Refusal } from '../../shared/errors.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Certain, Partitions, Store } from '../redis/index.ts'
import type { Wallets } from '../wallet/index.ts'
import type { CatalogueWatch } from './catalogue.ts'
import type { Codes } from './codes.ts'
import type { Visitor } from './shelf.ts'
import type { Standing } from './terms.ts'

/** The wallet, as far as redemptions use it. */
export type WalletPort = Pick<
  Wallets,
  'hold' | 'capture' | 'void' | 'refund' | 'readHold' | 'readRecord' | 'remind'
>

export interface RedemptionsOptions {
  store: Store
  partitions: Partitions
  clock: Clock
  log: Log
  wallet: WalletPort
  catalogue: CatalogueWatch
  codes: Codes
  rulebook: () => PublishedRulebook
  /** By which version an account redeems; the current one without it. */
  playing?: { of(account: number): PublishedRulebook }
  /** The viewer's tier and the points that are good in the room now, those of the live included. */
  standing(of: Pick<Visitor, 'account' | 'brand' | 'local' | 'live'>): Promise<Standing | Refusal>
  /**
   * Resolves when what happened in a slot survives a crash of it, or crashes together with the other slot; throws
   * where that takes too long. Without it nothing is waited for.
   */
  certain?: Certain
  /** Accounts that have become one with this one: what they redeemed is redeemed by it. */
  formerOf?: (account: number) => Promise<readonly number[]>
  /** Only with the test clock. */
  nowMs?: () => number
}
