/** What effects are composed of; server/app puts it together. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import { type DayBounds, dayBounds, HOUR_MS } from '../../shared/time.ts'
import type { Registry } from '../identity/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Certain, Partitions, Store } from '../redis/index.ts'
import { scriptNow } from '../redis/index.ts'
import type { Captures } from './captures.ts'
import type { Goods } from './prizes.ts'
import type { Purse } from './spend.ts'

export interface EffectsDeps {
  store: Store
  partitions: Partitions
  clock: Clock
  log: Log
  rulebook: () => PublishedRulebook
  wallets: Purse
  goods: Goods
  /** Leads to the account of a room's host. */
  registry: Registry
  /** Missing where one Redis keeps everything. */
  certain?: Certain
  /** Told when an account owns something else, wherever it was bought: what gateways know of it is old. */
  onOwned?: (account: number) => void
  /** Tests run scripts with a time of their own. */
  nowMs?: () => number
}

/** What selling takes besides. */
export interface SellingDeps extends EffectsDeps {
  captures: Captures
}

/** The `now_ms` of a script. */
export const nowOf = ({ nowMs }: Pick<EffectsDeps, 'nowMs'>): number => scriptNow(nowMs?.())

/** Whom and where a viewer's command comes from. */
export interface Buyer {
  account: number
  handle: string
  /** Empty where the name is not to be announced. */
  name: string
  rung: number
  /** Rungs by which a day pass lifts it. */
  boost: number
  growth: number
  room: string
  /** Number of the room's brand. */
  brandNo: number
  /** Numbers of the room and its host, where these have points of their own. */
  local: readonly number[]
  brand: string
  timeZone: string
  live: number
}

/** Two days for a script to choose from by its own time; they begin early, so that no clock ahead ends a day. */
export const daysOf = (
  { clock, nowMs }: Pick<EffectsDeps, 'clock' | 'nowMs'>,
  timeZone: string,
): DayBounds => dayBounds((nowMs?.() ?? clock.now()) - HOUR_MS, timeZone)
