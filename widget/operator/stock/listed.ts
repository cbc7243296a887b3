/** Rewards as `/v1/rewards` lists them, and what an operator calls their state. */

import type { Pay, RewardKind, RewardValue } from '../../../shared/rewards.ts'

interface Label {
  zh: string
  en: string
}

/** The shop's document of a reward, as far as the console edits it; what else it holds is kept as it is. */
export interface RewardDoc {
  title: Label
  note?: Label
  kind: RewardKind
  enabled: boolean
  room?: string
  points: number
  cashFen: number
  cashWithinMin: number
  pay: Pay
  worthFen: number
  stock: { kind: 'fixed' | 'weekly'; pieces: number } | { kind: 'endless' }
  lowStock: number
  window?: { opensAtMs?: number; closesAtMs?: number }
  flash?: { lastMinutes: number }
  lives?: number
  tier?: number
  limits: { ever?: number; perDay?: number; perWeek?: number }
  delivery: 'pickup' | 'code' | 'none'
  pickup: string[]
  pickupAfterDays: number
  link?: string
  cancelWithinMin: number
}

export interface Listed {
  id: string
  version: number
  by: string
  atMs: number
  doc: RewardDoc
  value: RewardValue
  stock: { left?: number; low?: true; restocksAtMs?: number }
}

export type Shelved = 'off' | 'sold_out' | 'low' | 'fine'

/** `off`: withdrawn, so its stock is nobody's worry. */
export function shelvedOf({ doc, stock: { left, low } }: Listed): Shelved {
  if (!doc.enabled) return 'off'
  if (left !== undefined && left <= 0) return 'sold_out'
  return low ? 'low' : 'fine'
}

const RANK: Record<Shelved, number> = { sold_out: 0, low: 1, fine: 2, off: 3 }

/** What needs somebody first; then by name. */
export const byNeed = (a: Listed, b: Listed): number =>
  RANK[shelvedOf(a)] - RANK[shelvedOf(b)] || a.id.localeCompare(b.id, 'en', { numeric: true })

/** Parts of the shelf that are looked at by themselves. */
export const SHELF_PARTS = ['all', 'wanting', 'fine', 'off'] as const
export type ShelfPart = (typeof SHELF_PARTS)[number]

export function isIn(reward: Listed, part: ShelfPart): boolean {
  const state = shelvedOf(reward)
  return (
    part === 'all' ||
    (part === 'wanting' ? state === 'low' || state === 'sold_out' : state === part)
  )
}

/** Those that are nearly or quite gone. */
export const wanting = (rewards: readonly Listed[]): Listed[] =>
  rewards.filter((reward) => isIn(reward, 'wanting')).sort(byNeed)
