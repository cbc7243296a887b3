/** The host page: finds its ticket, connects and shows the console. */

import { render } from 'preact'
import { bindPage, createClient, pageStorage, systemRuntime } from '../client/index.ts'
import '../ui/tokens.css'
import '../ui/components.css'
import './host.css'
import { type Lang, pageLang } from '../ui/index.ts'
import { createLooks } from '../ui/looks.ts'
import { App } from './App.tsx'
import { sourceOf } from './connect.ts'
import { createHostModel } from './model.ts'
import { STRINGS } from './strings.ts'
import { demoTicket, readConfig, readFragment, stageKey } from './ticket.ts'

const { ticket, name, lang: givenLang, theme: givenTheme } = readFragment(location.hash)
const looks = createLooks({
  key: 'ff:host:looks',
  given: { ...(givenLang && { lang: givenLang }), ...(givenTheme && { theme: givenTheme }) },
  otherwise: { lang: pageLang(), theme: 'dark' },
  storage: () => localStorage,
})
const get = (url: string, init?: RequestInit) => fetch(url, init)

async function start(): Promise<void> {
  const { gatewayUrl, demo } = await readConfig(get)
  if (!ticket && !demo) {
    document.body.textContent = STRINGS[looks.lang.value].noTicket
    return
  }
  const client = createClient({
    url: gatewayUrl,
    role: 'host',
    scope: 'host',
    storage: pageStorage(),
    getTicket: () =>
      ticket ?? demoTicket(get, name ?? (looks.lang.value === 'zh' ? '主播' : 'The host')),
  })
  const model = createHostModel(sourceOf(client), systemRuntime)
  bindPage(client)
  client.connect()
  const Page = () => {
    const lang = looks.lang.value
    return (
      <App
        console={{
          model,
          runtime: systemRuntime,
          lang,
          t: STRINGS[lang],
          theme: looks.theme.value,
          setLang: (next: Lang) => {
            looks.lang.value = next
          },
          setTheme: (next) => {
            looks.theme.value = next
          },
          stageUrl: async () => {
            const room = model.room.peek()?.room.id
            const key = room && (await stageKey(get, { room, ticket }))
            return key ? `${location.origin}/stage#k=${key}&lang=${lang}` : undefined
          },
        }}
      />
    )
  }
  render(<Page />, document.body)
}

/** The page may be open before the service is; it waits as long as it takes. */
const begin = () => {
  start().catch(() => systemRuntime.after(2000, begin))
}
begin()
