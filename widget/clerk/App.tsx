/** The counter on a phone: camera, number, one big answer, and the list of the day. */

import { Shape } from '../ui/icons.tsx'
import { plug, warn } from '../ui/shapes.ts'
import { Answer } from './Answer.tsx'
import { Ask } from './Ask.tsx'
import { Conflicts } from './Conflicts.tsx'
import type { Desk } from './desk.ts'
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
  const { model, t } = desk
  if (model.refused.value) return <Sorry text={t.refused} />
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

export function Sorry({ text }: { text: string }) {
  return (
    <main class="sorry">
      <Shape d={warn} />
      <p>{text}</p>
    </main>
  )
}
