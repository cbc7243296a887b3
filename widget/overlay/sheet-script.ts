/** The sheet as a script of its own, `/fanfare-sheet.js`: who never opens it never downloads it. */

import { announceSheet } from './late-sheet.ts'
import { Sheet } from './Sheet.tsx'
import css from './sheet.css?inline'

announceSheet({ Sheet, css })
