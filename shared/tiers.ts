/** Privileges and packs as they are on the wire. Free of zod. */

import type { LedgerEntry } from './ledger.ts'
import type { AccessPrivilege, PackName } from './rulebook/privilege.ts'
import {
  privilegeHow,
  privilegeLabel,
  privilegesOf,
  type TierStanding,
} from './rulebook/privileges.ts'
import type { Label, Ladder } from './rulebook/schema.ts'

/** By whom they come: a rung of the ladder, or a segment. */
export const SEGMENT_PACKS = ['comeback_pack', 'care_pack'] as const
export type SegmentPackName = (typeof SEGMENT_PACKS)[number]

/** A pack that has just been delivered. */
export interface PackView {
  pack: PackName | SegmentPackName
  label: Label
  points: number
  gifts: Label[]
}

export interface PrivilegeView {
  /** Stable: what the service keeps has its own name, a perk the one of the rulebook. */
  id: string
  kind: AccessPrivilege | PackName | 'birthday_points' | 'perk'
  label: { zh: string; en: string }
  /** How it is used. */
  how: { zh: string; en: string }
  link?: string
  /** Rung from which on it is given. */
  rung: number
  by: 'tier' | 'dayPass'
  /** By a day pass only: until then. */
  untilMs?: number
}

/** Everything an account has now, as viewers and merchants are shown it. */
export function privilegeViews(
  ladder: Pick<Ladder, 'rungs'>,
  tier: TierStanding & { untilMs?: number | undefined },
): PrivilegeView[] {
  return privilegesOf(ladder, tier).map(({ id, privilege, rung, by }) => ({
    id,
    kind: privilege.kind,
    label: privilegeLabel(privilege),
    how: privilegeHow(privilege),
    ...(privilege.kind === 'perk' && privilege.link && { link: privilege.link }),
    rung,
    by,
    ...(by === 'dayPass' && tier.untilMs !== undefined && { untilMs: tier.untilMs }),
  }))
}

/** What time did to a rung. */
export interface KeepNews {
  what: 'tier_warned' | 'tier_fell'
  /** The rung that may be lost, or is. */
  rung: number
  /** Growth that keeps it, or brings it back. */
  missing: number
  /** Of a warning: when the rung is lost. */
  untilMs?: number
}

/** From the journal's `rung missing until` (`growth.decide` in server/tiers/lua/growth.lua); undefined of other causes. */
export function keepNewsOf({
  cause,
  subject,
}: Pick<LedgerEntry, 'cause' | 'subject'>): KeepNews | undefined {
  if (cause !== 'tier_warned' && cause !== 'tier_fell') return undefined
  const [rung = 0, missing = 0, untilMs = 0] = subject.split(' ').map(Number)
  return { what: cause, rung, missing, ...(untilMs > 0 && { untilMs }) }
}
