/** Puts the sheet together with what only it reads. */

import { createLateWeek } from '../board/late-week.ts'
import { createLateClub } from '../club/late-club.ts'
import { createLateFriends } from '../friends/late-friends.ts'
import { createLatePlay } from '../play/late-play.ts'
import { createPlay } from '../play/play.ts'
import { ShowView } from '../play/ShowView.tsx'
import { SHOW_STRINGS } from '../play/show-strings.ts'
import { startShow } from '../play/start-show.ts'
import { Burn } from '../rewards/Burn.tsx'
import { Ending } from '../rewards/Ending.tsx'
import { createLateCode } from '../rewards/late-code.ts'
import { Paid } from '../rewards/Paid.tsx'
import { createShop } from '../rewards/shop.ts'
import { REWARD_STRINGS } from '../rewards/strings.ts'
import { createLateTeam } from '../team/late-team.ts'
import { createLateHistory } from '../wallet/late-history.ts'
import { createHistory } from './history.ts'
import { KeepNote } from './Keep.tsx'
import type { SheetDeps, SheetParts } from './late-sheet.ts'
import { createPerks } from './perks.ts'
import { createQuests } from './quests.ts'
import { createReplays } from './Replays.tsx'
import { createRules, fetchRules } from './rules.ts'
import { Sheet } from './Sheet.tsx'
import { SHEET_STRINGS } from './sheet-strings.ts'
import type { SheetView } from './sheet-view.ts'
import type { View } from './view.ts'

/** The button goes; whoever pressed it stays in the sheet, so that Escape still closes it. */
function go(show: () => void, { currentTarget }: Event): void {
  if (currentTarget instanceof HTMLElement) currentTarget.closest<HTMLElement>('.sheet')?.focus()
  show()
}

export function createSheet(deps: SheetDeps): SheetParts {
  const { signal } = deps.reactive
  const found = signal<string | undefined>(undefined)
  const rules = createRules({
    ...deps,
    read: (lang, version) => fetchRules(deps.get, deps.api, { lang, version }),
  })
  const parts = {
    history: createHistory(deps),
    historyTab: createLateHistory(deps),
    rules,
    perks: createPerks(deps),
    quests: createQuests(deps),
    replays: createReplays(deps),
    shop: createShop(deps),
    play: createPlay(deps),
    playTab: createLatePlay(deps),
    show: startShow(deps),
    code: createLateCode(deps),
    week: createLateWeek(deps),
    friends: createLateFriends(deps),
    club: createLateClub(deps, rules),
    team: createLateTeam(deps, rules),
    point: signal<Record<string, string>>({}),
    found,
    find: (reward: string | undefined) => {
      found.value = reward
    },
    go,
  }
  // By the link of a friend's team.
  if (/[?&]team=/.test(deps.address)) deps.panel.value ??= 'today'
  const viewOf = (view: View): SheetView => ({
    ...view,
    ...parts,
    s: SHEET_STRINGS[view.lang],
    r: REWARD_STRINGS[view.lang],
    p: SHOW_STRINGS[view.lang],
  })
  return {
    Sheet: ({ view, close }) => <Sheet view={viewOf(view)} close={close} />,
    Paid: ({ view }) => (
      <>
        <Paid view={viewOf(view)} />
        <Ending view={viewOf(view)} />
        <Burn view={viewOf(view)} />
        <KeepNote view={viewOf(view)} />
      </>
    ),
    Show: ({ view }) => <ShowView view={viewOf(view)} />,
  }
}
