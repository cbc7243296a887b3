/** What every part of the console reads: model, words and the ways to change how it looks. */

import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Lang } from '../ui/index.ts'
import type { Theme } from '../ui/looks.ts'
import type { HostModel } from './model.ts'
import type { HostRuntime } from './source.ts'
import type { HostStrings } from './strings.ts'

export interface Console {
  model: HostModel
  runtime: HostRuntime
  lang: Lang
  t: HostStrings
  theme: Theme
  setLang(lang: Lang): void
  setTheme(theme: Theme): void
  /** Makes a key and answers the address for OBS; undefined where the service makes none. */
  stageUrl(): Promise<string | undefined>
}

const Context = createContext<Console | undefined>(undefined)

export const WithConsole = Context.Provider

export function useConsole(): Console {
  const found = useContext(Context)
  if (!found) throw new Error('useConsole outside of the console')
  return found
}
