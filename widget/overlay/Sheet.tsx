/** The sheet: today, play, rewards, history, board; settings and rules behind the gear. Escape closes it. */

import { Code, Redemptions } from '../rewards/Redemptions.tsx'
import { Rewards } from '../rewards/Rewards.tsx'
import { PointMark, Shape } from '../ui/icons.tsx'
import { formatPoints } from '../ui/lang.ts'
import { down, gear } from '../ui/shapes.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import { Board } from './Board.tsx'
import { LateTab } from './LateTab.tsx'
import { balanceOf } from './model.ts'
import { Rules, Settings } from './Settings.tsx'
import type { SheetView } from './sheet-view.ts'
import { Today } from './Today.tsx'
import { goalOf, type Panel, rungOf, type Tab } from './view.ts'

const TABS: readonly Tab[] = ['today', 'play', 'rewards', 'history', 'board']
const places: readonly (Panel | undefined)[] = TABS
/** Parts that a tab leads to. */
const WITHIN: Partial<Record<Panel, Tab>> = { mine: 'rewards', code: 'rewards' }
const tabOf = (panel: Panel): Panel => WITHIN[panel] ?? panel
const isTab = (panel: Panel): panel is Tab => places.includes(panel)

const History = ({ view }: { view: SheetView }) => <LateTab tab={view.historyTab} view={view} />
const Play = ({ view }: { view: SheetView }) => <LateTab tab={view.playTab} view={view} />

function Head({ view, close }: { view: SheetView; close(): void }) {
  const { model, t, s, p, lang, panel } = view
  const { account, room, status } = model.state.value
  const rungs = room?.ladder.rungs ?? []
  const boost = account?.tier.boost
  const goal = account && goalOf(rungs, account.tier)
  const balance = balanceOf(model.state.value)
  const words = goal && (goal.left ? t.more(formatPoints(goal.left), goal.grows) : [])
  return (
    <div class="head">
      <TierBadge rung={account?.tier.rung ?? 0} />
      <div class="who">
        <div class={`big ff-n${status.phase === 'online' ? '' : ' stale'}`}>
          <PointMark />
          <span class="ff-sr">{t.points} </span>
          {balance === undefined ? '—' : formatPoints(balance)}
          <span class={`ff-chip${boost ? ' on' : ''}`}>
            {boost
              ? p.boosted(rungOf(rungs, account.tier.rung + boost.rungs)?.label[lang] ?? '')
              : account && rungOf(rungs, account.tier.rung)?.label[lang]}
          </span>
        </div>
        {goal && words && (
          <div class="goal">
            <span class="ff-bar" style={{ '--v': goal.progress }} />
            <span class="ff-cut">
              {words.join('')}
              {goal.next.label[lang]}
            </span>
          </div>
        )}
      </div>
      <button
        type="button"
        class="ib"
        aria-label={s.settings}
        aria-pressed={!isTab(tabOf(panel.value ?? 'today'))}
        onClick={() => {
          panel.value = isTab(tabOf(panel.value ?? 'today')) ? 'settings' : 'today'
        }}
      >
        <Shape d={gear} />
      </button>
      <button type="button" class="ib" aria-label={s.close} onClick={close}>
        <Shape d={down} />
      </button>
    </div>
  )
}

const namesOf = ({ s, r, p }: SheetView): Record<Tab, string> => ({
  today: s.today,
  play: p.play,
  rewards: r.rewards,
  history: s.history,
  board: s.board,
})

function Tabs({ view }: { view: SheetView }) {
  const { panel, s } = view
  const shown = panel.value && tabOf(panel.value)
  const names = namesOf(view)
  const step = (event: KeyboardEvent) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    const now = places.indexOf(shown)
    if (!by || now < 0) return
    event.preventDefault()
    const row = event.currentTarget instanceof HTMLElement ? event.currentTarget : undefined
    const next = (now + by + TABS.length) % TABS.length
    panel.value = TABS[next]
    row?.querySelectorAll('button')[next]?.focus()
  }
  return (
    <div class="tabs" role="tablist" aria-label={s.centre} onKeyDown={step}>
      {TABS.map((tab) => (
        <button
          key={tab}
          type="button"
          role="tab"
          aria-selected={shown === tab}
          tabIndex={shown === tab || (tab === 'today' && !isTab(shown ?? tab)) ? 0 : -1}
          onClick={() => {
            panel.value = tab
          }}
        >
          {names[tab]}
        </button>
      ))}
    </div>
  )
}

/** Of the sheet that has just opened. */
const focus = (sheet: HTMLElement | null) => sheet?.focus({ preventScroll: true })

const STOPS = 'button, a, input, [tabindex="0"]'

/** Tab goes round in the sheet: what it covers cannot be seen, so the focus must not be there. */
function turnFocus(event: KeyboardEvent): void {
  const sheet = event.currentTarget
  if (!(sheet instanceof HTMLElement)) return
  const now = (sheet.getRootNode() as Document | ShadowRoot).activeElement
  const stops = [...sheet.querySelectorAll<HTMLElement>(STOPS)].filter(
    (stop) => !stop.matches('[tabindex="-1"], :disabled'),
  )
  const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]]
  if (now !== from && !(event.shiftKey && now === sheet)) return
  event.preventDefault()
  to?.focus()
}

export function Sheet({ view, close }: { view: SheetView; close(): void }) {
  const { panel, s } = view
  const shown = panel.value
  if (!shown) return null
  const place = tabOf(shown)
  const name = isTab(place) ? namesOf(view)[place] : s.settings
  const Content = {
    today: Today,
    play: Play,
    rewards: Rewards,
    mine: Redemptions,
    code: Code,
    history: History,
    board: Board,
    settings: Settings,
    rules: Rules,
  }[shown]
  return (
    <section
      class="sheet"
      part="sheet"
      role="dialog"
      aria-label={s.centre}
      tabIndex={-1}
      ref={focus}
      onKeyDown={(event) => {
        if (event.key === 'Tab') turnFocus(event)
        if (event.key !== 'Escape') return
        event.stopPropagation()
        close()
      }}
    >
      <header>
        <Head view={view} close={close} />
        <Tabs view={view} />
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <div class="scroll" tabIndex={0} role="tabpanel" aria-label={name}>
        <Content view={view} />
      </div>
    </section>
  )
}
