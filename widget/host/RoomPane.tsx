/** What the room is like now: heat and why, audience, points, board. */

import { ONE } from '../../shared/points.ts'
import type { Action } from '../../shared/receipt.ts'
import type { HeatView, RoomState } from '../../shared/room-state.ts'
import { headlineOf, leftToNext, multiplierOf, towardsNext } from '../ui/heat.ts'
import { formatFactor, formatPoints, Ring, TierBadge } from '../ui/index.ts'
import { Looks } from './Bar.tsx'
import { useConsole } from './console.ts'
import { timeOfDay } from './format.ts'
import { Records } from './Records.tsx'
import { Spark } from './Spark.tsx'
import { actionName } from './templates.ts'

/** The actions whose multipliers are told one by one where they differ. */
const TOLD: readonly Action[] = ['like', 'comment', 'question', 'share', 'watch', 'purchase']

export function RoomPane({ room }: { room: RoomState }) {
  const { model, t } = useConsole()
  const perMinute = model.perMinute.value
  return (
    <section class="pane room" aria-label={t.data}>
      <HeatCard heat={room.heat} />
      <div class="two">
        <div class="ff-card">
          <h2 class="ff-h">{t.audience}</h2>
          <div class="kv">
            <b class="ff-n">{formatPoints(room.audience)}</b>
          </div>
          <p class="ff-muted">{t.watching}</p>
        </div>
        <div class="ff-card">
          <h2 class="ff-h">{t.issued}</h2>
          <div class="kv">
            <b class="ff-n">{formatPoints(model.issued.value)}</b>
          </div>
          <p class="ff-muted">
            {perMinute === undefined ? t.ofLive : t.perMinute(formatPoints(perMinute))}
          </p>
        </div>
      </div>
      <BoardCard room={room} />
      <div class="ff-card looks-card">
        <h2 class="ff-h">{t.settings}</h2>
        <div class="looks">
          <Looks />
        </div>
      </div>
    </section>
  )
}

function HeatCard({ heat }: { heat: HeatView }) {
  const { model, t } = useConsole()
  const left = leftToNext(heat)
  const { scope, factor } = headlineOf(heat)
  return (
    <div class="ff-card" data-heat={heat.level}>
      <h2 class="ff-h">
        <span>{t.heat}</span>
        <ScopeName scope={scope} />
      </h2>
      <div class="hot">
        <Ring value={towardsNext(heat)}>
          <b class="ff-n">{heat.level}</b>
        </Ring>
        <div>
          <div class="big ff-n">{formatFactor(factor)}</div>
          <p>
            {left === undefined ? (
              t.top
            ) : left === 0 ? (
              t.reached(heat.level + 1)
            ) : (
              <>
                {t.toLevel(heat.level + 1)} <b class="ff-n">{formatPoints(left)}</b>
              </>
            )}
          </p>
        </div>
      </div>
      {heat.held && <p class="ff-chip warn held">{t.held[heat.held]}</p>}
      <Curve next={heat.next} level={heat.level} />
      <Multipliers heat={heat} />
      <h3 class="ff-h sub">
        <span>{t.why}</span>
        {model.actors.value > 0 && <span class="ff-quiet">{t.actors(model.actors.value)}</span>}
      </h3>
      <Why heat={heat} />
    </div>
  )
}

function ScopeName({ scope }: { scope: ReturnType<typeof headlineOf>['scope'] }) {
  const { t, lang } = useConsole()
  const name =
    scope === 'all' ? t.all : scope === 'interactions' ? t.interactions : actionName(scope, lang)
  return <span class="ff-quiet">{name}</span>
}

function Curve({ next, level }: { next: number | undefined; level: number }) {
  const { model, t } = useConsole()
  const points = model.curve.value
  const first = points[0]
  const last = points.at(-1)
  return (
    <>
      <Spark points={points} next={next} label={t.curve(level)} />
      <div class="axis ff-n">
        <span>{first && timeOfDay(first.atMs)}</span>
        <span>{last && timeOfDay(last.atMs)}</span>
      </div>
    </>
  )
}

/** Who is multiplied by how much, actions of one factor together; nothing where all have the same. */
function Multipliers({ heat }: { heat: HeatView }) {
  const { lang } = useConsole()
  const groups = new Map<number, Action[]>()
  for (const action of TOLD) {
    const factor = multiplierOf(heat, action)
    groups.set(factor, [...(groups.get(factor) ?? []), action])
  }
  if (groups.size < 2) return null
  return (
    <ul class="mults">
      {[...groups]
        .sort(([a], [b]) => b - a)
        .map(([factor, actions]) => (
          <li key={factor} data-raised={factor > ONE || undefined}>
            <b class="ff-n">{formatFactor(factor)}</b>{' '}
            {actions.map((action) => actionName(action, lang)).join(lang === 'zh' ? '、' : ', ')}
          </li>
        ))}
    </ul>
  )
}

/** Shares of the actions in the heat of the last minute. */
function Why({ heat }: { heat: HeatView }) {
  const { t, lang } = useConsole()
  if (heat.why.length === 0) return <p class="ff-quiet none">{t.whyNone}</p>
  return (
    <div class="why">
      {heat.why.slice(0, 5).map(({ action, share }, i) => {
        const percent = Math.round(share * 100)
        return (
          <>
            <span>{actionName(action, lang)}</span>
            <span class={`ff-bar ${i === 0 ? 'lead' : ''}`} style={{ '--v': percent }} />
            <span class="ff-n">{percent}%</span>
          </>
        )
      })}
    </div>
  )
}

function BoardCard({ room }: { room: RoomState }) {
  const { t } = useConsole()
  return (
    <div class="ff-card board">
      <div class="board-head">
        <h2 class="ff-h">{t.board}</h2>
        <Records />
      </div>
      {room.board.length === 0 && <p class="ff-quiet none">{t.boardEmpty}</p>}
      <ol>
        {room.board.map((line, i) => (
          <li key={line.handle}>
            <span class="rk ff-n">{i + 1}</span>
            <TierBadge rung={line.rung} />
            <bdi class="ff-cut" dir="auto">
              {line.name}
            </bdi>
            <span class="ff-n">{formatPoints(line.points)}</span>
          </li>
        ))}
      </ol>
    </div>
  )
}
