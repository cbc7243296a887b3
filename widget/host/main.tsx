/** The host page: finds its ticket, connects and shows the console. */

import { render } from 'preact'
import { bindPage, createClient, pageStorage, systemRuntime } from '../client/index.ts'
import { keepToken } from '../client/kept.ts'
import '../ui/tokens.css'
import '../ui/components.css'
import './host.css'
import { type Lang, pageLang } from '../ui/index.ts'
import { createLooks } from '../ui/looks.ts'
import { App } from './App.tsx'
import { sourceOf } from './connect.ts'
import { createHostModel } from './model.ts'
import { STRINGS } from './strings.ts'
import { demoTicket, readConfig, readFragment, stageKey, withoutTicket } from './ticket.ts'

const { ticket, name, lang: givenLang, theme: givenTheme } = readFragment(location.hash)
const kept = keepToken('ff:host:token', ticket, pageStorage())
if (ticket) history.replaceState(null, '', withoutTicket(location.href))
// Another link, opened in the same tab.
addEventListener('hashchange', () => location.reload())
const looks = createLooks({
  key: 'ff:host:looks',
  given: { ...(givenLang && { lang: givenLang }), ...(givenTheme && { theme: givenTheme }) },
  otherwise: { lang: pageLang(), theme: 'dark' },
  storage: () => localStorage,
})
const get = (url: string, init?: RequestInit) => fetch(url, init)

async function start(): Promise<void> {
  const { gatewayUrl, demo } = await readConfig(get)
  const theirs = ticket !== undefined || kept.read() !== undefined
  const sayMissing = () => render(STRINGS[looks.lang.value].noTicket, document.body)
  if (!theirs && !demo) return sayMissing()
  const client = createClient({
    url: gatewayUrl,
    role: 'host',
    scope: 'host',
    storage: pageStorage(),
    kept: theirs ? kept : undefined,
    getTicket: () => {
      if (!theirs) return demoTicket(get, name ?? (looks.lang.value === 'zh' ? '主播' : 'The host'))
      if (ticket) return ticket
      client.close()
      sayMissing()
      throw new Error('The address has no ticket.')
    },
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
            const key = room && (await stageKey(get, { room, token: kept.read() }))
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
