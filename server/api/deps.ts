/** What the API is composed of; server/app puts it together. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Boards } from '../boards/index.ts'
import type { Clubs } from '../clubs/index.ts'
import type { Effects } from '../effects/index.ts'
import type { Experiments, Playing } from '../experiments/index.ts'
import type { ApiKeys, Gate } from '../identity/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Merges } from '../merges/index.ts'
import type { Rewards } from '../rewards/index.ts'
import type { LiveAnswer } from '../rooms/index.ts'
import type { Accounts, Invites, Orders, Past, RoomNow } from '../scoring/index.ts'
import type { Targeting } from '../targeting/index.ts'
import type { Teams } from '../teams/index.ts'
import type { Gifts, Owed, Totals, Wallets } from '../wallet/index.ts'
import type { Pages } from './pages.ts'

export interface Check {
  name: string
  ok: boolean
  /** For operators: never ids of viewers, never secrets. */
  detail?: string
}

/** The demo's bots. */
export interface Crowd {
  size(): number
  /** Resolves when the bots are told, not when all are there. */
  resize(size: number): Promise<void>
}

export interface Site {
  /** One origin for everything, or undefined where browsers reach the ports directly. */
  publicUrl: string | undefined
  gatewayPort: number
  /** Origins of pages that may frame the overlay. */
  allowedOrigins: readonly string[]
  /** Hops whose X-Forwarded-For is believed. */
  trustedProxies: number
  metricsToken: { reveal(): string } | undefined
  /** Operators publish rules only where another one wrote them. */
  rulesReviewed: boolean
  /** Webhooks may also point to http and to addresses that are not public. */
  privateWebhooks: boolean
}

export interface ApiDeps {
  /** Store, tickets, sessions, pepper, partitions and revocations. */
  gate: Gate
  /** Keys of the merchants' servers. The brand of the first one is the platform's own. */
  apiKeys: ApiKeys
  clock: Clock
  log: Log
  site: Site
  pages: Pages
  rulebook: () => PublishedRulebook
  /** Who plays by another version. */
  playing: Pick<Playing, 'of' | 'version'>
  accounts: Pick<Accounts, 'read' | 'scoreEvent'>
  experiments: Experiments
  past: Pick<Past, 'history' | 'statement'>
  wallets: Wallets
  effects: Effects
  orders: Pick<Orders, 'refund' | 'buyer'>
  invites: Pick<Invites, 'invite' | 'held' | 'judge'>
  merges: Pick<Merges, 'merge' | 'read' | 'into' | 'undo'>
  rewards: Rewards
  gifts: Gifts
  boards: Pick<Boards, 'allRunning' | 'closed' | 'thisWeek' | 'redeemed'>
  clubs: Pick<Clubs, 'isOn' | 'at' | 'desk' | 'endTask' | 'forget'>
  /** Teams of viewers. */
  teams: Pick<Teams, 'forget'>
  targeting: Pick<Targeting, 'read' | 'sizes' | 'forget'>
  /** Ends the room's live: all steps up to `ended`; repeating it goes on where it stopped. */
  endLive(room: string): Promise<LiveAnswer>
  /** How a room stands, up to a second old. */
  roomNow(room: string): Promise<RoomNow | undefined>
  /** Summed over all partitions. */
  conservation(): Promise<Totals>
  /** Summed over all partitions: who owes whom. */
  settlement(): Promise<Owed[]>
  /** Checks for /readyz; none may take longer than a second. */
  ready(): Promise<Check[]>
  /** Only in the demo, where anybody gets tickets for this room. */
  demo?: { room: string; brand: string; crowd?: Crowd }
}
