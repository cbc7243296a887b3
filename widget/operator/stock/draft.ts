/** A reward while it is being written: what fields hold, and the document that they come to. */

import type { RewardKind } from '../../../shared/rewards.ts'
import { fromWall, wallOf } from '../time.ts'
import type { Listed, RewardDoc } from './listed.ts'
import { fenOf } from './prices.ts'

/** What fields hold is text, also where it means a number. */
export interface Draft {
  id: string
  titleZh: string
  titleEn: string
  noteZh: string
  noteEn: string
  kind: RewardKind
  points: string
  cash: string
  worth: string
  pay: RewardDoc['pay']
  stockKind: RewardDoc['stock']['kind']
  pieces: string
  lowStock: string
  ever: string
  perDay: string
  perWeek: string
  tier: string
  lives: string
  delivery: RewardDoc['delivery']
  pickup: string[]
  pickupAfterDays: string
  link: string
  cancelWithinMin: string
  opens: string
  closes: string
  flash: boolean
}

const EMPTY: Draft = {
  id: '',
  titleZh: '',
  titleEn: '',
  noteZh: '',
  noteEn: '',
  kind: 'item',
  points: '',
  cash: '',
  worth: '',
  pay: 'any',
  stockKind: 'fixed',
  pieces: '100',
  lowStock: '10',
  ever: '',
  perDay: '',
  perWeek: '',
  tier: '',
  lives: '',
  delivery: 'pickup',
  pickup: [],
  pickupAfterDays: '1',
  link: '',
  cancelWithinMin: '60',
  opens: '',
  closes: '',
  flash: false,
}

const text = (n: number | undefined): string => (n === undefined ? '' : String(n))
const money = (fen: number): string => (fen === 0 ? '' : String(fen / 100))

export function draftOf(reward: Listed | undefined, timeZone: string): Draft {
  if (!reward) return { ...EMPTY }
  const { id, doc } = reward
  return {
    id,
    titleZh: doc.title.zh,
    titleEn: doc.title.en,
    noteZh: doc.note?.zh ?? '',
    noteEn: doc.note?.en ?? '',
    kind: doc.kind,
    points: text(doc.points),
    cash: money(doc.cashFen),
    worth: money(doc.worthFen),
    pay: doc.pay,
    stockKind: doc.stock.kind,
    pieces: doc.stock.kind === 'endless' ? '' : text(doc.stock.pieces),
    lowStock: text(doc.lowStock),
    ever: text(doc.limits.ever),
    perDay: text(doc.limits.perDay),
    perWeek: text(doc.limits.perWeek),
    tier: text(doc.tier),
    lives: text(doc.lives),
    delivery: doc.delivery,
    pickup: doc.pickup,
    pickupAfterDays: text(doc.pickupAfterDays),
    link: doc.link ?? '',
    cancelWithinMin: text(doc.cancelWithinMin),
    opens: doc.window?.opensAtMs === undefined ? '' : wallOf(doc.window.opensAtMs, timeZone),
    closes: doc.window?.closesAtMs === undefined ? '' : wallOf(doc.window.closesAtMs, timeZone),
    flash: doc.flash !== undefined,
  }
}

/** Of the document, where the service names what does not fit; each belongs to one field of the form. */
export const FIELDS: Record<string, keyof Draft> = {
  reward: 'id',
  'title.zh': 'titleZh',
  'title.en': 'titleEn',
  'note.zh': 'noteZh',
  'note.en': 'noteEn',
  kind: 'kind',
  points: 'points',
  cashFen: 'cash',
  worthFen: 'worth',
  pay: 'pay',
  stock: 'stockKind',
  'stock.kind': 'stockKind',
  'stock.pieces': 'pieces',
  lowStock: 'lowStock',
  'limits.ever': 'ever',
  'limits.perDay': 'perDay',
  'limits.perWeek': 'perWeek',
  tier: 'tier',
  lives: 'lives',
  delivery: 'delivery',
  pickup: 'pickup',
  pickupAfterDays: 'pickupAfterDays',
  link: 'link',
  cancelWithinMin: 'cancelWithinMin',
  'window.opensAtMs': 'opens',
  'window.closesAtMs': 'closes',
  early: 'opens',
  flash: 'flash',
}

/** An amount that is none is sent as what the service refuses, so that there is one place that decides. */
const NONE = -1
const whole = (given: string): number => (/^\d{1,12}$/.test(given.trim()) ? Number(given) : NONE)
const optional = (given: string): number | undefined =>
  given.trim() === '' ? undefined : whole(given)
const fen = (given: string): number => (given.trim() === '' ? 0 : (fenOf(given) ?? NONE))

/** Only what is defined: the service takes no `undefined` for an absent field, and JSON has none. */
const defined = <T extends object>(fields: T): T =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T

/** What the draft comes to; `base` keeps what the form does not show. */
export function docOf(draft: Draft, base: RewardDoc | undefined, timeZone: string): object {
  const opensAtMs = fromWall(draft.opens, timeZone)
  const closesAtMs = fromWall(draft.closes, timeZone)
  const timed = opensAtMs !== undefined || closesAtMs !== undefined
  const noted = draft.noteZh !== '' || draft.noteEn !== ''
  const picked = draft.delivery === 'pickup'
  return defined({
    ...base,
    enabled: base?.enabled ?? true,
    title: { zh: draft.titleZh, en: draft.titleEn },
    note: noted ? { zh: draft.noteZh, en: draft.noteEn } : undefined,
    kind: draft.kind,
    points: whole(draft.points),
    cashFen: fen(draft.cash),
    worthFen: fen(draft.worth),
    pay: draft.pay,
    stock:
      draft.stockKind === 'endless'
        ? { kind: 'endless' }
        : { kind: draft.stockKind, pieces: whole(draft.pieces) },
    lowStock: optional(draft.lowStock) ?? 0,
    limits: defined({
      ever: optional(draft.ever),
      perDay: optional(draft.perDay),
      perWeek: optional(draft.perWeek),
    }),
    tier: optional(draft.tier),
    lives: optional(draft.lives),
    delivery: draft.delivery,
    pickup: picked ? draft.pickup : [],
    pickupAfterDays: optional(draft.pickupAfterDays) ?? 1,
    link: draft.link.trim() || undefined,
    cancelWithinMin: optional(draft.cancelWithinMin) ?? 0,
    window: timed ? defined({ opensAtMs, closesAtMs }) : undefined,
    flash: draft.flash ? (base?.flash ?? { lastMinutes: 5 }) : undefined,
  })
}

/** For the value of a point while the price is being written; undefined until there is a price. */
export function priceOf(
  draft: Draft,
): { points: number; cashFen: number; worthFen: number } | undefined {
  const points = whole(draft.points)
  const [cashFen, worthFen] = [fen(draft.cash), fen(draft.worth)]
  return points > 0 && cashFen >= 0 && worthFen > 0 ? { points, cashFen, worthFen } : undefined
}
