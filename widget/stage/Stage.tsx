/** The stage: what OBS lays over the picture. Everything on it is told, nothing can be pressed. */

import type { RoomState } from '../../shared/room-state.ts'
import { headlineOf, leftToNext, towardsNext } from '../ui/heat.ts'
import { formatFactor, formatPoints, HeatBars, type Lang, Ring, TierBadge } from '../ui/index.ts'
import { CountdownPlate } from './CountdownPlate.tsx'
import { EffectPlate } from './EffectPlate.tsx'
import { BOARD_LINES_MAX } from './limits.ts'
import type { StageModel } from './model.ts'
import { STRINGS, type StageStrings } from './strings.ts'

interface StageProps {
  model: StageModel
  lang: Lang
}

export function Stage({ model, lang }: StageProps) {
  const t = STRINGS[lang]
  const room = model.room.value
  const plates = model.plates.value
  const effect = model.effect.value
  const leaving = model.leaving.value
  return (
    <main class="stage" aria-label={t.stage}>
      <h1 class="ff-sr">{t.stage}</h1>
      {room && (
        <>
          <div class="slot tl">
            {plates.heat &&
              (effect?.kind === 'level' ? (
                <LevelUp key={effect.key} level={effect.level} {...{ room, leaving, lang }} />
              ) : (
                <HeatPlate room={room} lang={lang} />
              ))}
          </div>
          <div class="slot tr">
            {plates.countdown && (
              <CountdownPlate
                countdowns={model.countdowns.value}
                nowMs={model.nowMs.value}
                lang={lang}
              />
            )}
            {plates.board && <BoardPlate room={room} t={t} />}
          </div>
          <div class="slot bl">
            {plates.effect && effect && effect.kind !== 'level' && (
              <EffectPlate
                key={effect.key}
                rungs={room.ladder.rungs}
                {...{ effect, leaving, lang }}
              />
            )}
          </div>
        </>
      )}
    </main>
  )
}

/** What is multiplied, and by how much. */
const scopeText = (room: RoomState, lang: Lang): { what: string; times: string } => {
  const t = STRINGS[lang]
  const { scope, factor } = headlineOf(room.heat)
  const what =
    scope === 'all' ? t.allPoints : scope === 'interactions' ? t.interactions : t.action(scope)
  return { what, times: formatFactor(factor) }
}

function HeatPlate({ room, lang }: { room: RoomState; lang: Lang }) {
  const t = STRINGS[lang]
  const { heat } = room
  const left = leftToNext(heat)
  const { what, times } = scopeText(room, lang)
  return (
    <section class="p heat" data-heat={heat.level} aria-label={t.heat}>
      <Ring value={towardsNext(heat)}>
        <b class="ff-n">{heat.level}</b>
      </Ring>
      <div>
        <div class="h1">
          <span class="s1">{t.roomHeat}</span>
          <HeatBars level={heat.level} />
        </div>
        <div class="h2 s3">
          <span>{what}</span> <span class="ff-n">{times}</span>
        </div>
        <div class="s1">
          {left === undefined ? (
            t.top
          ) : heat.held === 'actors' ? (
            t.needActors
          ) : heat.held === 'dwell' || left === 0 ? (
            t.holding
          ) : (
            <>
              {t.toNext(heat.level + 1)} <b class="ff-n">{formatPoints(left)}</b>
            </>
          )}
        </div>
      </div>
    </section>
  )
}

interface LevelUpProps {
  level: number
  room: RoomState
  leaving: boolean
  lang: Lang
}

/** The heat plate, grown for a moment. The multiplier is the room's own, so it cannot promise another one. */
function LevelUp({ level, room, leaving, lang }: LevelUpProps) {
  const t = STRINGS[lang]
  const { what, times } = scopeText(room, lang)
  return (
    <section class="p lvl" data-heat={level} data-leaving={leaving || undefined} role="status">
      <span class="num ff-n">{level}</span>
      <div>
        <div class="s2">{t.rose}</div>
        <div class="s4">{t.level(level)}</div>
        <div class="s2">
          {t.nowPays(what)} <span class="x ff-n">{times}</span>
        </div>
      </div>
    </section>
  )
}

function BoardPlate({ room, t }: { room: RoomState; t: StageStrings }) {
  return (
    <section class="p board" aria-label={t.board}>
      <h2 class="s1">{t.board}</h2>
      <ol>
        {room.board.slice(0, BOARD_LINES_MAX).map((line, i) => (
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
    </section>
  )
}
