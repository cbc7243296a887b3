/** What targeting needs of others, as ports: foundations do not know each other. */

import type { Refusal } from '../../shared/errors.ts'
import type { OfferView } from '../../shared/offers.ts'
import type { Label } from '../../shared/rulebook/parts.ts'
import type { PublishedRulebook } from '../../shared/rulebook/schema.ts'
import type { SegmentPack } from '../../shared/rulebook/targeting.ts'
import type { PackView } from '../../shared/tiers.ts'
import type { Clock } from '../kernel/index.ts'
import type { Partitions, Store } from '../redis/index.ts'

/** Where something happened: number of the brand, and of whose points are earned there. */
export interface Spot {
  brandNo: number
  issuer: number
}

export interface TargetingDeps {
  store: Store
  partitions: Partitions
  clock: Clock
  rulebook: () => PublishedRulebook
  /** Makes ids of issues that tell nobody what they were for. */
  pepper: Buffer
  wallets: {
    issue(request: {
      account: number
      id: string
      lots: { issuer: number; points: number }[]
      cause: 'offer'
      subject: string
      at: number
      note: string
    }): Promise<{ ok: true } | Refusal>
    freeze(request: {
      account: number
      id: string
      freeze: boolean
      by: string
      note: string
    }): Promise<{ ok: true } | Refusal>
  }
  packs: {
    give(of: { account: number; field: string; pack: SegmentPack; at: Spot }): Promise<PackView>
  }
  /** Shows something to the viewer's devices. */
  tell(change: { account: number; offer?: OfferView; pack?: PackView }): Promise<void>
  /** Tells the account's brand by webhook, once per id. */
  tellMerchant(of: {
    account: number
    type: 'segment.entered' | 'segment.left'
    id: string
    atMs: number
    data: Record<string, unknown>
  }): Promise<void>
  /** Where lives of these rooms can be watched again. */
  replaysOf?: (rooms: readonly string[]) => Promise<readonly { room: string; url: string }[]>
  /** Of a room, or where the account belongs; undefined where there is no such place. */
  spotOf(of: { account: number; room: string }): Promise<Spot | undefined>
  /** Those of the accounts whose person has not been erased. */
  knownOf(accounts: readonly number[]): Promise<ReadonlySet<number>>
  rungOf(account: number): Promise<number>
  onError(error: unknown): void
  /** Tests run with a time of their own. */
  nowMs?: () => number
}

/** A label in both languages, for notes. */
export const bothOf = ({ zh, en }: Label): string => `${zh} · ${en}`
