/** The top bar: how long the live runs, whose it is, how the connection stands, safe mode. */

import { headlineOf } from '../ui/heat.ts'
import { formatFactor, formatLeft, formatPoints, HeatBars, htmlLang, Icon } from '../ui/index.ts'
import { useConsole } from './console.ts'
import { SafeSwitch } from './Safe.tsx'
import { Spark } from './Spark.tsx'
import { StageLink } from './StageLink.tsx'

export function Bar() {
  const { model, t } = useConsole()
  const room = model.room.value
  if (!room) return null
  const open = room.live.state === 'open'
  return (
    <div class="bar">
      <span class="live" data-open={open || undefined}>
        <i aria-hidden="true" />
        {open ? (
          <>
            <span class="ff-sr">{t.live}</span>
            <span class="ff-n">{runs(model.nowMs.value - room.live.startedAtMs)}</span>
          </>
        ) : (
          t.ended
        )}
      </span>
      <h1 class="ff-cut" dir="auto">
        {room.room.name}
      </h1>
      <LinkChip />
      <Strip />
      <span class="looks">
        <Looks />
      </span>
      <SafeSwitch />
    </div>
  )
}

/** 1:42:18, down to the second that has passed. */
const runs = (ms: number): string => formatLeft(Math.floor(ms / 1000) * 1000)

function LinkChip() {
  const { model, t } = useConsole()
  const link = model.link.value
  const paused = link === 'online' && model.room.value?.paused
  const tone = link === 'closed' ? 'bad' : link !== 'online' || paused ? 'warn' : 'on'
  return (
    <span class={`ff-chip link ${tone}`} role="status">
      <Icon name={tone === 'on' ? 'check' : 'plug'} />
      <span>{paused ? t.paused : t.link[link]}</span>
    </span>
  )
}

/** Heat and audience in one line: all a phone has room for. */
function Strip() {
  const { model, t } = useConsole()
  const room = model.room.value
  if (!room) return null
  const { heat, audience } = room
  return (
    <div
      class="strip ff-card"
      role="img"
      aria-label={`${t.heat} Lv.${heat.level}, ${t.audience} ${formatPoints(audience)}`}
    >
      <HeatBars level={heat.level} />
      <b class="ff-n">
        Lv.{heat.level} {formatFactor(headlineOf(heat).factor)}
      </b>
      <span class="sp">
        <Spark points={model.curve.value} slim />
      </span>
      <Icon name="user" />
      <b class="ff-n">{formatPoints(audience)}</b>
    </div>
  )
}

/** Stage, language and theme. */
export function Looks() {
  const { lang, theme, setLang, setTheme, t } = useConsole()
  return (
    <>
      <StageLink />
      <button
        type="button"
        class="ff-btn sm ghost"
        lang={htmlLang(lang === 'zh' ? 'en' : 'zh')}
        onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}
      >
        {t.language}
      </button>
      <button
        type="button"
        class="ff-btn sm ghost"
        onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
      >
        {theme === 'dark' ? t.light : t.dark}
      </button>
    </>
  )
}
