/** The stage page: exchanges its key, connects and lays the plates over the picture. */

import { signal } from '@preact/signals'
import { render } from 'preact'
import { createClient, systemRuntime } from '../client/index.ts'
import '../ui/tokens.css'
import '../ui/components.css'
import './stage.css'
import type { RoomState } from '../../shared/room-state.ts'
import { htmlLang, type Lang, pageLang } from '../ui/index.ts'
import { exchangeKey, readFragment } from './key.ts'
import { createStageModel } from './model.ts'
import { mayComplain, watchVisible } from './obs.ts'
import { Setup } from './Setup.tsx'
import { Stage } from './Stage.tsx'

const root = document.documentElement
const settings = readFragment(location.hash)
const lang: Lang = settings.lang ?? pageLang()
root.dataset.ffTheme = settings.theme
root.lang = htmlLang(lang)

async function gatewayUrl(): Promise<string> {
  const response = await fetch('/v1/config')
  const config: unknown = await response.json()
  if (typeof config === 'object' && config && 'gatewayUrl' in config)
    return String(config.gatewayUrl)
  throw new Error('The service did not say where its gateway is.')
}

/** Setup goes wrong before the first picture; afterwards the stage stays silent. */
function complain(problem: 'key' | 'refused'): void {
  mayComplain(window, (may) => {
    if (may) render(<Setup problem={problem} lang={lang} />, document.body)
  })
}

async function connect(key: string): Promise<void> {
  const room = signal<RoomState | undefined>(undefined)
  const online = signal(false)
  const refused = () => {
    const before = room.peek()
    room.value = undefined
    client.close()
    if (!before) complain('refused')
  }
  const client = createClient({
    url: await gatewayUrl(),
    role: 'stage',
    scope: 'stage',
    getTicket: async () => {
      const answer = await exchangeKey(key, (url, init) => fetch(url, init))
      if (answer.ok) return answer.ticket
      refused()
      throw new Error('The stage key was refused.')
    },
  })
  client.on('changed', ({ status, room: now }) => {
    if (status.phase === 'refused') return refused()
    online.value = status.phase === 'online' || status.phase === 'paused'
    if (now && status.phase !== 'idle') room.value = now
  })
  const model = createStageModel(
    {
      room,
      online,
      onMoment: (hear) => client.on('moment', hear),
      serverNow: () => client.serverNow(),
    },
    systemRuntime,
  )
  watchVisible(window, (visible) => {
    model.setVisible(visible)
    // A source that was hidden may have been frozen: ask for the room as it is now, wait for no back-off.
    if (visible) client.wake()
  })
  render(<Stage model={model} lang={lang} />, document.body)
  client.connect()
}

/** The page may be open before the service is; it waits as long as it takes. */
async function start(key: string): Promise<void> {
  try {
    await connect(key)
  } catch {
    systemRuntime.after(2000, () => void start(key))
  }
}

if (settings.key) void start(settings.key)
else complain('key')
