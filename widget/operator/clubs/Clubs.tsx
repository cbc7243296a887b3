/** Fan clubs: members by rank, the tasks their hosts wrote, what these paid, and ending one early. */

import type { DeskClubTask } from '../../../shared/clubs.ts'
import { wallMs } from '../../client/runtime.ts'
import { CLUB_WORDS } from '../../host/club-words.ts'
import { formatPoints } from '../../ui/index.ts'
import { hrefOf } from '../address.ts'
import { path } from '../api.ts'
import { type Doing, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { HOUSE_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { Sure } from '../Sure.tsx'
import { momentOf } from '../time.ts'
import './clubs.css'
import { type Club, readClubs } from './read.ts'
import { WORDS } from './words.ts'

export function Page(_: { rest: string[] }) {
  const { api, lang, say } = useDesk()
  const w = WORDS[lang]
  const read = usePolled('clubs', () => readClubs(api), HOUSE_EVERY_MS)
  const doing = useDoing()
  const { data } = read
  const end = async (room: string, task: number) => {
    const ask = () => api.post<object>(path('rooms', room, 'club', 'tasks', `${task}`, 'end'), {})
    if (!(await doing.run(`end ${room} ${task}`, ask))) return
    say(w.didEnd)
    read.again()
  }
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
      <Unread polled={read} />
      <Refused failure={doing.failure} />
      {data && data.clubs.length === 0 && <Quiet>{data.on ? w.none : w.off}</Quiet>}
      <div class="clubs">
        {data?.clubs.map((one) => (
          <One key={one.rooms[0]?.id} one={one} doing={doing} end={end} />
        ))}
      </div>
      {data?.cut && <Quiet>{w.cut}</Quiet>}
    </>
  )
}

interface OneProps {
  one: Club
  doing: Doing
  end: (room: string, task: number) => Promise<void>
}

function One({ one: { host, rooms, club }, doing, end }: OneProps) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const [room] = rooms
  const most = Math.max(1, ...club.byRung.map(({ members }) => members))
  return (
    <section class="ff-card club" data-host={host}>
      <h2 class="ff-h">
        <span class="m">
          <bdi dir="auto">{rooms.map(({ name }) => name).join(' · ')}</bdi>
          <small>{host ? w.hostOf(host) : w.noHost}</small>
        </span>
        <b class="ff-n">{CLUB_WORDS[lang].members(formatPoints(club.members))}</b>
      </h2>
      <ul class="ranks">
        {club.byRung.map(({ label, members }) => (
          <li key={label.en}>
            <span>{label[lang]}</span>
            <span class="ff-bar" style={`--v:${(100 * members) / most}`} aria-hidden="true" />
            <b class="ff-n">{formatPoints(members)}</b>
          </li>
        ))}
      </ul>
      <h3>
        {w.tasks} <small>{w.left(formatPoints(club.pointsLeft))}</small>
      </h3>
      {club.tasks.length === 0 && <Quiet>{w.noTasks}</Quiet>}
      <ul class="rows">
        {club.tasks.map((task) => (
          <Task
            key={task.task}
            task={task}
            busy={doing.busy}
            end={() => room && void end(room.id, task.task)}
          />
        ))}
      </ul>
    </section>
  )
}

function Task({ task, busy, end }: { task: DeskClubTask; busy: boolean; end: () => void }) {
  const { lang, house } = useDesk()
  const [w, said] = [WORDS[lang], CLUB_WORDS[lang]]
  const { action, goal, points, places, left, endsAtMs, ended } = task
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const taken = places - left
  return (
    <li data-task={task.task}>
      <span class="m">
        <b>{said.task(action, formatPoints(goal))}</b>
        <small>
          {[
            said.pays(formatPoints(points), formatPoints(places)),
            said.taken(formatPoints(taken)),
            w.paid(formatPoints(taken * points)),
            w.until(momentOf(endsAtMs, wallMs(), reader)),
          ].join(' · ')}
        </small>
      </span>
      {ended ? (
        <span class="ff-chip">{said.over}</span>
      ) : (
        <Sure label={w.end} sure={w.endSure} what={w.endWhat} busy={busy} run={end} />
      )}
    </li>
  )
}
