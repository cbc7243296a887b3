/** A part of the sheet that comes with a script of its own when it is first wanted. */

import type { LateScript } from './late-script.ts'
import type { SheetDeps } from './late-sheet.ts'
import type { ReadonlySignal } from './reactive.ts'

export interface LatePart<Part> {
  /** Undefined until it has come. */
  part: ReadonlySignal<Part | undefined>
  /** It was asked for and did not come. */
  failed: ReadonlySignal<boolean>
  /** Asks for it; harmless to repeat. Where it does not come, the next look asks again. */
  want(): void
}

export function latePart<Script, Part>(
  { api, reactive }: Pick<SheetDeps, 'api' | 'reactive'>,
  script: LateScript<Script>,
  make: (script: Script) => Part,
): LatePart<Part> {
  const part = reactive.signal<Part | undefined>(undefined)
  const failed = reactive.signal(false)
  let asked = false
  return {
    part,
    failed,
    want() {
      if (asked) return
      asked = true
      failed.value = false
      void script.load(api).then((found) => {
        asked = found !== undefined
        failed.value = !asked
        part.value = found && make(found)
      })
    },
  }
}

/** The same, wanted whenever that is so. */
export function latePartWhen<D, Part>(
  deps: NoInfer<D> & Pick<SheetDeps, 'api' | 'reactive'>,
  script: LateScript<{ create(deps: D): Part }>,
  isWanted: () => unknown,
): LatePart<Part> {
  const late = latePart(deps, script, ({ create }) => create(deps))
  deps.reactive.effect(() => {
    if (isWanted()) late.want()
  })
  return late
}
