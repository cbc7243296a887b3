/** The counter on a phone: camera, number, one big answer, and the list of the day. */

import { groupedCode } from '../../shared/pickup.ts'
import { momentOf } from '../rewards/moments.ts'
import { Shape } from '../ui/icons.tsx'
import { plug, warn } from '../ui/shapes.ts'
import { Answer } from './Answer.tsx'
import { Ask } from './Ask.tsx'
import { Conflicts } from './Conflicts.tsx'
import { type Desk, titleOf } from './desk.ts'
import { List } from './List.tsx'

function Head({ desk: { model, t, lang } }: { desk: Desk }) {
  const point = model.point.value
  const waiting = model.waiting.value
  const online = model.online.value
  return (
    <header>
      <span class="mid">
        <h1>{point?.name[lang] ?? t.title}</h1>
        <small>{point?.clerk ?? t.connecting}</small>
      </span>
      <span class="states" role="status">
        <span class={`ff-chip ${online ? 'on' : 'warn'}`}>
          {!online && <Shape d={plug} />}
          {online ? t.online : t.offline}
        </span>
        {waiting > 0 && <span class="ff-chip warn">{t.waiting(waiting)}</span>}
      </span>
    </header>
  )
}

export function App({ desk }: { desk: Desk }) {
  const { model } = desk
  if (model.refused.value) return <Withdrawn desk={desk} />
  return (
    <>
      <Head desk={desk} />
      <main>
        <Answer desk={desk} />
        <Ask desk={desk} />
        <Conflicts desk={desk} />
        <List desk={desk} />
      </main>
    </>
  )
}

/** The key opens nothing any more; what was handed over without network is not lost, and says so. */
function Withdrawn({ desk: { model, t, lang, nowMs } }: { desk: Desk }) {
  const uses = model.untold.value
  if (uses.length === 0) return <Sorry text={t.refused} />
  return (
    <main class="sorry">
      <Shape d={warn} />
      <p role="alert">{t.refused}</p>
      <section class="untold">
        <h2>{t.untold(uses.length)}</h2>
        <p>{t.untoldNext}</p>
        <ul>
          {uses.map(({ useId, short, title, atMs }) => (
            <li key={useId}>
              <b>
                {titleOf(title, lang)} <span class="ff-n">{groupedCode(short)}</span>
              </b>
              <small>{momentOf(atMs, nowMs(), lang)}</small>
            </li>
          ))}
        </ul>
      </section>
    </main>
  )
}

export function Sorry({ text }: { text: string }) {
  return (
    <main class="sorry">
      <Shape d={warn} />
      <h1>{text}</h1>
    </main>
  )
}
