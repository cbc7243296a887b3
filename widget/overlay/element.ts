/** `<fanfare-overlay>`: the overlay on any page. */

import { isId } from '../../shared/ids.ts'
import type { KeptToken } from '../client/kept.ts'
import { asLang, pageLang } from '../ui/lang.ts'
import { type Mounted, mount } from './mount.tsx'
import { applyStyles } from './styles.ts'

/** Where this script came from; modules do not know, and come from the page's own origin. */
const scriptSrc = (document.currentScript as HTMLScriptElement | null)?.src
const home = scriptSrc ? new URL(scriptSrc).origin : location.origin

/** Undefined where it is no address; the service is then asked where this script came from. */
function originOf(url: string | undefined): string | undefined {
  try {
    return url ? new URL(url, location.href).origin : undefined
  } catch {
    return undefined
  }
}

/**
 * Attributes: `data-room`, `data-url` (origin of the service), `data-ticket-url`, `lang`, `data-ff-theme`,
 * `data-near` (where the viewer is, `lat,lon`; the nearest pick-up point stands first).
 * It fills the nearest positioned ancestor and lets everything through but its own plates. Overrides:
 * `--ff-accent`, radii and fonts, `--ff-head` (height at the top that belongs to the page), `::part(...)`.
 */
class FanfareOverlay extends HTMLElement {
  static observedAttributes = ['lang', 'data-room', 'data-url', 'data-ticket-url']
  // Declared only: a page may set these before this script has come, and a field of the class would wipe them.
  /** Asked for a ticket at the start and whenever the one before is no longer good. */
  declare getTicket: (() => string | Promise<string>) | undefined
  /** Of the overlay's own page, whose ticket may have come with its address. */
  declare kept: KeptToken | undefined
  /** What viewers share; the page's own address where it is not set. */
  declare shareUrl: string | undefined
  #mounted: Mounted | undefined
  #pending = false

  constructor() {
    super()
    applyStyles(this.attachShadow({ mode: 'open' }))
  }

  connectedCallback(): void {
    this.#restart()
  }

  disconnectedCallback(): void {
    this.#mounted?.end()
    this.#mounted = undefined
  }

  attributeChangedCallback(name: string, before: string | null, now: string | null): void {
    // A page that renders again sets what is there already.
    if (before === now) return
    if (name === 'lang') this.#mounted?.setLang(this.#lang())
    else if (this.isConnected && this.#mounted) this.#restart()
  }

  #lang() {
    return asLang(this.lang || document.documentElement.lang) ?? pageLang()
  }

  /** Once for all that changes in one go. */
  #restart(): void {
    if (this.#pending) return
    this.#pending = true
    queueMicrotask(() => {
      this.#pending = false
      const root = this.shadowRoot
      this.#mounted?.end()
      this.#mounted = undefined
      if (!this.isConnected || !root) return
      const { room, url, ticketUrl } = this.dataset
      this.#mounted = mount({
        root,
        api: originOf(url) ?? home,
        room: room && isId(room) ? room : undefined,
        lang: this.#lang(),
        ticketUrl,
        getTicket: () => this.getTicket,
        kept: this.kept,
        shareUrl: () => this.shareUrl,
      })
    })
  }
}

if (!customElements.get('fanfare-overlay')) customElements.define('fanfare-overlay', FanfareOverlay)

/** Made by its name: the script gives the page nothing but the element. */
export type { FanfareOverlay }
