/** The pill: balance and tier, and the one line that speaks to the viewer about points. */

import { explainTold } from '../../shared/rulebook/explain.ts'
import { formatFactor, formatPoints } from '../ui/lang.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import { bonusOf, notesOf } from './gain.ts'
import { Icon } from './icons.tsx'
import { balanceOf, type Line } from './model.ts'
import { goalOf, rungOf, type View } from './view.ts'

function Said({ line, view: { lang, t } }: { line: Line; view: View }) {
  if (line.kind === 'back')
    return (
      <span class="say gain" key="back">
        <b class="ff-n">+{formatPoints(line.points)}</b> {t.caughtUp}
        {line.times > 0 && <span class="why ff-n">{t.times(line.times)}</span>}
      </span>
    )
  const { points, done, multiplier, last } = line.gain
  if (points === 0)
    return (
      <span class="say zero" key="zero">
        <span>
          {explainTold(last, lang)
            .split(' · ')
            .map((part, i) => (
              <>
                {i > 0 && ' · '}
                <i>{part}</i>
              </>
            ))}
        </span>
      </span>
    )
  const bonus = bonusOf(last)
  return (
    <span class="say gain" key="gain">
      <b class="ff-n">+{formatPoints(points)}</b>
      <span>{t.names(done.map(({ action }) => action))}</span>
      {multiplier !== undefined && multiplier !== 1000 && (
        <span class="ff-n">{formatFactor(multiplier)}</span>
      )}
      <span class="why">{notesOf(last, lang) || (bonus && t.why[bonus])}</span>
    </span>
  )
}

function Second({ view }: { view: View }) {
  const { model, t, lang } = view
  const { account, room, status } = model.state.value
  const off = {
    offline: t.reconnecting,
    paused: t.paused,
    connecting: account ? t.reconnecting : t.connecting,
    idle: t.connecting,
    ended: '',
    refused:
      status.phase === 'refused' && status.tier
        ? t.membersOnly(status.tier.label[lang], formatPoints(status.tier.growthMissing))
        : t.refused,
    online: '',
  }[status.phase]
  if (off)
    return (
      <span class="say off">
        {status.phase !== 'refused' && <i />}
        <span>{off}</span>
      </span>
    )
  const line = model.line.value
  if (line) return <Said line={line} view={view} />
  if (status.phase === 'ended') return <span class="say zero">{t.ended}</span>
  const goal = account && room && goalOf(room.ladder.rungs, account.tier)
  if (!goal) return <span class="say">{t.top}</span>
  const [before, left, after] = goal.left ? t.more(formatPoints(goal.left), goal.grows) : []
  return (
    <span class="say goal">
      <span class="ff-cut">
        {before}
        <b class="ff-n">{left}</b>
        {after}
        {goal.next.label[lang]}
      </span>
      <TierBadge rung={goal.rung} />
      <span class="ff-bar" style={{ '--v': goal.progress }} />
    </span>
  )
}

export function Pill({ view }: { view: View }) {
  const { model, t, lang, panel } = view
  const { account, room, status } = model.state.value
  const balance = balanceOf(model.state.value)
  const rung = account?.tier.rung ?? 0
  const label = room && rungOf(room.ladder.rungs, rung)?.label[lang]
  const { session = 0, frozen = 0 } = account?.balance ?? {}
  const stale = status.phase !== 'online' && status.phase !== 'ended'
  return (
    <button
      ref={view.pill}
      type="button"
      part="balance"
      class={`pill ff-glass${stale ? ' stale' : ''}`}
      aria-expanded={panel.value !== undefined}
      onClick={() => {
        panel.value = 'today'
      }}
    >
      <span class="row">
        <TierBadge rung={rung} />
        <span class="ff-sr">{label}</span>
        <span class="lab">
          {frozen > 0
            ? t.frozenPart(formatPoints(frozen))
            : session > 0
              ? t.sessionPart(formatPoints(session))
              : t.yourPoints}
        </span>
        <span class="bal ff-n">
          <Icon name="bi" />
          {balance === undefined ? '—' : formatPoints(balance)}
        </span>
      </span>
      <Second view={view} />
    </button>
  )
}
