/** Weekly boards: the running week, and those before it as they were closed and paid. */

import type { WeekBoard } from '../../../shared/boards.ts'
import { DAY_MS } from '../../../shared/time.ts'
import { formatPoints, TierBadge } from '../../ui/index.ts'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { BOARDS_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import type { BoardsRead } from './read.ts'
import './boards.css'
import { type BoardWords, WORDS } from './words.ts'

const WEEK_MS = 7 * DAY_MS
const dayOf = (atMs: number): string => new Date(atMs).toISOString().slice(0, 10)
const moved = (week: string, byMs: number): string => dayOf(Date.parse(`${week}T00:00:00Z`) + byMs)

export function Page({ rest: [week] }: { rest: string[] }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const path = week ? `/v1/boards?week=${encodeURIComponent(week)}` : '/v1/boards'
  const read = usePolled(path, () => api.get<BoardsRead>(path), BOARDS_EVERY_MS)
  const { data } = read
  const shown = week ?? data?.boards[0]?.week
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        <span class="ff-muted">{w.lead}</span>
        <span class="sp" />
        <a class="ff-btn" href={hrefOf('rules')}>
          {w.edit}
        </a>
      </div>
      {shown && (
        <nav class="weeks" aria-label={w.title}>
          <a class="ff-btn sm ghost" href={hrefOf('boards', moved(shown, -WEEK_MS))}>
            {w.before}
          </a>
          <b class="ff-n">{w.weekOf(shown)}</b>
          {week && (
            <>
              <a class="ff-btn sm ghost" href={hrefOf('boards', moved(shown, WEEK_MS))}>
                {w.after}
              </a>
              <a class="ff-btn sm ghost" href={hrefOf('boards')}>
                {w.now}
              </a>
            </>
          )}
        </nav>
      )}
      <Unread polled={read} />
      {data?.boards.length === 0 && <Quiet>{week ? w.noneThen : w.none}</Quiet>}
      {data?.boards.map((board) => (
        <Board key={board.id} board={board} w={w} lang={lang} />
      ))}
    </>
  )
}

function Board({ board, w, lang }: { board: WeekBoard; w: BoardWords; lang: 'zh' | 'en' }) {
  return (
    <section class="ff-card wboard" data-board={board.id} aria-label={board.title[lang]}>
      <h2 class="ff-h">
        <span>{board.title[lang]}</span>
        <span class={`ff-chip${board.closed ? '' : ' on'}`}>
          {board.closed ? w.closed : w.running}
        </span>
      </h2>
      <p class="ff-muted">{w.people(formatPoints(board.people))}</p>
      {board.places.length === 0 ? (
        <Quiet>{w.empty}</Quiet>
      ) : (
        <table>
          <thead>
            <tr>
              <th class="r">{w.rank}</th>
              <th>{w.who}</th>
              <th class="r">{w.points}</th>
              <th class="r">{w.prize}</th>
            </tr>
          </thead>
          <tbody>
            {board.places.map((place) => (
              <tr key={place.handle}>
                <td class="r ff-n">{place.rank}</td>
                <td>
                  <span class="who">
                    <TierBadge rung={place.rung} />
                    <a href={hrefOf('viewers', place.handle)}>
                      <bdi dir="auto">{place.name || place.handle}</bdi>
                    </a>
                    {place.star && board.star && (
                      <span class="ff-chip">{w.star(board.star.title[lang])}</span>
                    )}
                  </span>
                </td>
                <td class="r ff-n">{formatPoints(place.points)}</td>
                <td class="r ff-n">{place.prize === undefined ? '' : formatPoints(place.prize)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
