/** The rules with which the demo opens: the default preset, and what a merchant would add to it, so that it can be seen. */

import { DEFAULT_PRESET, PRESETS } from './presets.ts'
import type { RulebookInput } from './schema.ts'

export const DEMO_BOOK: RulebookInput = {
  ...PRESETS[DEFAULT_PRESET],
  // Whoever tries the demo is asked at once.
  economy: { survey: { ofHundred: 100, afterDays: 0 } },
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
  fanClub: {
    rungs: [
      { id: 'new', label: { zh: '新团员', en: 'Newcomer' }, growth: 0 },
      { id: 'fan', label: { zh: '铁粉', en: 'Fan' }, growth: 20, platformGrowth: 5 },
      { id: 'core', label: { zh: '真爱粉', en: 'Devotee' }, growth: 100, platformGrowth: 20 },
    ],
    earns: { watch: 5, comment: 2, like: 0.2, share: 3, order: 10 },
    perDay: 60,
    taskPoints: 1000,
  },
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
