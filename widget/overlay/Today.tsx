/** What the viewer has earned today, and everything that earns here, with how much of it has counted. */

import { ACTIONS, type Action } from '../../shared/receipt.ts'
import { formatPoints } from '../ui/lang.ts'
import { Ring } from '../ui/ring.tsx'
import { clockOf } from './History.tsx'
import { ActionIcon, Icon } from './icons.tsx'
import { standing } from './task.ts'
import type { View } from './view.ts'

const isAction = (name: string): name is Action => Object.keys(ACTIONS).includes(name)

/** Rules are named after their action, at least in front. */
function RuleIcon({ id }: { id: string }) {
  const name = id.split(/[-_]/)[0] ?? ''
  return isAction(name) ? <ActionIcon action={name} /> : <Icon name="coin" />
}

function Tasks({ view: { model, lang, t } }: { view: View }) {
  const state = model.state.value
  const now = model.nowMs.value
  return (
    <>
      {state.room?.tasks.map((task) => {
        const { progress, state: own } = standing(task, state, now)
        const done = own === 'won'
        return (
          <li class="li" key={task.task}>
            <Ring value={done ? 100 : (progress / task.goal) * 100}>
              <ActionIcon action={task.action} />
            </Ring>
            <div class="mid">
              <div class="t">{task.title[lang]}</div>
              <div class="d ff-n">
                {Math.min(progress, task.goal)}/{task.goal}
              </div>
            </div>
            <span class={done ? 'amt ok' : 'amt ff-n'}>
              {done ? <Icon name="check" /> : `+${task.points}`}
              {done && <span class="ff-sr">{t.done}</span>}
            </span>
          </li>
        )
      })}
    </>
  )
}

export function Today({ view }: { view: View }) {
  const { model, t, lang } = view
  const { account } = model.state.value
  const rules = view.rules.rules.value
  const failed = view.rules.failed.value
  if (!account) return <p class="sum">{t.connecting}</p>
  const { today, live, balance } = account
  const minutes = Math.floor(live.watchedMs / 60_000)
  return (
    <>
      <p class="sum">
        {t.todayEarned} <b class="ff-n">{formatPoints(today.points)}</b> {t.unit} ·{' '}
        {t.untilMidnight(clockOf(today.resetsAtMs, lang))}
      </p>
      {balance.session > 0 && (
        <p class="ff-muted note">{t.sessionWhy(formatPoints(balance.session))}</p>
      )}
      {minutes > 0 && <p class="ff-muted note">{t.watched(minutes)}</p>}
      <ul>
        <Tasks view={view} />
        {rules
          ?.filter(({ key }) => key.startsWith('earn.'))
          .map(({ key, text }) => {
            const id = key.slice('earn.'.length)
            const used = today.used[id]
            return (
              <li class="li" key={key}>
                <span class="ico">
                  <RuleIcon id={id} />
                </span>
                <div class="mid">
                  <div class="d">{text}</div>
                  {used !== undefined && used > 0 && (
                    <div class="ff-chip on ff-n">{t.usedToday(used)}</div>
                  )}
                </div>
              </li>
            )
          })}
      </ul>
      {!rules && <p class="sum">{failed ? t.unread : t.loading}</p>}
    </>
  )
}
