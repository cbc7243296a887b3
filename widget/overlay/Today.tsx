/** What the viewer can still earn today, and everything that pays here, with how far it is. */

import { ONE } from '../../shared/points.ts'
import { ACTION_LABELS } from '../../shared/rulebook/labels.ts'
import { clockOf } from '../rewards/moments.ts'
import { formatFactor, formatLeft, formatPoints } from '../ui/lang.ts'
import { Ring } from '../ui/ring.tsx'
import { claimable, type EarnRow } from './claimable.ts'
import { ActionIcon, Icon } from './icons.tsx'
import { Keep } from './Keep.tsx'
import { Perks } from './Perks.tsx'
import { Quests } from './Quests.tsx'
import { ReplayLinks } from './Replays.tsx'
import type { SheetView } from './sheet-view.ts'
import { standing } from './task.ts'
import { Ways } from './Ways.tsx'

function Tasks({ view: { model, lang, s } }: { view: SheetView }) {
  const state = model.state.value
  const now = model.nowMs.value
  return (
    <>
      {state.room?.tasks.map((task) => {
        const { progress, state: own } = standing(task, state, now)
        const done = own === 'won'
        return (
          <li class="li" key={task.task}>
            <Ring value={done ? 100 : (progress / task.goal) * 100}>
              <ActionIcon action={task.action} />
            </Ring>
            <div class="mid">
              <div class="t">{task.title[lang]}</div>
              <div class="d ff-n">
                {Math.min(progress, task.goal)}/{task.goal}
              </div>
            </div>
            <span class={done ? 'amt ok' : 'amt ff-n'}>
              {done ? <Icon name="check" /> : `+${task.points}`}
              {done && <span class="ff-sr">{s.done}</span>}
            </span>
          </li>
        )
      })}
    </>
  )
}

/** One rule: how far it is, what it pays, and what of it is left today. */
function Row({ view, row }: { view: SheetView; row: EarnRow }) {
  const { s, lang, model } = view
  const { rule, used, value, watchedMs, done } = row
  const { action, points, perDay, minutes } = rule
  const factor = model.state.value.room?.heat.multipliers[action] ?? ONE
  const count = perDay === undefined ? '' : `${used}/${perDay}`
  const what =
    watchedMs === undefined
      ? s.each(points, action)
      : `${formatLeft(Math.floor(watchedMs / 1000) * 1000)} / ${formatLeft((minutes ?? 0) * 60_000)}`
  const left = watchedMs === undefined ? ((perDay ?? 0) - used) * points : points
  return (
    <li class="li">
      <Ring value={value}>
        <ActionIcon action={action} />
      </Ring>
      <div class="mid">
        <div class="t">
          {minutes === undefined
            ? ACTION_LABELS[action][lang]
            : s.watchFor(minutes, rule.continuous === true)}
          {factor > ONE && !done && <span class="ff-chip on ff-n">{formatFactor(factor)}</span>}
        </div>
        <div class="d num">{count ? `${count} · ${what}` : what}</div>
      </div>
      {done ? (
        <span class="amt ok">
          <Icon name="check" />
          <span class="ff-sr">{s.done}</span>
        </span>
      ) : (
        left > 0 && <span class="amt ff-n">+{formatPoints(left)}</span>
      )}
    </li>
  )
}

export function Today({ view }: { view: SheetView }) {
  const { model, t, s, lang } = view
  const { account } = model.state.value
  const Friends = view.friends.value
  const Club = view.club.value
  const Team = view.team.value
  const published = view.rules.published.value
  if (!account) return <p class="sum">{t.connecting}</p>
  const { today, balance } = account
  const left = published && claimable(published.earn, account, published.dailyPoints)
  return (
    <>
      {left && (
        <p class="sum">
          {s.todayLeft} <b class="ff-n">{formatPoints(left.points)}</b> {s.unit(left.points)}
        </p>
      )}
      <p class="ff-muted note">
        {s.todayEarned} {formatPoints(today.points)} {s.unit(today.points)} ·{' '}
        {s.untilMidnight(clockOf(today.resetsAtMs, lang))}
        {balance.session > 0 && ` · ${s.sessionWhy(formatPoints(balance.session))}`}
      </p>
      <Ways view={view} />
      <Quests view={view} />
      {Team && <Team handOn={view.handOn} />}
      {Club && <Club />}
      {Friends && <Friends handOn={view.handOn} />}
      <section class="earning">
        <h3 class="sum">{s.earning}</h3>
        <ul>
          <Tasks view={view} />
          {left?.rows
            // Whoever reads this has registered.
            .filter(({ rule }) => rule.action !== 'register')
            .map((row) => (
              <Row key={row.rule.id} view={view} row={row} />
            ))}
        </ul>
      </section>
      <ReplayLinks view={view} />
      <Keep view={view} />
      <Perks view={view} />
      {!published && <p class="sum">{view.rules.failed.value ? s.unread : s.loading}</p>}
    </>
  )
}
