/** The host's fan club: members on each rank, tasks, and a new one. */

import { useSignal } from '@preact/signals'
import { useCallback, useEffect } from 'preact/hooks'
import type { ClubDesk, DeskClubTask } from '../../shared/clubs.ts'
import { formatAway, formatPoints, type Lang } from '../ui/index.ts'
import { ClubTaskForm } from './ClubTaskForm.tsx'
import { CLUB_WORDS, type ClubWords } from './club-words.ts'
import { useConsole } from './console.ts'
import { EndButton } from './EndButton.tsx'
import { CLUB_EVERY_MS } from './limits.ts'
import { RecordsDialog } from './RecordsDialog.tsx'

export function ClubDialog({ close }: { close: () => void }) {
  const { model, runtime, lang } = useConsole()
  const w = CLUB_WORDS[lang]
  const read = useSignal<{ club?: ClubDesk } | undefined>(undefined)
  const failed = useSignal(false)
  const ask = useCallback(async () => {
    const answer = await model.readClub()
    failed.value = !answer.ok
    if (answer.ok) read.value = answer
  }, [model, read, failed])
  useEffect(() => {
    let cancel = () => {}
    const again = () => {
      void ask()
      cancel = runtime.after(CLUB_EVERY_MS, again)
    }
    again()
    return () => cancel()
  }, [ask, runtime])
  const club = read.value?.club
  return (
    <RecordsDialog
      close={close}
      kind="club-dlg"
      title={w.title}
      failed={failed.value}
      none={read.value && !club ? w.none : undefined}
    >
      {club && <Members club={club} w={w} />}
      {club && <Tasks club={club} w={w} ask={ask} />}
      {club &&
        (club.pointsLeft > 0 ? (
          <ClubTaskForm pointsLeft={club.pointsLeft} done={() => void ask()} />
        ) : (
          club.tasks.length === 0 && <p class="ff-quiet none">{w.noTasks}</p>
        ))}
    </RecordsDialog>
  )
}

function Members({ club, w }: { club: ClubDesk; w: ClubWords }) {
  const { lang } = useConsole()
  const most = Math.max(1, ...club.byRung.map(({ members }) => members))
  return (
    <section>
      <p class="club-count ff-n">{w.members(formatPoints(club.members))}</p>
      <div class="why">
        {club.byRung.map(({ label, members }) => (
          <>
            <span class="ff-cut">{label[lang]}</span>
            <span class="ff-bar lead" style={{ '--v': (members / most) * 100 }} />
            <span class="ff-n">{formatPoints(members)}</span>
          </>
        ))}
      </div>
    </section>
  )
}

function endsIn(task: DeskClubTask, nowMs: number, words: { w: ClubWords; lang: Lang }): string {
  const { w, lang } = words
  if (task.ended || task.endsAtMs <= nowMs) return w.over
  if (task.startsAtMs > nowMs) return w.soon
  return formatAway(task.endsAtMs - nowMs, lang)
}

function Tasks({ club, w, ask }: { club: ClubDesk; w: ClubWords; ask: () => Promise<void> }) {
  const { model, lang } = useConsole()
  const ending = useSignal(0)
  const end = async (task: number) => {
    ending.value = task
    await model.endClubTask(task)
    await ask()
    ending.value = 0
  }
  const nowMs = model.nowMs.value
  return (
    <section>
      <h3 class="ff-h">{w.running}</h3>
      {club.tasks.length === 0 && <p class="ff-quiet none">{w.empty}</p>}
      <ul class="club-tasks">
        {club.tasks.map((task) => {
          const { action, goal, points, places, left } = task
          const over = task.ended || task.endsAtMs <= nowMs
          const name = w.task(action, formatPoints(goal))
          return (
            <li key={task.task} data-over={over || undefined}>
              <span class="m">
                <b>{name}</b>
                <small class="ff-quiet">
                  {w.pays(formatPoints(points), formatPoints(places))} ·{' '}
                  {w.taken(formatPoints(places - left))}
                </small>
              </span>
              <span class="ff-quiet ff-n">{endsIn(task, nowMs, { w, lang })}</span>
              {!over && (
                <EndButton
                  title={name}
                  ending={ending.value === task.task}
                  end={() => void end(task.task)}
                />
              )}
            </li>
          )
        })}
      </ul>
    </section>
  )
}
