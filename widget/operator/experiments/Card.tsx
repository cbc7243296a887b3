/** One experiment: what it changes, what it found, what can be done. */

import {
  CONTROL,
  type Experiment,
  GOALS,
  type Goal,
  type Results,
} from '../../../shared/experiments.ts'
import { formatPoints } from '../../ui/index.ts'
import { useDesk } from '../desk.ts'
import { dayOf, minuteOf } from '../time.ts'
import { Acts } from './Acts.tsx'
import { type Field, fieldLabel } from './fields.ts'
import { figure, interval, type Shown } from './read.ts'
import { WORDS } from './words.ts'

const GOAL_NAMES = Object.keys(GOALS) as Goal[]
const TONES = { planned: '', running: 'on', ended: 'warn', done: '' } as const

interface CardProps {
  shown: Shown
  fields: readonly Field[]
  again: () => void
}

export function Card({ shown: { experiment, results }, fields, again }: CardProps) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { id, name, state, goal, ended } = experiment
  return (
    <section class="ff-card trial" aria-label={name} data-experiment={id}>
      <h2 class="ff-h">
        {name}
        <span class={`ff-chip ${TONES[state]}`}>{w.states[state]}</span>
        <span class="by">{w.goals[goal]}</span>
        <When experiment={experiment} />
      </h2>
      {ended && ended.why !== 'time' && <p class="note w">{w.endings[ended.why]}</p>}
      <Arms experiment={experiment} results={results} fields={fields} />
      {results?.full && <p class="ff-muted">{w.full}</p>}
      <Acts experiment={experiment} again={again} />
    </section>
  )
}

/** How long, and where. */
function When({ experiment }: { experiment: Experiment }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const { endsAtMs, days, where, state } = experiment
  const rooms = where && [...where.profiles.map(w.kind), ...where.rooms].join(' · ')
  const until =
    endsAtMs !== undefined && state === 'running'
      ? w.until(`${dayOf(endsAtMs, reader)} ${minuteOf(endsAtMs, reader)}`)
      : w.days(days)
  return (
    <span class="ff-muted when">
      {[until, rooms && w.where(rooms)].filter(Boolean).join(' · ')}
    </span>
  )
}

function Arms({
  experiment,
  results,
  fields,
}: {
  experiment: Experiment
  results: Results | undefined
  fields: readonly Field[]
}) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { arms, control, base, unit } = experiment
  const all = [
    { id: CONTROL, name: w.control, share: control, said: [w.current(base)], why: undefined },
    ...arms.map(({ id, name, share, changes, stopped }) => ({
      ...{ id, name, share },
      said: changes.map(({ field, value }) => `${fieldLabel(fields, field)}: ${value}`),
      why: stopped?.why,
    })),
  ]
  return (
    // It scrolls by itself where it is narrow, by keyboard as well.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to take the focus.
    <section class="arms" aria-label={w.arm} tabIndex={0}>
      <table>
        <thead>
          <tr>
            <th scope="col">{w.arm}</th>
            <th scope="col" class="r">
              {w.viewers}
            </th>
            <th scope="col" class="r">
              {w.points}
            </th>
            {GOAL_NAMES.map((goal) => (
              <th key={goal} scope="col" class={goal === experiment.goal ? 'r goal' : 'r'}>
                {w.goals[goal]}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {all.map(({ id, name, share, said, why }) => (
            <tr key={id} data-arm={id}>
              <td>
                <b>{name}</b>
                {unit === 'account' && <span class="ff-n ff-muted"> {share / 10}%</span>}
                {said.map((text) => (
                  <small key={text}>{text}</small>
                ))}
                {why && <small class="why">{w.endings[why]}</small>}
                {id !== CONTROL && results && (
                  <Verdict experiment={experiment} results={results} arm={id} />
                )}
              </td>
              <Figures experiment={experiment} results={results} arm={id} />
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Verdict({
  experiment,
  results,
  arm,
}: {
  experiment: Experiment
  results: Results
  arm: string
}) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const verdict = results.verdicts[arm] ?? 'waits'
  const found = results.arms.find(({ id }) => id === arm)
  const between = interval(experiment.goal, found?.estimates[experiment.goal])
  return (
    <small class={`verdict ${verdict}`}>
      {w.verdicts[verdict]}
      {between && ` · ${w.versus(...between)}`}
    </small>
  )
}

function Figures({
  experiment,
  results,
  arm,
}: {
  experiment: Experiment
  results: Results | undefined
  arm: string
}) {
  const found = results?.arms.find(({ id }) => id === arm)
  const cell = (text: string | undefined) => text ?? '—'
  return (
    <>
      <td class="r ff-n">{cell(found && formatPoints(found.viewers))}</td>
      <td class="r ff-n">{cell(found && formatPoints(found.sums.issued))}</td>
      {GOAL_NAMES.map((goal) => {
        const estimate = found?.estimates[goal]
        return (
          <td key={goal} class={goal === experiment.goal ? 'r ff-n goal' : 'r ff-n'}>
            {cell(estimate && figure(goal, estimate.value))}
          </td>
        )
      })}
    </>
  )
}
