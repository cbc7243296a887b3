/** The page's address: `#/viewers/u-17`, and once, when it is opened, `#ticket=...&lang=en&theme=dark&go=viewers/u-17`. */

import { type ReadonlySignal, signal } from '@preact/signals'
import type { Lang } from '../ui/lang.ts'
import type { Theme } from '../ui/looks.ts'

export interface Place {
  page: string
  /** What the page shows, in its own words. */
  rest: string[]
}

export interface Opening {
  ticket: string | undefined
  lang: Lang | undefined
  theme: Theme | undefined
  place: Place
}

const parts = (text: string): Place => {
  const [page = '', ...rest] = text.split('/').filter(Boolean).map(decoded)
  return { page, rest }
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}

export function readOpening(hash: string): Opening {
  if (hash.startsWith('#/'))
    return { ticket: undefined, lang: undefined, theme: undefined, place: parts(hash.slice(2)) }
  const given = new URLSearchParams(hash.replace(/^#/, ''))
  const lang = given.get('lang')
  const theme = given.get('theme')
  return {
    ticket: given.get('ticket') || undefined,
    lang: lang === 'zh' || lang === 'en' ? lang : undefined,
    theme: theme === 'light' || theme === 'dark' ? theme : undefined,
    place: parts(given.get('go') ?? ''),
  }
}

/** What somebody pasted: a ticket, or the whole link that carries it. */
export function ticketIn(text: string): string {
  const given = text.trim()
  const hash = given.indexOf('#')
  return (hash < 0 ? undefined : readOpening(given.slice(hash)).ticket) ?? given
}

export interface Nav {
  place: ReadonlySignal<Place>
  go(page: string, ...rest: string[]): void
  /** The same, in the place of the address that led here: the way back does not lead here again. */
  replace(page: string, ...rest: string[]): void
}

export const hrefOf = (page: string, ...rest: string[]): string =>
  `#/${[page, ...rest].map(encodeURIComponent).join('/')}`

/** Follows the address, which from now on carries no ticket: not in the history of the tab, not in a bookmark. */
export function createNav(page: Window, first: Place): Nav {
  const place = signal(first)
  page.history.replaceState(null, '', hrefOf(first.page, ...first.rest))
  page.addEventListener('hashchange', () => {
    const opening = readOpening(page.location.hash)
    // A link to sign in by, followed where the console is open already: the page begins anew and takes the ticket.
    if (opening.ticket !== undefined) page.location.reload()
    else place.value = opening.place
  })
  return {
    place,
    go: (to, ...rest) => {
      page.location.hash = hrefOf(to, ...rest)
    },
    replace: (to, ...rest) => page.location.replace(hrefOf(to, ...rest)),
  }
}
