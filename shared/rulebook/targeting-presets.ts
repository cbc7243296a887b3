/** Segments, offers and packs to start from. Data only; the schema fills the rest. */

import type { RulebookInput } from './schema.ts'

type TargetingInput = NonNullable<RulebookInput['targeting']>

/** Days without a visit after which somebody counts as silent, and as away. */
const SILENT_DAYS = 7
const AWAY_DAYS = 30
/** Index of the rung from which on a quiet viewer is looked after: gold of the ladder of five. */
const CARE_RUNG = 3

/**
 * From who is new to who is away. What suspects somebody only tells the merchant: a freeze is for a person to decide,
 * until the shop knows how its own viewers behave.
 */
export const LIVE_TARGETING: TargetingInput = {
  segments: [
    {
      id: 'new',
      label: { zh: '新客', en: 'New' },
      all: [{ figure: 'daysSinceFirst', atMost: 7 }],
    },
    {
      id: 'growing',
      label: { zh: '成长中', en: 'Growing' },
      all: [
        { figure: 'daysSinceFirst', atLeast: 8 },
        { figure: 'activeDays', atLeast: 3 },
        { figure: 'change', atLeast: 20 },
      ],
    },
    {
      id: 'regular',
      label: { zh: '常客', en: 'Regular' },
      all: [{ figure: 'activeDays', atLeast: 8 }],
    },
    {
      id: 'lurker',
      label: { zh: '还没开口的观众', en: 'Has not spoken yet' },
      all: [
        { figure: 'lives', atLeast: 2 },
        { figure: 'watchedMinutes', atLeast: 20 },
        { figure: 'comments', atMost: 0 },
      ],
    },
    {
      id: 'shopper',
      label: { zh: '常购客', en: 'Shopper' },
      all: [{ figure: 'orders', atLeast: 3 }],
    },
    {
      id: 'advocate',
      label: { zh: '分享达人', en: 'Advocate' },
      all: [{ figure: 'shares', atLeast: 10 }],
    },
    {
      id: 'silent',
      label: { zh: '沉默', en: 'Silent' },
      all: [{ figure: 'daysSinceLast', atLeast: SILENT_DAYS, atMost: AWAY_DAYS - 1 }],
    },
    {
      id: 'away',
      label: { zh: '久未到来', en: 'Away' },
      all: [{ figure: 'daysSinceLast', atLeast: AWAY_DAYS }],
      tell: true,
      pack: { kind: 'comeback_pack', points: 100 },
    },
    {
      id: 'cooling',
      label: { zh: '高等级降温', en: 'High tier going quiet' },
      all: [
        { figure: 'rung', atLeast: CARE_RUNG },
        { figure: 'change', atMost: -50 },
        { figure: 'daysSinceLast', atMost: AWAY_DAYS - 1 },
      ],
      tell: true,
      pack: { kind: 'care_pack', points: 200 },
    },
    {
      id: 'idle',
      label: { zh: '疑似挂机', en: 'Seems to idle' },
      all: [{ figure: 'idleMarathons', atLeast: 3 }],
      tell: true,
    },
  ],
  offers: [
    {
      id: 'speak_up',
      label: { zh: '打个招呼', en: 'Say hello' },
      segment: 'lurker',
      watchedMinutes: 3,
      ask: 'comment',
      points: 50,
    },
    {
      id: 'first_word',
      label: { zh: '聊两句', en: 'Join the talk' },
      watchedMinutes: 10,
      ask: 'comment',
      points: 20,
    },
    {
      id: 'show_friends',
      label: { zh: '分享给朋友看看', en: 'Show it to a friend' },
      browsed: 3,
      ask: 'share',
      points: 30,
    },
  ],
}
