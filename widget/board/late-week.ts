/** Brings the weekly boards when the board is first looked at. */

import type { ComponentType } from 'preact'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { ReadonlySignal } from '../overlay/reactive.ts'

export type WeekDeps = Pick<
  SheetDeps,
  'client' | 'model' | 'panel' | 'lang' | 'runtime' | 'reactive'
>
export interface WeekScript {
  create(deps: WeekDeps): ComponentType
}

export const weekScript = lateScript<WeekScript>('/fanfare-week.js', 'FanfareWeek')

/** Undefined until it has come; where it does not, the next look asks again. */
export function createLateWeek(
  deps: WeekDeps & Pick<SheetDeps, 'api'>,
): ReadonlySignal<ComponentType | undefined> {
  const { effect, signal } = deps.reactive
  const made = signal<ComponentType | undefined>(undefined)
  let asked = false
  effect(() => {
    if (deps.panel.value !== 'board' || asked) return
    asked = true
    void weekScript.load(deps.api).then((script) => {
      asked = script !== undefined
      made.value = script?.create(deps)
    })
  })
  return made
}
