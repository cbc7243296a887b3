/** The fan club as a script of its own, `/fanfare-club.js`: only who looks at it where there are clubs downloads it. */

import css from './club.css?inline'
import { createClub } from './create-club.tsx'
import { clubScript } from './late-club.ts'

clubScript.announce({ create: (deps) => createClub(deps, css) })
