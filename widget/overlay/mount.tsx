/** Starts an overlay inside a shadow root and ends it again. */

import { createRef, render } from 'preact'
import { Fragment, jsx, jsxs } from 'preact/jsx-runtime'
import { bindPage, createClient, pageStorage, systemRuntime } from '../client/browser.ts'
import type { KeptToken } from '../client/kept.ts'
import { wishesKey } from '../client/store.ts'
import type { Lang } from '../ui/lang.ts'
import { demoTicket, readConfig, type ServiceConfig, ticketFrom } from './connect.ts'
import { createFading } from './fading.ts'
import { handOn } from './hand-on.ts'
import { createLateSheet } from './late-sheet.ts'
import { READ_LONG_MS, RETRY_MS } from './limits.ts'
import { createOverlayModel } from './model.ts'
import { Overlay } from './Overlay.tsx'
import { createPrefs } from './prefs.ts'
import { batch, computed, effect, type ReadonlySignal, signal } from './reactive.ts'
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
  kept: KeptToken | undefined
  shareUrl(): string | undefined
}

export interface Mounted {
  setLang(lang: Lang): void
  end(): void
}

/** For the scripts that come later: their elements are drawn by this copy of Preact, so they bring none. */
Object.assign(globalThis, { fanfareElements: { Fragment, jsx, jsxs } })

const runtime = systemRuntime
const get = (url: string, init?: RequestInit) => fetch(url, init)

const lessMotion = () => matchMedia('(prefers-reduced-motion: reduce)').matches

/** Whoever embeds the overlay sees here what a viewer is not told. */
function warn(what: string, why: unknown): void {
  // biome-ignore lint/suspicious/noConsole: the console is where an embedder looks.
  console.warn(`Fanfare ${what}:`, why instanceof Error ? why.message : why)
}

/** Throws where nobody gives one. */
async function ticketOf(
  { api, room, ticketUrl, getTicket }: MountOptions,
  { demo }: ServiceConfig,
  name: string,
): Promise<string> {
  const own = getTicket()
  if (own) return own()
  if (ticketUrl) return ticketFrom(get, ticketUrl)
  if (!demo) throw new Error('The overlay needs getTicket or data-ticket-url.')
  return (await demoTicket(get, api, { name, room })).ticket
}

/** The overlay of a service that has answered, drawn into `host`; the answer ends it. */
function show(
  options: MountOptions,
  config: ServiceConfig,
  { lang, host }: { lang: ReadonlySignal<Lang>; host: Element },
): () => void {
  const { root, api, room } = options
  // A frame hears from the page around it.
  const address = `${location.search} ${options.shareUrl()}`
  const via = /[?&]via=([\w-]+)/.exec(address)?.[1]
  const storage = pageStorage()
  const client = createClient({
    url: config.gatewayUrl,
    role: 'viewer',
    scope: room ?? '',
    storage,
    kept: options.kept,
    getTicket: () =>
      ticketOf(options, config, STRINGS[lang.value].guest).catch((error: unknown) => {
        warn('waits', error)
        throw error
      }),
    ...(via && { via }),
  })
  const prefs = createPrefs(() => localStorage, lessMotion())
  const model = createOverlayModel({ client, runtime, prefs, storage })
  const panel = signal<Panel | undefined>(undefined)
  const hint = createFading<string>(runtime)
  const tell = (text: string) => {
    hint.set(text, READ_LONG_MS)
    model.speaker.say('hint', text)
  }
  const sheet = createLateSheet(root, {
    client,
    model,
    panel,
    lang,
    runtime,
    address,
    api,
    get,
    room,
    near: () => root.host.getAttribute('data-near') ?? undefined,
    reactive: { batch, computed, effect, signal },
  })
  const view = {
    model,
    panel,
    hint: hint.value,
    tell,
    sheet,
    draft: signal(''),
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
  if (storage?.getItem(wishesKey(room)) || /[?&]team=/.test(address)) sheet.want()
  const unbind = bindPage(client)
  const refusal = computed(() => {
    const { status } = model.state.value
    return status.phase === 'refused' ? status.reason : undefined
  })
  const elsewhere = computed(() => {
    const id = model.state.value.room?.room.id
    return room && id !== room ? id : undefined
  })
  const quiet = effect(() => {
    if (refusal.value) warn('refused', refusal.value)
    if (elsewhere.value) warn('has a ticket for another room', elsewhere.value)
  })
  client.connect()
  return () => {
    unbind()
    client.close()
    hide()
    silence()
    quiet()
    hint.set(undefined)
    render(null, host)
  }
}

/** Outside a shadow root nobody sees that a key was pressed in a field: the page would take a comment for its shortcuts. */
function keepKeys(host: Element): void {
  for (const kind of ['keydown', 'keypress', 'keyup'])
    host.addEventListener(kind, (event) => {
      if (event.target instanceof HTMLInputElement) event.stopPropagation()
    })
}

/** Shows the overlay as soon as the service answers, and asks again until it does. */
export function mount(options: MountOptions): Mounted {
  const lang = signal<Lang>(options.lang)
  const host = document.createElement('div')
  keepKeys(host)
  options.root.append(host)
  let ended = false
  let stop = () => {}

  const start = async () => {
    if (ended) return
    try {
      const config = await readConfig(get, options.api)
      if (!ended) stop = show(options, config, { lang, host })
    } catch (error) {
      warn('waits', error)
      runtime.after(RETRY_MS, start)
    }
  }
  void start()
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
