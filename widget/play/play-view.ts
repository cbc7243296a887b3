/** What the parts of the tab are given: the sheet's own, with the words that came with the tab. */

import type { SheetView } from '../overlay/sheet-view.ts'
import type { PlayStrings } from './strings.ts'

export interface PlayView extends SheetView {
  p: PlayStrings
}
