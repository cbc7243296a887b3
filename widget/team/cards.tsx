/** What a team task shows: how far the team is, each member's part, and what each of them is paid. */

import type { TeamMemberView, TeamTaskView, TeamView } from '../../shared/teams.ts'
import { formatAway, formatPoints, type Lang } from '../ui/lang.ts'
import type { TeamStrings } from './strings.ts'

/** Codes are read in two halves. */
const HALF = 5

export interface Shown {
  t: TeamStrings
  lang: Lang
  nowMs: number
}

export const spelt = (code: string): string => `${code.slice(0, HALF)}-${code.slice(HALF)}`

export function Head({ task, shown }: { task: TeamTaskView; shown: Shown }) {
  const { t, lang, nowMs } = shown
  const { title, action, target, most, least, min, max, points, endsAtMs } = task
  const rules = [
    t.size(min, max),
    t.most(formatPoints(most), formatPoints(least)),
    t.ends(formatAway(Math.max(0, endsAtMs - nowMs), lang)),
  ]
  return (
    <div class="tm-head">
      <div class="mid">
        <b>{title[lang]}</b>
        <span>{t.goal(action, formatPoints(target))}</span>
        <small class="num">{rules.join(' · ')}</small>
      </div>
      <span class="amt ff-n">{t.pays(formatPoints(points))}</span>
    </div>
  )
}

function Member({
  member,
  task,
  reached,
  t,
}: {
  member: TeamMemberView
  task: TeamTaskView
  reached: boolean
  t: TeamStrings
}) {
  const { name, you, part, paid } = member
  const owed = part >= task.least
  const words = () => {
    if (paid !== undefined) return `+${formatPoints(paid)}`
    if (reached && owed) return t.paying
    return owed ? '' : t.short(formatPoints(task.least - part))
  }
  return (
    <li class={you ? 'tm-member own' : 'tm-member'}>
      <span class="ff-cut">{you ? t.you : name}</span>
      <span class="ff-bar" style={{ '--v': Math.min(100, (part / task.most) * 100) }} />
      <span class="ff-n tm-part">{formatPoints(part)}</span>
      <small class={paid ? 'ok ff-n' : 'ff-n'}>{words()}</small>
    </li>
  )
}

/** How far it is, in a word: people first, for without them no part counts. */
function standing(task: TeamTaskView, team: TeamView, t: TeamStrings): string {
  if (team.reached) return t.reached
  const missing = task.min - team.members.length
  if (missing > 0) return t.missing(missing)
  return t.left(formatPoints(Math.max(0, task.target - team.sum)))
}

export function Members({
  task,
  team,
  shown,
}: {
  task: TeamTaskView
  team: TeamView
  shown: Shown
}) {
  const { t } = shown
  const waits = !team.reached && team.members.length < task.max
  return (
    <>
      <div class="tm-sum" role="status">
        <b class="ff-n">
          {formatPoints(team.sum)}/{formatPoints(task.target)}
        </b>
        <span class={team.reached ? 'ok' : ''}>{standing(task, team, t)}</span>
      </div>
      <span class="ff-bar tm-bar" style={{ '--v': (team.sum / task.target) * 100 }} />
      <ul>
        {team.members.map((member, i) => (
          <Member key={i} member={member} task={task} reached={team.reached === true} t={t} />
        ))}
        {waits && <li class="tm-member tm-free">{t.free}</li>}
      </ul>
    </>
  )
}
