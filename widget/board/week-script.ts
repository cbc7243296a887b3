/** Weekly boards as a script of their own, `/fanfare-week.js`: only who looks at the board downloads it. */

import { createWeek } from './create-week.tsx'
import { weekScript } from './late-week.ts'
import css from './week.css?inline'

weekScript.announce({ create: (deps) => createWeek(deps, css) })
