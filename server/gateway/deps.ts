/** What the gateway is composed of; server/app puts it together. */

import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { Boards } from '../boards/index.ts'
import type { Clubs } from '../clubs/index.ts'
import type { Effects } from '../effects/index.ts'
import type { Playing } from '../experiments/index.ts'
import type { Issuance } from '../governance/index.ts'
import type { Claims, Gate } from '../identity/index.ts'
import type { Clock, Log } from '../kernel/index.ts'
import type { Partitions, Shards, Store } from '../redis/index.ts'
import type { Rewards } from '../rewards/index.ts'
import type { Invites } from '../scoring/index.ts'
import type { Targeting } from '../targeting/index.ts'
import type { Teams } from '../teams/index.ts'
import type { Packs } from '../tiers/index.ts'
import type { Asking } from './origins.ts'

export interface GatewayDeps {
  store: Store
  partitions: Partitions
  shards: Shards
  gate: Gate
  rulebook: () => PublishedRulebook
  /** Scheduled versions, in order. */
  coming: () => readonly PublishedRulebook[]
  /** Who plays by another version. */
  playing: Pick<Playing, 'byAccount' | 'inRoom' | 'of'>
  effects: Effects
  clock: Clock
  log: Log
  /** What points can buy here. */
  rewards: Pick<Rewards, 'catalogue' | 'shelf' | 'redemptions' | 'awards'>
  /** What tiers deliver to who comes into a live. */
  packs: Pick<Packs, 'arrived'>
  /** How viewers behave, and what segments multiply their points by. */
  targeting: Pick<Targeting, 'factor' | 'read'>
  /** Who brought whom by a link. */
  invites: Pick<Invites, 'arrive'>
  /** Who earned most in the week, what was redeemed in a room, and who wears a badge. */
  boards: Pick<Boards, 'allRunning' | 'own' | 'redeemed' | 'wears'>
  /** The fan clubs of hosts. */
  clubs: Pick<
    Clubs,
    'isOn' | 'at' | 'read' | 'join' | 'leave' | 'desk' | 'startTask' | 'endTask' | 'titleOf'
  >
  /** Teams of viewers. */
  teams: Pick<Teams, 'read' | 'open' | 'join' | 'leave'>
  /** What the platform may issue, and its brown-out. */
  issuance: Pick<Issuance, 'binds' | 'hold' | 'settle' | 'brownout'>
  /** Number of this gateway, from its own counter in Redis; never 0. */
  number: number
  pulseMs: number
  journalMax: number
  /** Whether pages of that origin may connect, before and after the ticket says for which brand and role. */
  allowOrigin: (asking: Asking, claims?: Claims) => boolean
  socketsPerViewerMax: number
  socketsPerIpMax: number
  framesPerSecMax: number
}
