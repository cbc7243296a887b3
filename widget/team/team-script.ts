/** Teams as a script of their own, `/fanfare-team.js`: only who looks at them where there are team tasks downloads it. */

import { createTeam } from './create-team.tsx'
import { teamScript } from './late-team.ts'
import css from './team.css?inline'

teamScript.announce({ create: (deps) => createTeam(deps, css) })
