/** What stands beyond the live: the weekly boards of the brand, what was redeemed in the own room, and the fan club. */

import { useSignal } from '@preact/signals'
import { useCallback, useEffect } from 'preact/hooks'
import type { RoomRedemption, WeekBoard } from '../../shared/boards.ts'
import { formatPoints, TierBadge } from '../ui/index.ts'
import { ClubDialog } from './ClubDialog.tsx'
import { CLUB_WORDS } from './club-words.ts'
import { useConsole } from './console.ts'
import { dayAndTime } from './format.ts'
import { RecordsDialog } from './RecordsDialog.tsx'

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
  const { model, t } = useConsole()
  const boards = useSignal<readonly WeekBoard[] | undefined>(undefined)
  const failed = useSignal(false)
  useEffect(() => {
    void model.readBoards().then((answer) => {
      failed.value = !answer.ok
      if (answer.ok) boards.value = answer.boards.map(({ board }) => board)
    })
  }, [model])
  return (
    <RecordsDialog
      close={close}
      title={t.week}
      failed={failed.value}
      none={boards.value?.length === 0 ? t.weekNone : undefined}
    >
      {boards.value?.map((board) => (
        <Board key={board.id} board={board} />
      ))}
    </RecordsDialog>
  )
}

function Board({ board }: { board: WeekBoard }) {
  const { t, lang } = useConsole()
  return (
    <section>
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
  )
}

function RedeemedDialog({ close }: { close: () => void }) {
  const { model, t } = useConsole()
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
    <RecordsDialog
      close={close}
      title={t.redeemed}
      what={t.redeemedWhat}
      failed={failed.value}
      none={lines.value?.length === 0 ? t.redeemedNone : undefined}
    >
      <ul>
        {lines.value?.map((line, i) => (
          <Redeemed key={`${line.atMs} ${i}`} line={line} />
        ))}
      </ul>
      {next.value !== undefined && (
        <button type="button" class="ff-btn ghost sm" onClick={() => void read(next.value)}>
          {t.older}
        </button>
      )}
    </RecordsDialog>
  )
}

function Redeemed({ line }: { line: RoomRedemption }) {
  const { t, lang } = useConsole()
  return (
    <li>
      <time class="ff-quiet ff-n">{dayAndTime(line.atMs, lang)}</time>
      <span class="m">
        <bdi dir="auto">{line.name}</bdi> {line.title[lang]}
      </span>
      <span class="ff-n">{formatPoints(line.points)}</span>
      <span class="ff-quiet">{t.redemption[line.state]}</span>
    </li>
  )
}
