/** The sheet as a script of its own, `/fanfare-sheet.js`: who never opens it never downloads it. */

import play from '../play/play.css?inline'
import rewards from '../rewards/rewards.css?inline'
import { createSheet } from './create-sheet.tsx'
import { sheetScript } from './late-sheet.ts'
import css from './sheet.css?inline'

sheetScript.announce({ create: createSheet, css: css + rewards + play })
