/** What a room was like when something was scored there, as far as receipts tell: heat level, profile, campaigns. */

import type { Action } from '../../../shared/receipt.ts'
import type { CampaignView } from '../../../shared/room-state.ts'
import { brownoutFactor } from '../../../shared/rulebook/issuance-levels.ts'
import type { Rulebook } from '../../../shared/rulebook/schema.ts'
import { isEarnRule, type JournalEntry, milli, type StoredReceipt } from '../../scoring/index.ts'
import { TOLD_MS } from './limits.ts'

/** Later than anything; six bytes. */
const FAR_MS = 2 ** 47
const ONE = 1000
const TITLE = { zh: '', en: '' }

/** What a room's record says; it can have changed since. */
export interface RoomSetting {
  profile: string
  timeZone: string
}

/** What a context needs beside the book. */
export interface Told {
  profile: string
  heatLevel: number
  campaigns: CampaignView[]
  validUntilMs: number
  /** What it left is what it was, whatever other rules say. */
  brownout: { level: number; factor: number }
}

interface Known {
  level: number
  profile: string | undefined
  campaigns: Map<Action, { factor: number; atMs: number }>
}

const isRule = ({ ruleNo }: StoredReceipt): boolean => isEarnRule(ruleNo)
/** Only receipts by which something counted name multipliers. */
const counts = (receipt: StoredReceipt): boolean => isRule(receipt) && receipt.counted > 0

export class RoomsTold {
  readonly #known = new Map<number, Known>()
  /** Entries whose heat fits several levels, so that another book could make something else of it. */
  ambiguous = 0

  tell(
    entry: Pick<JournalEntry, 'live' | 'receipts'>,
    { atMs, book, setting }: { atMs: number; book: Rulebook; setting: RoomSetting | undefined },
  ): Told {
    const { live, receipts } = entry
    const known = this.#known.get(live) ?? { level: 0, profile: undefined, campaigns: new Map() }
    this.#known.set(live, known)
    known.profile = profileOf(receipts, book, [known.profile, setting?.profile, ''])
    const stale = receipts.some((receipt) => receipt.stale)
    if (!stale && live > 0) this.#level(known, receipts, book)
    for (const receipt of receipts)
      if (counts(receipt))
        known.campaigns.set(receipt.action, { factor: receipt.multipliers.campaign, atMs })
    return {
      profile: known.profile,
      heatLevel: known.level,
      campaigns: [...known.campaigns].flatMap(([action, told]) =>
        told.factor === ONE || atMs - told.atMs > TOLD_MS ? [] : [campaign(action, told.factor)],
      ),
      validUntilMs: stale || live === 0 ? 0 : FAR_MS,
      brownout: brownoutOf(receipts, book),
    }
  }

  #level(known: Known, receipts: readonly StoredReceipt[], book: Rulebook): void {
    const told = receipts.filter(counts)
    if (told.length === 0) return
    const fitting = book.heat.levels.flatMap(({ factors }, level) =>
      told.every(({ action, multipliers }) => milli(factors[action] ?? 1) === multipliers.heat)
        ? [level]
        : [],
    )
    if (fitting.length > 1) this.ambiguous++
    if (!fitting.includes(known.level)) known.level = fitting[0] ?? known.level
  }
}

function brownoutOf(receipts: readonly StoredReceipt[], { issuance }: Rulebook): Told['brownout'] {
  const level = receipts.find((receipt) => receipt.level)?.level ?? 0
  return { level, factor: brownoutFactor(issuance, level) }
}

const campaign = (action: Action, factor: number): CampaignView => ({
  ...{ campaign: 1, action, factor, title: TITLE, startsAtMs: 0, endsAtMs: FAR_MS },
})

/** The first of the likely profiles, then of all, by which the rules pay what the receipts begin with. */
function profileOf(
  receipts: readonly StoredReceipt[],
  book: Rulebook,
  likely: readonly (string | undefined)[],
): string {
  const fits = (id: string): boolean => {
    const profile = book.profiles.find((one) => one.id === id)
    return receipts.filter(isRule).every((receipt) => {
      const rule = book.earn.find(({ no }) => no === receipt.ruleNo)
      if (!rule) return false
      const on = rule.enabled || profile?.enables?.includes(rule.id)
      const base = milli(rule.points * (profile?.factors[rule.action] ?? 1))
      return on === true && base === receipt.baseMilli
    })
  }
  const all = [...likely, ...book.profiles.map(({ id }) => id)]
  const candidates = all.filter((id): id is string => id !== undefined)
  return candidates.find(fits) ?? candidates[0] ?? ''
}
