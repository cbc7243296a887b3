/** What every part of the sheet is given. */

import type { History } from './history.ts'
import type { Rules } from './rules.ts'
import type { SheetStrings } from './sheet-strings.ts'
import type { View } from './view.ts'

export interface SheetView extends View {
  s: SheetStrings
  history: History
  rules: Rules
}
