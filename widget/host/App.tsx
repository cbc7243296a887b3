/** The host console: reading on the left, saying in the middle, launching on the right; a thumb bar on phones. */

import { useEffect, useRef } from 'preact/hooks'
import type { RoomState } from '../../shared/room-state.ts'
import { useKeptFocus } from '../ui/keep-focus.ts'
import { Announcements } from './Announcements.tsx'
import { Asks } from './Asks.tsx'
import { Bar } from './Bar.tsx'
import { Comments } from './Comments.tsx'
import { type Console, useConsole, WithConsole } from './console.ts'
import { cueCard } from './cue.ts'
import { cueVerb } from './keys.ts'
import { Launch } from './Launch.tsx'
import { Nav } from './Nav.tsx'
import { RoomPane } from './RoomPane.tsx'
import { SafeBar } from './Safe.tsx'

export function App(props: { console: Console }) {
  return (
    <WithConsole value={props.console}>
      <Frame />
    </WithConsole>
  )
}

function Frame() {
  const { model } = useConsole()
  useCueKeys()
  const room = model.room.value
  return room ? <Live room={room} /> : <Waiting />
}

function Live({ room }: { room: RoomState }) {
  const { model, t } = useConsole()
  const app = useRef<HTMLElement>(null)
  useKeptFocus(app)
  const code = model.notice.value
  return (
    <main
      class="app"
      ref={app}
      data-view={model.view.value}
      data-safe={model.safe.value || undefined}
    >
      <Bar />
      {model.safe.value && <SafeBar />}
      <RoomPane room={room} />
      <section class="pane mid" aria-label={t.announcements}>
        <Announcements rungs={room.ladder.rungs} />
        <Asks />
        <Comments />
      </section>
      <Launch />
      <Nav />
      <div class="notice" role="status">
        {code && <p class="ff-chip warn">{t.refusals[code] ?? t.refusal(code)}</p>}
      </div>
    </main>
  )
}

/** Before the first welcome, and where none will come. */
function Waiting() {
  const { model, t } = useConsole()
  const link = model.link.value
  return (
    <main class="app waiting">
      <div class="ff-card" role="status">
        <h1>{t.title}</h1>
        <p class="ff-muted">{link === 'closed' ? t.ticketBad : `${t.link[link]}…`}</p>
      </div>
    </main>
  )
}

/** Space, H and S act on the cue on the card, wherever the focus is as long as nothing is typed. */
function useCueKeys() {
  const { model, lang } = useConsole()
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const verb = cueVerb(event)
      const cue = model.cues.peek()[0]
      const room = model.room.peek()
      if (!verb || !cue || !room) return
      event.preventDefault()
      if (verb === 'announce' && model.safe.peek()) return
      model.act(verb, cueCard(cue, room.ladder.rungs, lang).call)
    }
    addEventListener('keydown', pressed)
    return () => removeEventListener('keydown', pressed)
  }, [model, lang])
}
