/** Team tasks in the sheet: opening a team, joining a friend's, and how far it is while it is looked at. */

import { TEAM_CODE_LENGTH, type TeamTaskView } from '../../shared/teams.ts'
import { stylesOnce } from '../overlay/add-styles.ts'
import { Head, Members, type Shown, spelt } from './cards.tsx'
import type { TeamDeps, TeamPart } from './late-team.ts'
import { createTeamModel, type TeamModel } from './model.ts'
import { TEAM_STRINGS } from './strings.ts'

interface Card {
  task: TeamTaskView
  shown: Shown
  teams: TeamModel
}

/** How friends come in, and the way out. */
function Foot({ task, shown, teams, handOn }: Card & { handOn(team: string): Promise<boolean> }) {
  const { t } = shown
  const { id, team, max } = task
  const { busy, leaving, leave } = teams
  if (!team || team.reached) return null
  return (
    <div class="tm-foot">
      {team.members.length < max && (
        <>
          <span class="tm-code">
            <small>{t.code}</small>
            <b class="ff-n">{spelt(team.code)}</b>
          </span>
          <button type="button" class="ff-btn pri" onClick={() => void handOn(team.code)}>
            {t.invite}
          </button>
        </>
      )}
      <button
        type="button"
        class="ff-btn sm ghost tm-leave"
        disabled={busy.value}
        onClick={() => leave(id)}
      >
        {leaving.value === id ? t.sure : t.leave}
      </button>
    </div>
  )
}

function Open({ task: { id, full }, shown: { t }, teams: { busy, open } }: Card) {
  return (
    <button
      type="button"
      class="ff-btn pri tm-open"
      disabled={busy.value || full === true}
      onClick={() => void open(id)}
    >
      {full ? t.full : t.open}
    </button>
  )
}

/** The code as a friend reads it out. */
function Join({ shown: { t }, teams: { busy, join } }: Pick<Card, 'shown' | 'teams'>) {
  return (
    <form
      class="tm-join"
      onSubmit={(event) => {
        event.preventDefault()
        const form = event.currentTarget
        const text = new FormData(form).get('code')
        void join(String(text)).then((isIn) => isIn && form.reset())
      }}
    >
      <input
        name="code"
        aria-label={t.enter}
        placeholder={t.enter}
        autocomplete="off"
        autocapitalize="characters"
        spellcheck={false}
        maxLength={TEAM_CODE_LENGTH * 2}
      />
      <button type="submit" class="ff-btn" disabled={busy.value}>
        {t.join}
      </button>
    </form>
  )
}

/** A friend's link brought the viewer here. */
function Invited({
  code,
  shown: { t },
  teams: { busy, join },
}: Pick<Card, 'shown' | 'teams'> & { code: string }) {
  return (
    <div class="tm-card tm-invited">
      <b>{t.invited}</b>
      <button
        type="button"
        class="ff-btn pri"
        disabled={busy.value}
        onClick={() => void join(code)}
      >
        {t.accept} · {spelt(code)}
      </button>
    </div>
  )
}

export function createTeam(deps: TeamDeps, css: string): TeamPart {
  const teams = createTeamModel(deps)
  const styled = stylesOnce(css)

  return ({ handOn }) => {
    const lang = deps.lang.value
    const shown = { t: TEAM_STRINGS[lang], lang, nowMs: deps.model.nowMs.value }
    const { t } = shown
    const { read, failed, invited, refused } = teams
    if (!read.value) return failed.value ? <p class="sum">{t.unread}</p> : null
    const { tasks } = read.value
    if (tasks.length === 0) return null
    const code = invited.value
    const mayJoin = tasks.some(({ team }) => !team)
    return (
      <section class="team" ref={styled} aria-label={t.title}>
        <h3 class="sum">{t.title}</h3>
        {mayJoin && code && <Invited code={code} shown={shown} teams={teams} />}
        {tasks.map((task) => (
          <div class={task.team?.reached ? 'tm-card done' : 'tm-card'} key={task.id}>
            <Head task={task} shown={shown} />
            {task.team && <Members task={task} team={task.team} shown={shown} />}
            {task.team ? (
              <Foot task={task} shown={shown} teams={teams} handOn={handOn} />
            ) : (
              <Open task={task} shown={shown} teams={teams} />
            )}
          </div>
        ))}
        {mayJoin && !code && <Join shown={shown} teams={teams} />}
        {refused.value && (
          <p class="tm-no" role="status">
            {refused.value}
          </p>
        )}
      </section>
    )
  }
}
