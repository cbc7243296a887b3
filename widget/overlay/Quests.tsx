/** Quests: the check-in with its days, and every other with how far it is. */

import type { QuestView } from '../../shared/quests.ts'
import { formatAway } from '../ui/lang.ts'
import { Ring } from '../ui/ring.tsx'
import { ActionIcon, Icon } from './icons.tsx'
import type { SheetView } from './sheet-view.ts'

/** Of a streak the days around today; today's with the button where it is the check-in. */
function Strip({ view, quest }: { view: SheetView; quest: QuestView }) {
  const { s, lang, quests } = view
  const done = quest.state === 'done'
  const today = quest.steps.find(({ state }) => state === 'today')
  return (
    <section class="streak">
      <div class="li">
        <div class="mid">
          <div class="t">{quest.title[lang]}</div>
          <div class="d">{s.inARow(quest.progress)}</div>
        </div>
        {done ? (
          <span class="amt ok">
            <Icon name="check" /> {s.signedIn}
          </span>
        ) : (
          <button
            type="button"
            class="ff-btn pri"
            disabled={quests.signing.value}
            onClick={quests.signIn}
          >
            {s.signIn} +{today?.points ?? 0}
          </button>
        )}
      </div>
      <ol>
        {quest.steps.map(({ goal, points, state }) => {
          const had = state === 'done' || (state === 'today' && done)
          return (
            <li class={had ? 'had' : state} key={goal}>
              <b class="ff-n">{had ? <Icon name="check" /> : `+${points}`}</b>
              <span class="num">{s.day(goal)}</span>
              {had && <span class="ff-sr">{s.done}</span>}
            </li>
          )
        })}
      </ol>
    </section>
  )
}

/** What its next step pays, or the last where all are done. */
const nextOf = ({ steps, goal, period }: QuestView) =>
  period === 'streak'
    ? steps.find((step) => step.goal === goal)
    : steps.find((step) => step.state === 'next')

function Row({ view, quest }: { view: SheetView; quest: QuestView }) {
  const { s, lang, model } = view
  const { state, progress, goal, action, needs, period, likely } = quest
  const done = state === 'done' && !(period === 'streak' && progress < goal)
  const next = nextOf(quest)
  const left = quest.resetsAtMs === undefined ? undefined : quest.resetsAtMs - model.nowMs.value
  const when = left === undefined || left <= 0 ? '' : ` · ${s.resetsIn(formatAway(left, lang))}`
  return (
    <li class="li">
      <Ring value={done ? 100 : Math.min(100, (progress / goal) * 100)}>
        <ActionIcon action={action} />
      </Ring>
      <div class="mid">
        <div class="t">{quest.title[lang]}</div>
        <div class="d num">
          {state === 'locked' && needs
            ? s.after(needs[lang])
            : `${Math.min(progress, goal)}/${goal}${period === 'week' || period === 'day' ? when : ''}`}
        </div>
        {likely && <div class="d likely">{likely[lang]}</div>}
      </div>
      {done ? (
        <span class="amt ok">
          <Icon name="check" />
          <span class="ff-sr">{s.done}</span>
        </span>
      ) : (
        <span class="amt ff-n">
          {next && next.points > 0 && `+${next.points}`}
          {next && next.rungs > 0 && ` ${s.tierUp}`}
        </span>
      )}
    </li>
  )
}

export function Quests({ view }: { view: SheetView }) {
  const all = view.quests.list.value
  if (!all?.length) return null
  const checkIn = all.find(({ action, period }) => action === 'sign_in' && period === 'streak')
  const others = all.filter((quest) => quest !== checkIn)
  const rank = ({ state, likely }: QuestView) => (likely ? -1 : state === 'done' ? 1 : 0)
  return (
    <section class="quests">
      <h3 class="sum">{view.s.quests}</h3>
      {checkIn && <Strip view={view} quest={checkIn} />}
      <ul>
        {[...others]
          .sort((a, b) => rank(a) - rank(b))
          .map((quest) => (
            <Row key={quest.id} view={view} quest={quest} />
          ))}
      </ul>
    </section>
  )
}
