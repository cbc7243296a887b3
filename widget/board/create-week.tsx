/** The weekly boards in the sheet: places, prizes, and where the viewer stands. */

import type { ComponentType } from 'preact'
import type { OwnPlace, WeekBoard, WeekBoards } from '../../shared/boards.ts'
import { SECOND_MS } from '../../shared/time.ts'
import { stylesOnce } from '../overlay/add-styles.ts'
import { formatAway, formatPoints } from '../ui/lang.ts'
import { TierBadge } from '../ui/tier-badge.tsx'
import type { WeekDeps } from './late-week.ts'
import { WEEK_STRINGS, type WeekStrings } from './strings.ts'

/** Read again so often while it is looked at; the server's own is some seconds old. */
const EVERY_MS = 15 * SECOND_MS

interface Shown {
  t: WeekStrings
  lang: 'zh' | 'en'
  nowMs: number
  handle: string | undefined
}

const endsIn = ({ endsAtMs }: WeekBoard, { t, lang, nowMs }: Shown): string => {
  const left = endsAtMs - nowMs
  if (left <= 0) return t.over
  return t.ends(formatAway(left, lang))
}

/** What the viewer may look forward to, the nearest first. */
function hopeOf({ prizes }: WeekBoard, { rank, toNext, toPrize }: OwnPlace, t: WeekStrings) {
  const prize = rank === undefined ? 0 : (prizes[rank - 1] ?? 0)
  return [
    ...(prize > 0 ? [t.prized(formatPoints(prize))] : []),
    ...(rank === 1 ? [t.first] : []),
    ...(toPrize !== undefined ? [t.toPrize(formatPoints(toPrize))] : []),
    ...(toNext !== undefined && toNext !== toPrize ? [t.toNext(formatPoints(toNext))] : []),
  ].join(' · ')
}

function Own({ board, own, shown }: { board: WeekBoard; own: OwnPlace; shown: Shown }) {
  const { t } = shown
  return (
    <div class="wk-me">
      <span class="wk-at">
        <b class="ff-n">{own.rank === undefined ? t.noPlace : t.place(formatPoints(own.rank))}</b>
        <span class="ff-n">{formatPoints(own.points)}</span>
      </span>
      <span class="wk-hope">{hopeOf(board, own, t)}</span>
    </div>
  )
}

function Places({ board, shown }: { board: WeekBoard; shown: Shown }) {
  const { t, handle } = shown
  if (board.places.length === 0) return <p class="sum">{t.empty}</p>
  return (
    <ol>
      {board.places.map((place) => (
        <li
          class={`rank wk${place.handle === handle ? ' me' : ''}`}
          key={place.handle}
          data-top={place.rank <= 3 || undefined}
        >
          <span class="p ff-n">{place.rank}</span>
          <TierBadge rung={place.rung} />
          <span class="ff-cut" dir="auto">
            {place.handle === handle ? t.you : place.name}
            {place.star && board.star && (
              <span class="wk-star" role="img" aria-label={board.star.title[shown.lang]}>
                ★
              </span>
            )}
          </span>
          <span class="wk-n">
            <span class="ff-n">{formatPoints(place.points)}</span>
            {place.prize !== undefined && (
              <span class="wk-prize">{t.prize(formatPoints(place.prize))}</span>
            )}
          </span>
        </li>
      ))}
    </ol>
  )
}

function Week({
  board,
  own,
  shown,
}: {
  board: WeekBoard
  own?: OwnPlace | undefined
  shown: Shown
}) {
  const { t, lang } = shown
  return (
    <section class="wk-board">
      <h3 class="sum">
        {board.title[lang]} <span class="wk-ends">{endsIn(board, shown)}</span>
      </h3>
      {board.star && <p class="wk-why">{t.star(board.star.title[lang], board.star.places)}</p>}
      {own && <Own board={board} own={own} shown={shown} />}
      <Places board={board} shown={shown} />
    </section>
  )
}

/** Boards of the running week, read while the board is looked at. */
export function createWeek(
  { client, model, panel, lang, runtime, reactive }: WeekDeps,
  css: string,
): ComponentType {
  const { effect, signal } = reactive
  const read = signal<WeekBoards | undefined>(undefined)
  const failed = signal(false)
  let cancel = () => {}

  async function ask(): Promise<void> {
    const answer = await client.request('board.week', {})
    failed.value = !answer?.ok
    if (answer?.ok) read.value = answer
    if (panel.value === 'board') cancel = runtime.after(EVERY_MS, () => void ask())
  }
  const looked = reactive.computed(
    () => panel.value === 'board' && model.state.value.status.phase === 'online',
  )
  effect(() => {
    cancel()
    if (looked.value) void ask()
  })

  const styled = stylesOnce(css)

  return () => {
    const shown = {
      ...{ t: WEEK_STRINGS[lang.value], lang: lang.value, nowMs: model.nowMs.value },
      handle: model.state.value.me?.handle,
    }
    if (!read.value) return failed.value ? <p class="sum">{shown.t.unread}</p> : null
    return (
      <div ref={styled}>
        {read.value.boards.map(({ board, own }) => (
          <Week key={board.id} board={board} own={own} shown={shown} />
        ))}
      </div>
    )
  }
}
