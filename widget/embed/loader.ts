/** Puts the overlay's frame into a page and hands tickets over, to nobody but that frame. */

import { lookOf } from './look.ts'
import type { FromFrame, ToFrame } from './messages.ts'

type GetTicket = () => string | Promise<string>

/** What goes into the frame's address; everything else stays on the page. */
const PARAMS = ['room', 'lang', 'theme', 'head', 'near'] as const

const isQuestion = (data: unknown): data is FromFrame =>
  typeof data === 'object' &&
  data !== null &&
  'fanfare' in data &&
  data.fanfare === 'ticket' &&
  'id' in data &&
  typeof data.id === 'number'

async function fetchTicket(url: string): Promise<string> {
  const response = await fetch(url, { credentials: 'include', cache: 'no-store' })
  if (!response.ok) throw new Error(`${url} answered ${response.status}`)
  const { ticket } = await response.json()
  if (typeof ticket !== 'string') throw new Error(`${url} answered no ticket`)
  return ticket
}

/**
 * The script's attributes: `data-room`, `data-lang`, `data-theme`, `data-head`, `data-near` go to the frame;
 * `data-ticket-url` answers `{"ticket": "..."}`, or `data-get-ticket` names a function of the window;
 * `data-target` is a selector of the box to fill, else the script's parent. What that box has or inherits of the
 * properties of `LOOK` goes to the frame when it loads.
 */
export function load(page: Window, script: HTMLScriptElement): HTMLIFrameElement {
  const { document } = page
  const { dataset } = script
  const url = new URL('/overlay', script.src)
  for (const name of PARAMS) {
    const value = dataset[name]
    if (value) url.searchParams.set(name, value)
  }
  const frame = document.createElement('iframe')
  frame.title = dataset.lang === 'en' ? 'Points' : '积分'
  frame.allow = 'clipboard-write; web-share; geolocation'
  // A frame with another colour scheme than its page would not be transparent.
  frame.style.cssText =
    'position:absolute;inset:0;width:100%;height:100%;border:0;background:transparent;color-scheme:light'

  const named = (page as unknown as Record<string, unknown>)[dataset.getTicket ?? '']
  const { ticketUrl } = dataset
  const getTicket: GetTicket | undefined =
    typeof named === 'function'
      ? (named as GetTicket)
      : ticketUrl
        ? () => fetchTicket(ticketUrl)
        : undefined
  const send = (message: ToFrame) => frame.contentWindow?.postMessage(message, url.origin)

  page.addEventListener('message', async ({ origin, source, data }: MessageEvent<unknown>) => {
    if (origin !== url.origin || source !== frame.contentWindow || !isQuestion(data)) return
    try {
      const ticket = await getTicket?.()
      if (typeof ticket === 'string') send({ fanfare: 'ticket', id: data.id, ticket })
    } catch (error) {
      // No answer is an answer: the frame asks again.
      // biome-ignore lint/suspicious/noConsole: whoever embeds the overlay sees why there are no points.
      console.warn('Fanfare waits:', error instanceof Error ? error.message : error)
    }
  })
  frame.addEventListener('load', () =>
    send({
      fanfare: 'hello',
      tickets: getTicket !== undefined,
      shareUrl: page.location.href,
      look: lookOf(page, frame),
    }),
  )
  frame.src = url.href
  const box = dataset.target ? document.querySelector(dataset.target) : script.parentElement
  ;(box ?? document.body).append(frame)
  return frame
}
