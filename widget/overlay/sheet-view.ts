/** What every part of the sheet is given. */

import type { ComponentType } from 'preact'
import type { FriendsPart } from '../friends/late-friends.ts'
import type { Play } from '../play/play.ts'
import type { Show } from '../play/show.ts'
import type { ShowStrings } from '../play/show-strings.ts'
import type { LateCode } from '../rewards/late-code.ts'
import type { Shop } from '../rewards/shop.ts'
import type { RewardStrings } from '../rewards/strings.ts'
import type { TeamPart } from '../team/late-team.ts'
import type { History } from './history.ts'
import type { LateTab } from './LateTab.tsx'
import type { Perks } from './perks.ts'
import type { Quests } from './quests.ts'
import type { Replays } from './Replays.tsx'
import type { ReadonlySignal, Signal } from './reactive.ts'
import type { Rules } from './rules.ts'
import type { SheetStrings } from './sheet-strings.ts'
import type { View } from './view.ts'

export interface SheetView extends View {
  s: SheetStrings
  /** The words of rewards. */
  r: RewardStrings
  /** The words of effects over the picture. */
  p: ShowStrings
  play: Play
  playTab: LateTab
  show: Show
  history: History
  historyTab: LateTab
  rules: Rules
  perks: Perks
  quests: Quests
  replays: Replays
  shop: Shop
  code: LateCode
  /** The weekly boards, once their script has come. */
  week: ReadonlySignal<ComponentType | undefined>
  /** What inviting shows, once its script has come; never where nobody is paid for it. */
  friends: ReadonlySignal<FriendsPart | undefined>
  /** The fan club of the host, once its script has come. */
  club: ReadonlySignal<ComponentType | undefined>
  /** Team tasks, once their script has come. */
  team: ReadonlySignal<TeamPart | undefined>
  /** Pick-up point that was chosen, by reward. */
  point: Signal<Record<string, string>>
  /** The reward that was looked for, to be brought into sight. */
  found: ReadonlySignal<string | undefined>
  find(reward: string | undefined): void
  /** Shows another part of the sheet from a button that goes with it: the focus stays in the sheet. */
  go(show: () => void, event: Event): void
}
