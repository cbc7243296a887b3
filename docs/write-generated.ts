/** `npm run generate`. */

import { writeFileSync } from 'node:fs'
import { generated } from './generate.ts'

for (const [path, render] of Object.entries(generated)) writeFileSync(path, render())
