/** QR codes as a script of their own, `/fanfare-code.js`: only who has a code to show downloads it. */

import { drawCode } from './draw-code.ts'
import { codeScript } from './late-code.ts'

codeScript.announce(drawCode)
