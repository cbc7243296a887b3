/** What every part of the overlay is given. */

import type { RefObject } from 'preact'
import type { AccountState } from '../../shared/account-state.ts'
import type { RungView } from '../../shared/room-state.ts'
import type { Lang } from '../ui/lang.ts'
import type { LateSheet } from './late-sheet.ts'
import type { OverlayModel } from './model.ts'
import type { ReadonlySignal, Signal } from './reactive.ts'
import type { OverlayStrings } from './strings.ts'

export type Tab = 'today' | 'play' | 'rewards' | 'history' | 'board'
/** `mine` are the own redemptions, `code` is one of them to be shown at the counter. */
export type Panel = Tab | 'mine' | 'code' | 'settings' | 'rules'

export interface View {
  model: OverlayModel
  lang: Lang
  t: OverlayStrings
  sheet: LateSheet
  /** What the sheet shows, or nothing. */
  panel: Signal<Panel | undefined>
  /** A word to the viewer that goes by itself. */
  hint: ReadonlySignal<string | undefined>
  tell(text: string): void
  /** What stands in the comment box. */
  draft: Signal<string>
  /** Hands the address of the room on, with the code of a team; `false` where the viewer thought better of it. */
  handOn(team?: string): Promise<boolean>
  pill: RefObject<HTMLButtonElement | null>
  box: RefObject<HTMLInputElement | null>
}

/** The rung of that number; ladders may be shorter than an account that was promoted on another one. */
export const rungOf = (rungs: readonly RungView[], rung: number): RungView | undefined =>
  rungs[Math.min(rung, rungs.length - 1)]

export interface Goal {
  next: RungView
  rung: number
  /** 0 where only quests lead there. */
  left: number
  /** Whether growth is the nearest way, and not points ever earned. */
  grows: boolean
  /** Up to 100, of the way from the rung before. */
  progress: number
}

/** The next rung and how far it is; none at the top. */
export function goalOf(
  rungs: readonly RungView[],
  tier: Pick<AccountState['tier'], 'rung' | 'growth' | 'goal'>,
): Goal | undefined {
  const next = rungs[tier.rung + 1]
  if (!next) return undefined
  const { growth: need = 0 } = next
  const from = rungs[tier.rung]?.growth ?? 0
  const left = Math.max(1, need - tier.growth)
  return {
    next,
    rung: tier.rung + 1,
    left,
    grows: !tier.goal || (next.growth !== undefined && tier.goal.left === left),
    progress: Math.min(100, ((tier.growth - from) / (need - from)) * 100),
    ...tier.goal,
  }
}
