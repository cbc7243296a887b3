/** What every part of the overlay is given. */

import type { RefObject } from 'preact'
import type { RungView } from '../../shared/room-state.ts'
import { formatPoints, type Lang } from '../ui/lang.ts'
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
  hint: ReadonlySignal<string>
  tell(text: string): void
  /** What stands in the comment box. */
  draft: Signal<string>
  /** Hands the address of the room on; `false` where the viewer thought better of it. */
  handOn(): Promise<boolean>
  pill: RefObject<HTMLButtonElement | null>
  box: RefObject<HTMLInputElement | null>
}

/** The rung of that number; ladders may be shorter than an account that was promoted on another one. */
export const rungOf = (rungs: readonly RungView[], rung: number): RungView | undefined =>
  rungs[Math.min(rung, rungs.length - 1)]

export interface Goal {
  next: RungView
  rung: number
  /** Of the way that is nearest; none where only quests lead there. */
  left?: string
  /** 0 to 100 of the way from the rung before. */
  progress: number
}

/** The next rung and how far it is; none at the top. */
export function goalOf(
  rungs: readonly RungView[],
  { rung, growth, earned = 0 }: { rung: number; growth: number; earned?: number },
): Goal | undefined {
  const next = rungs[rung + 1]
  if (!next) return undefined
  const goal: Goal = { next, rung: rung + 1, progress: -1 }
  for (const [what, has] of [
    ['growth', growth],
    ['points', earned],
  ] as const) {
    const need = next[what]
    const from = rungs[rung]?.[what] ?? 0
    const progress = need ? Math.min(100, ((has - from) / (need - from)) * 100) : -1
    if (!need || progress <= goal.progress) continue
    goal.left = formatPoints(Math.max(1, need - has))
    goal.progress = Math.max(0, progress)
  }
  return goal
}
