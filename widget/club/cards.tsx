/** What the fan club shows: the two ladders side by side, tasks, and the buttons to join and to leave. */

import type { ComponentChildren } from 'preact'
import type { ClubView, OwnClubTask } from '../../shared/clubs.ts'
import type { RungView } from '../../shared/room-state.ts'
import { formatAway, formatPoints, type Lang } from '../ui/lang.ts'
import { Ring } from '../ui/ring.tsx'
import { TierBadge } from '../ui/tier-badge.tsx'
import type { ClubStrings } from './strings.ts'

export interface Shown {
  t: ClubStrings
  lang: Lang
  nowMs: number
}

interface Side {
  badge: ComponentChildren
  where: string
  name: string
  /** Of the way to the next rung, percent. */
  progress: number
  words: string
}

const percentOf = (growth: number, from: number, to: number): number =>
  Math.max(0, Math.min(100, ((growth - from) / (to - from)) * 100))

export function SideCard({ side, own }: { side: Side; own?: boolean }) {
  return (
    <div class={`cl-side${own ? ' own' : ''}`}>
      <small>{side.where}</small>
      <b class="cl-name">
        {side.badge}
        <span class="ff-cut">{side.name}</span>
      </b>
      <span class="ff-bar" style={{ '--v': side.progress }} />
      <small class="ff-n">{side.words}</small>
    </div>
  )
}

export function platformSide(
  rungs: readonly RungView[],
  tier: { rung: number; growth: number },
  { t, lang }: Shown,
): Side {
  const next = rungs[tier.rung + 1]
  const from = rungs[tier.rung]?.growth ?? 0
  const to = next?.growth
  return {
    badge: <TierBadge rung={tier.rung} />,
    where: t.platform,
    name: rungs[tier.rung]?.label[lang] ?? '',
    progress: to === undefined ? 100 : percentOf(tier.growth, from, to),
    words:
      next && to !== undefined
        ? t.more(formatPoints(Math.max(1, to - tier.growth)), next.label[lang])
        : t.top,
  }
}

export function clubSide({ rungs, own, perDay }: ClubView, { t, lang }: Shown): Side | undefined {
  if (!own) return undefined
  const next = rungs[own.rung + 1]
  const gain = next && next.platformGrowth > 0 ? t.gain(formatPoints(next.platformGrowth)) : ''
  return {
    badge: <span class="cl-badge ff-n">{own.rung + 1}</span>,
    where: `${t.club} · ${t.today(formatPoints(own.today), formatPoints(perDay))}`,
    name: rungs[own.rung]?.label[lang] ?? '',
    progress: next ? percentOf(own.growth, rungs[own.rung]?.growth ?? 0, next.growth) : 100,
    words: next
      ? t.more(formatPoints(Math.max(1, next.growth - own.growth)), next.label[lang]) + gain
      : t.top,
  }
}

function leftOf({ endsAtMs, startsAtMs, left }: OwnClubTask, { t, lang, nowMs }: Shown): string {
  if (startsAtMs > nowMs) return t.soon
  return t.left(formatPoints(left), formatAway(endsAtMs - nowMs, lang))
}

export function Task({
  task,
  member,
  shown,
}: {
  task: OwnClubTask
  member: boolean
  shown: Shown
}) {
  const { t } = shown
  const { action, goal, progress, state, points } = task
  const words = { paid: t.done, paying: t.paying, full: t.full, open: '' }[state]
  return (
    <li class="li">
      <Ring value={state === 'open' ? Math.min(100, (progress / goal) * 100) : 100}>
        <span class="ff-n cl-goal">{member ? Math.min(progress, goal) : goal}</span>
      </Ring>
      <div class="mid">
        <div class="t">{t.task(action, formatPoints(goal))}</div>
        <div class="d num">{member ? leftOf(task, shown) : t.only}</div>
      </div>
      <span class={state === 'paid' ? 'amt ok' : 'amt ff-n'}>
        {words || `+${formatPoints(points)}`}
      </span>
    </li>
  )
}

interface Doing {
  t: ClubStrings
  busy: boolean
  run(): void
}

export function Join({
  club,
  shown,
  busy,
  run,
}: Omit<Doing, 't'> & { club: ClubView; shown: Shown }) {
  const { t, lang } = shown
  return (
    <div class="cl-side cl-join">
      <small>{t.what(club.rungs.map(({ label }) => label[lang]).join(' › '))}</small>
      <button type="button" class="ff-btn pri" disabled={busy} onClick={run}>
        {busy ? t.joining : t.join}
        {club.joinPoints > 0 && ` · ${t.price(formatPoints(club.joinPoints))}`}
      </button>
    </div>
  )
}

/** The first tap asks whether it is meant. */
export function Leave({ t, sure, busy, run }: Doing & { sure: boolean }) {
  return (
    <button type="button" class="ff-btn sm ghost cl-leave" disabled={busy} onClick={run}>
      {sure ? t.sure : t.leave}
    </button>
  )
}
