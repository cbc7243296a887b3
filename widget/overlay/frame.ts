/** The frame's end of the talk with the page around it: greets back nobody but its parent. */

import { type Look, readLook } from '../embed/look.ts'
import type { FromFrame, ToFrame } from '../embed/messages.ts'
import { FRAME_HELLO_MS, FRAME_TICKET_MS } from './limits.ts'

export interface Parent {
  /** Undefined where the page around hands no tickets over. */
  getTicket: (() => Promise<string>) | undefined
  /** Address of the room's page, for sharing. */
  shareUrl: string | undefined
  /** Of the page around. */
  look: Look
}

/** The few things of a window that the talk needs. */
export interface Frame {
  parent: Pick<Window, 'postMessage'>
  addEventListener(type: 'message', hear: (event: MessageEvent<unknown>) => void): void
}
type After = (ms: number, run: () => void) => () => void

const isHello = (data: unknown): data is Extract<ToFrame, { fanfare: 'hello' }> =>
  typeof data === 'object' && data !== null && 'fanfare' in data && data.fanfare === 'hello'
const isTicket = (data: unknown): data is Extract<ToFrame, { fanfare: 'ticket' }> =>
  typeof data === 'object' && data !== null && 'fanfare' in data && data.fanfare === 'ticket'

const httpUrl = (text: unknown): string | undefined =>
  typeof text === 'string' && /^https?:\/\//.test(text) ? text : undefined

/**
 * Waits for the page around to say hello; its origin is known from then on and messages go to nobody else.
 * `frame-ancestors` decides which pages may frame this one. Undefined where nobody says hello in time.
 */
export function askParent(frame: Frame, after: After): Promise<Parent | undefined> {
  if (Object.is(frame.parent, frame)) return Promise.resolve(undefined)
  return new Promise((found) => {
    const asked = new Map<number, (ticket: string) => void>()
    let origin: string | undefined
    let id = 0
    const ask = () =>
      new Promise<string>((resolve, reject) => {
        const mine = ++id
        asked.set(mine, resolve)
        after(FRAME_TICKET_MS, () => {
          asked.delete(mine)
          reject(new Error('The page gave no ticket.'))
        })
        const question: FromFrame = { fanfare: 'ticket', id: mine }
        if (origin) frame.parent.postMessage(question, origin)
      })
    frame.addEventListener('message', ({ data, source, origin: from }) => {
      if (source !== frame.parent || (origin !== undefined && from !== origin)) return
      if (isHello(data) && origin === undefined) {
        origin = from
        const { tickets, shareUrl, look } = data
        found({
          getTicket: tickets ? ask : undefined,
          shareUrl: httpUrl(shareUrl),
          look: readLook(look),
        })
      } else if (origin !== undefined && isTicket(data) && typeof data.ticket === 'string') {
        asked.get(data.id)?.(data.ticket)
        asked.delete(data.id)
      }
    })
    after(FRAME_HELLO_MS, () => found(undefined))
  })
}
