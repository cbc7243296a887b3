/** What stands beyond the live: the weekly boards of the brand, what was redeemed in the own room, and the fan club. */

import { useSignal } from '@preact/signals'
import { useCallback, useEffect } from 'preact/hooks'
import type { RoomRedemption, WeekBoard } from '../../shared/boards.ts'
import { formatPoints, TierBadge } from '../ui/index.ts'
import { useDialog } from '../ui/use-dialog.ts'
import { ClubDialog } from './ClubDialog.tsx'
import { CLUB_WORDS } from './club-words.ts'
import { useConsole } from './console.ts'
import { dayAndTime } from './format.ts'

type Kind = 'week' | 'redeemed' | 'club'

/** The buttons above the board. */
export function Records() {
  const { t, lang } = useConsole()
  const open = useSignal<Kind | undefined>(undefined)
  // The same function in every render: the dialog takes the focus once, when it opens.
  const close = useCallback(() => {
    open.value = undefined
  }, [open])
  const button = (kind: Kind, name: string) => (
    <button
      type="button"
      class="ff-btn sm ghost"
      aria-haspopup="dialog"
      data-records={kind}
      onClick={() => {
        open.value = kind
      }}
    >
      {name}
    </button>
  )
  return (
    <span class="records">
      {button('week', t.week)}
      {button('redeemed', t.redeemed)}
      {button('club', CLUB_WORDS[lang].title)}
      {open.value === 'week' && <WeekDialog close={close} />}
      {open.value === 'club' && <ClubDialog close={close} />}
      {open.value === 'redeemed' && <RedeemedDialog close={close} />}
    </span>
  )
}

function WeekDialog({ close }: { close: () => void }) {
  const { model, t, lang } = useConsole()
  const dialog = useDialog(close)
  const boards = useSignal<readonly WeekBoard[] | undefined>(undefined)
  const failed = useSignal(false)
  useEffect(() => {
    void model.readBoards().then((answer) => {
      failed.value = !answer.ok
      if (answer.ok) boards.value = answer.boards.map(({ board }) => board)
    })
  }, [model])
  return (
    <div class="veil">
      <div
        class="dlg log"
        role="dialog"
        aria-modal="true"
        aria-labelledby="week-title"
        ref={dialog}
      >
        <h2 id="week-title">{t.week}</h2>
        <div class="rows">
          {failed.value && <p class="ff-quiet none">{t.recordsUnread}</p>}
          {boards.value?.length === 0 && <p class="ff-quiet none">{t.weekNone}</p>}
          {boards.value?.map((board) => (
            <section key={board.id}>
              <h3 class="ff-h">{board.title[lang]}</h3>
              {board.places.length === 0 && <p class="ff-quiet none">{t.weekEmpty}</p>}
              <ol>
                {board.places.map((place) => (
                  <li key={place.handle}>
                    <span class="rk ff-n">{place.rank}</span>
                    <TierBadge rung={place.rung} />
                    <bdi class="ff-cut" dir="auto">
                      {place.name}
                    </bdi>
                    <span class="ff-n">{formatPoints(place.points)}</span>
                    <span class="ff-quiet ff-n">
                      {place.prize !== undefined && t.prizeOf(formatPoints(place.prize))}
                    </span>
                  </li>
                ))}
              </ol>
            </section>
          ))}
        </div>
        <div class="go">
          <button type="button" class="ff-btn" onClick={close} data-first>
            {t.close}
          </button>
        </div>
      </div>
    </div>
  )
}

function RedeemedDialog({ close }: { close: () => void }) {
  const { model, t, lang } = useConsole()
  const dialog = useDialog(close)
  const lines = useSignal<readonly RoomRedemption[] | undefined>(undefined)
  const next = useSignal<string | undefined>(undefined)
  const failed = useSignal(false)
  const read = async (before?: string) => {
    const answer = await model.readRedeemed(before)
    failed.value = !answer.ok
    if (!answer.ok) return
    lines.value = [...(before === undefined ? [] : (lines.value ?? [])), ...answer.redemptions]
    next.value = answer.next
  }
  useEffect(() => {
    void read()
    // Once per opening; further pages are asked for.
  }, [])
  return (
    <div class="veil">
      <div
        class="dlg log"
        role="dialog"
        aria-modal="true"
        aria-labelledby="redeemed-title"
        ref={dialog}
      >
        <h2 id="redeemed-title">{t.redeemed}</h2>
        <p class="ff-muted what">{t.redeemedWhat}</p>
        <div class="rows">
          {failed.value && <p class="ff-quiet none">{t.recordsUnread}</p>}
          {lines.value?.length === 0 && <p class="ff-quiet none">{t.redeemedNone}</p>}
          <ul>
            {lines.value?.map((line, i) => (
              <li key={`${line.atMs} ${i}`}>
                <time class="ff-quiet ff-n">{dayAndTime(line.atMs, lang)}</time>
                <span class="m">
                  <bdi dir="auto">{line.name}</bdi> {line.title[lang]}
                </span>
                <span class="ff-n">{formatPoints(line.points)}</span>
                <span class="ff-quiet">{t.redemption[line.state]}</span>
              </li>
            ))}
          </ul>
          {next.value !== undefined && (
            <button type="button" class="ff-btn ghost sm" onClick={() => void read(next.value)}>
              {t.older}
            </button>
          )}
        </div>
        <div class="go">
          <button type="button" class="ff-btn" onClick={close} data-first>
            {t.close}
          </button>
        </div>
      </div>
    </div>
  )
}
