/** What stands where the picture would be while the stage is not set up; never during a broadcast. */

import type { Lang } from '../ui/index.ts'
import { STRINGS } from './strings.ts'

export function Setup({ problem, lang }: { problem: 'key' | 'refused'; lang: Lang }) {
  const t = STRINGS[lang]
  return (
    <main class="stage">
      <div class="slot tl">
        <section class="p setup" role="alert">
          <h1 class="s2">{problem === 'key' ? t.setupKey : t.setupRefused}</h1>
          <p class="s1">{problem === 'key' ? t.setupKeyWhy : t.setupRefusedWhy}</p>
        </section>
      </div>
    </main>
  )
}
