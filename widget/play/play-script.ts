/** The tab of play as a script of its own, `/fanfare-play.js`: only who looks at it downloads it. */

import { playScript } from './late-play.ts'
import { Play } from './Play.tsx'

playScript.announce({ create: () => Play })
