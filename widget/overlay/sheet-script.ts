/** The sheet as a script of its own, `/fanfare-sheet.js`: who never opens it never downloads it. */

import { createSheet } from './create-sheet.tsx'
import { announceSheet } from './late-sheet.ts'
import css from './sheet.css?inline'

announceSheet({ create: createSheet, css })
