/** Puts the sheet together with what only it reads. */

import { createHistory } from './history.ts'
import type { SheetComponent, SheetDeps } from './late-sheet.ts'
import { createRules, fetchRules } from './rules.ts'
import { Sheet } from './Sheet.tsx'
import { SHEET_STRINGS } from './sheet-strings.ts'

export function createSheet(deps: SheetDeps): SheetComponent {
  const history = createHistory(deps)
  const rules = createRules({ ...deps, read: (lang) => fetchRules(deps.get, deps.api, lang) })
  return ({ view, close }) => (
    <Sheet view={{ ...view, history, rules, s: SHEET_STRINGS[view.lang] }} close={close} />
  )
}
