/** The history as a script of its own, `/fanfare-history.js`: only who looks at it downloads it. */

import { createHistoryPage } from './History.tsx'
import { historyScript } from './late-history.ts'

historyScript.announce({ create: createHistoryPage })
