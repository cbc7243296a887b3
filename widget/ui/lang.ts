/** Languages, numbers and times as people read them. */

import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../shared/time.ts'

export type Lang = 'zh' | 'en'

export const asLang = (text: string | null | undefined): Lang | undefined =>
  text?.startsWith('zh') ? 'zh' : text?.startsWith('en') ? 'en' : undefined

/** What the reader's browser asks for; English where it is neither. */
export const pageLang = (): Lang => asLang(navigator.language) ?? 'en'

/** Sets what assistive technology and line breaking go by. */
export const htmlLang = (lang: Lang): string => (lang === 'zh' ? 'zh-CN' : 'en')

const groups = new Intl.NumberFormat('en')

/** 12,345: the same grouping in both languages, because it stands in tabular digits. */
export const formatPoints = (points: number): string => groups.format(points)

/** A change: +12, −12 with a true minus, or nothing as it is shown without a sign. */
export const formatSigned = (n: number, show: (n: number) => string = formatPoints): string =>
  n > 0 ? `+${show(n)}` : n < 0 ? `−${show(-n)}` : show(0)

/** Thousandths as people say them: ×1.5. */
export const formatFactor = (thousandths: number): string =>
  `×${Number((thousandths / 1000).toFixed(2))}`

/** 9:05 or 1:02:03, never negative. */
export function formatLeft(ms: number): string {
  const total = Math.max(0, Math.ceil(ms / 1000))
  const pad = (n: number) => String(n).padStart(2, '0')
  const hours = Math.floor(total / 3600)
  const minutes = Math.floor((total % 3600) / 60)
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(total % 60)}` : `${minutes}:${pad(total % 60)}`
}

/** From here on it is told in the next larger unit; below the last one by the clock. */
const AWAY = [
  { fromMs: 2 * DAY_MS, unitMs: DAY_MS, zh: '天', en: 'days' },
  { fromMs: HOUR_MS, unitMs: HOUR_MS, zh: '小时', en: 'h' },
  { fromMs: 5 * MINUTE_MS, unitMs: MINUTE_MS, zh: '分钟', en: 'min' },
]

/** How far away something is, in one unit: `17 小时`, `17 h`; by the clock in the last minutes. Never more than is left. */
export function formatAway(ms: number, lang: Lang): string {
  const unit = AWAY.find(({ fromMs }) => ms >= fromMs)
  return unit ? `${Math.floor(ms / unit.unitMs)} ${unit[lang]}` : formatLeft(ms)
}
