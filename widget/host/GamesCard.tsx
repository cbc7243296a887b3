/** Draws, blind boxes and votes: opened from here, ended from here; and what tips came to. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import type { DrawView, VoteView } from '../../shared/effects.ts'
import { formatLeft, formatPoints, Icon } from '../ui/index.ts'
import { useConsole } from './console.ts'
import { EndButton } from './EndButton.tsx'
import { GameDialog } from './GameDialog.tsx'

export type GameKind = 'draw' | 'box' | 'vote'
const KINDS = [
  { kind: 'draw', icon: 'star' },
  { kind: 'box', icon: 'gift' },
  { kind: 'vote', icon: 'vote' },
] as const

export function GamesCard() {
  const { model, t } = useConsole()
  const { draws, votes, tips } = model.games
  const open = useSignal<GameKind | undefined>(undefined)
  const close = useCallback(() => {
    open.value = undefined
  }, [open])
  const disabled = model.room.value?.live.state !== 'open' || model.safe.value
  const { given, toHost } = tips.value
  return (
    <div class="ff-card games">
      <h2 class="ff-h">
        <span>{t.games}</span>
        {given > 0 && (
          <span class="ff-quiet ff-n">{t.tips(formatPoints(given), formatPoints(toHost))}</span>
        )}
      </h2>
      <div class="tiles">
        {KINDS.map(({ kind, icon }) => (
          <button
            key={kind}
            type="button"
            class="tile"
            disabled={disabled}
            aria-haspopup="dialog"
            onClick={() => {
              open.value = kind
            }}
          >
            <Icon name={icon} />
            <b>{t.gameKinds[kind]}</b>
            <small>{t.gameWhat[kind]}</small>
          </button>
        ))}
      </div>
      <ul>
        {draws.value.map((draw) => (
          <GameRow key={draw.draw} game={draw} />
        ))}
        {votes.value.map((vote) => (
          <GameRow key={vote.vote} game={vote} />
        ))}
      </ul>
      {open.value && <GameDialog kind={open.value} close={close} />}
    </div>
  )
}

function GameRow({ game }: { game: DrawView | VoteView }) {
  const { model, t, lang } = useConsole()
  const isDraw = 'draw' in game
  const number = isDraw ? game.draw : game.vote
  const closing = model.games.closing.value.has(number) || game.state === 'closing'
  const leftMs = game.endsAtMs - model.nowMs.value
  const best = isDraw ? undefined : [...game.options].sort((a, b) => b.votes - a.votes)[0]
  return (
    <li>
      <span class="m">
        <b class="ff-cut">
          <bdi>{game.title[lang]}</bdi>
        </b>
        <small class="ff-n">
          {game.state === 'open' && leftMs > 0
            ? formatLeft(leftMs)
            : game.state === 'closed'
              ? t.gameOver
              : t.drawing}
          {isDraw
            ? ` · ${t.ticketsOut(formatPoints(game.tickets))}`
            : best && ` · ${best.label[lang]} ${formatPoints(best.votes)}`}
        </small>
      </span>
      {game.state !== 'closed' && (
        <EndButton
          title={game.title[lang]}
          ending={closing}
          {...(isDraw && { sureText: t.drawSure })}
          end={() => model.games.close(isDraw ? 'draw' : 'vote', number)}
        />
      )}
    </li>
  )
}
