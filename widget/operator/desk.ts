/** What every part of the console reads: the service, who is there, words, and where one is. */

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Runtime } from '../client/index.ts'
import type { Lang } from '../ui/lang.ts'
import type { Theme } from '../ui/looks.ts'
import type { Nav } from './address.ts'
import type { Api } from './api.ts'
import type { House } from './house.ts'
import type { Me } from './session.ts'
import type { Words } from './words.ts'

export interface Desk {
  api: Api
  me: Me
  nav: Nav
  lang: Lang
  t: Words
  theme: Theme
  /** What many pages need of the brand. */
  house: House
  runtime: Runtime
  setLang(lang: Lang): void
  setTheme(theme: Theme): void
  /** Says at the bottom of the page that something was done. */
  say(text: string): void
  leave(): void
}

const Context = createContext<Desk | undefined>(undefined)

export const WithDesk = Context.Provider

export function useDesk(): Desk {
  const found = useContext(Context)
  if (!found) throw new Error('useDesk outside of the console')
  return found
}
