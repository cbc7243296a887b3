/** The overlay's page: the element alone, for those who embed it as a frame. */

import './page.css'
import { keepToken } from '../client/kept.ts'
import { pageStorage, systemRuntime } from '../client/runtime.ts'
import { htmlLang, pageLang } from '../ui/lang.ts'
import type { FanfareOverlay } from './element.ts'
import { askParent } from './frame.ts'
import { readParams, readTicket } from './params.ts'

// biome-ignore lint/suspicious/noConsole: whoever writes the address sees what was ignored.
const params = readParams(location.search, (message) => console.warn(message))
// The element's own script, which stands before this one in the page, is the same for all forms.
const overlay = document.createElement('fanfare-overlay') as FanfareOverlay
overlay.lang = htmlLang(params.lang ?? pageLang())
document.documentElement.lang = overlay.lang
overlay.dataset.ffTheme = params.theme ?? 'dark'
if (params.near) overlay.dataset.near = params.near
if (params.room) overlay.dataset.room = params.room
if (params.head !== undefined) overlay.style.setProperty('--ff-head', `${params.head}px`)
// Where the ticket is in the address nobody around it has to be waited for, and the address is not for others.
const ticket = readTicket(location.hash)
if (ticket) {
  overlay.getTicket = () => ticket
  overlay.kept = keepToken(`ff:overlay:token:${params.room ?? ''}`, ticket, pageStorage())
}
const shareUrl = params.share ?? (ticket && (document.referrer || location.origin))
if (shareUrl) overlay.shareUrl = shareUrl
const around = ticket ? Promise.resolve(undefined) : askParent(window, systemRuntime.after)
void around.then((parent) => {
  if (parent) {
    overlay.getTicket = parent.getTicket
    overlay.shareUrl = parent.shareUrl
    for (const [name, value] of Object.entries(parent.look)) overlay.style.setProperty(name, value)
  }
  document.body.append(overlay)
})
