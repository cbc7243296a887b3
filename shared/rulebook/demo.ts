/** The rules with which the demo opens: the default preset, and what a merchant would add to it, so that it can be seen. */

import { DEFAULT_PRESET, PRESETS } from './presets.ts'
import type { RulebookInput } from './schema.ts'

export const DEMO_BOOK: RulebookInput = {
  ...PRESETS[DEFAULT_PRESET],
  boards: [
    {
      id: 'week',
      no: 1,
      title: { zh: '本周热度榜', en: 'Stars of the week' },
      places: 20,
      prizes: [200, 100, 50],
      star: { title: { zh: '互动之星', en: 'Star of the week' }, places: 1 },
    },
  ],
}
