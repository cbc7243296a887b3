/** Starts an overlay inside a shadow root and ends it again. */

import { createRef, render } from 'preact'
import { bindPage, createClient, pageStorage, systemRuntime } from '../client/browser.ts'
import { wishesKey } from '../client/store.ts'
import type { Lang } from '../ui/lang.ts'
import { demoTicket, readConfig, type ServiceConfig, ticketFrom } from './connect.ts'
import { createLateSheet } from './late-sheet.ts'
import { READ_LONG_MS, RETRY_MS } from './limits.ts'
import { createOverlayModel } from './model.ts'
import { Overlay } from './Overlay.tsx'
import { createPrefs } from './prefs.ts'
import * as reactive from './reactive.ts'
import { startSpeaking } from './spoken.ts'
import { STRINGS } from './strings.ts'
import type { Panel } from './view.ts'

export interface MountOptions {
  root: ShadowRoot
  /** Origin of the service. */
  api: string
  room?: string | undefined
  lang: Lang
  ticketUrl?: string | undefined
  /** Asked each time: a page may set both later than the overlay begins. */
  getTicket(): (() => string | Promise<string>) | undefined
  shareUrl(): string | undefined
}

export interface Mounted {
  setLang(lang: Lang): void
  end(): void
}

const { effect, signal } = reactive
const runtime = systemRuntime
const get = (url: string, init?: RequestInit) => fetch(url, init)

const lessMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** Names the viewer by whose link somebody came. */
const VIA = 'via'

/** Shares the page's address, from which it is known who handed it on; a page that listens to `fanfare-share` and prevents it does so itself. */
async function handOn(
  { root, shareUrl }: MountOptions,
  { via, team, copied }: { via: string | undefined; team: string | undefined; copied: () => void },
): Promise<boolean> {
  const asked = new CustomEvent('fanfare-share', {
    bubbles: true,
    composed: true,
    cancelable: true,
    detail: { via, team },
  })
  if (!root.host.dispatchEvent(asked)) return true
  const address = new URL(shareUrl() ?? location.href, location.href)
  if (via) address.searchParams.set(VIA, via)
  if (team) address.searchParams.set('team', team)
  const url = address.href
  try {
    if ('share' in navigator && matchMedia('(pointer: coarse)').matches) {
      await navigator.share({ url })
    } else {
      await navigator.clipboard.writeText(url)
      copied()
    }
  } catch (error) {
    // The viewer closed the share sheet. A clipboard that is not allowed is no reason to refuse.
    return !(error instanceof DOMException && error.name === 'AbortError')
  }
  return true
}

/** Shows the overlay as soon as the service answers, and asks again until it does. */
export function mount(options: MountOptions): Mounted {
  const { root, api, room } = options
  const lang = signal<Lang>(options.lang)
  const host = document.createElement('div')
  root.append(host)
  let ended = false
  let stop = () => {}

  async function ticket({ demo }: ServiceConfig): Promise<string> {
    const { ticketUrl } = options
    const own = options.getTicket()
    if (own) return own()
    if (ticketUrl) return ticketFrom(get, ticketUrl)
    if (!demo) throw new Error('The overlay needs getTicket or data-ticket-url.')
    return (await demoTicket(get, api, { name: STRINGS[lang.value].guest, room })).ticket
  }

  async function begin(): Promise<void> {
    const config = await readConfig(get, api)
    if (ended) return
    // A frame hears from the page around it.
    const address = `${location.search} ${options.shareUrl()}`
    const via = /[?&]via=([\w-]+)/.exec(address)?.[1]
    const client = createClient({
      url: config.gatewayUrl,
      role: 'viewer',
      scope: room ?? '',
      storage: pageStorage(),
      lang: lang.value,
      getTicket: () => ticket(config),
      ...(via && { via }),
    })
    const prefs = createPrefs(() => localStorage, lessMotion())
    const model = createOverlayModel({ client, runtime, prefs })
    const panel = signal<Panel | undefined>(undefined)
    const hint = signal('')
    let forget = () => {}
    const tell = (text: string) => {
      forget()
      hint.value = text
      forget = runtime.after(READ_LONG_MS, () => {
        hint.value = ''
      })
    }
    const view = {
      model,
      panel,
      hint,
      tell,
      draft: signal(''),
      sheet: createLateSheet(root, {
        client,
        model,
        panel,
        lang,
        runtime,
        address,
        api,
        get,
        room,
        near: () => (root.host instanceof HTMLElement ? root.host.dataset.near : undefined),
        reactive,
      }),
      handOn: (team?: string) =>
        handOn(options, {
          via: client.state.me?.via,
          team,
          copied: () => tell(STRINGS[lang.value].copied),
        }),
      pill: createRef<HTMLButtonElement>(),
      box: createRef<HTMLInputElement>(),
    }
    // Everything that is read on the way belongs to this one effect.
    const hide = effect(() =>
      render(<Overlay view={{ ...view, lang: lang.value, t: STRINGS[lang.value] }} />, host),
    )
    const silence = startSpeaking(model, lang)
    // An earlier page had asked for it and got no answer; a friend's link asks to join a team.
    if (pageStorage()?.getItem(wishesKey(room)) || /[?&]team=/.test(address)) view.sheet.want()
    const unbind = bindPage(client)
    client.connect()
    stop = () => {
      unbind()
      client.close()
      hide()
      silence()
      forget()
      render(null, host)
    }
  }

  const start = () => {
    if (ended) return
    begin().catch((error: unknown) => {
      // biome-ignore lint/suspicious/noConsole: whoever embeds the overlay sees why nothing appears.
      console.warn('Fanfare waits:', error instanceof Error ? error.message : error)
      runtime.after(RETRY_MS, start)
    })
  }
  start()
  return {
    setLang(next) {
      lang.value = next
    },
    end() {
      ended = true
      stop()
      host.remove()
    },
  }
}
