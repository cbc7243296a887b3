/** The rules with which the demo opens: the default preset, and what a merchant would add to it, so that it can be seen. */

import { DEFAULT_PRESET, PRESETS } from './presets.ts'
import type { RulebookInput } from './schema.ts'

export const DEMO_BOOK: RulebookInput = {
  ...PRESETS[DEFAULT_PRESET],
  teamTasks: [
    {
      id: 'cheer',
      title: { zh: '好友合力点赞', en: 'Cheer together' },
      action: 'like',
      target: 60,
      most: 40,
      least: 10,
      max: 5,
      points: 30,
      budget: 150_000,
      // A visitor tries it in two windows of one browser.
      sameNetwork: 5,
    },
  ],
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
