/** Points in time as people say them, in the reader's own zone. */

import { DAY_MS } from '../../shared/time.ts'
import type { Lang } from '../ui/lang.ts'

const LOCALES: Record<Lang, string> = { zh: 'zh-CN', en: 'en-GB' }

const dayOf = (atMs: number): string => new Date(atMs).toDateString()

/** `20:45`. */
export const clockOf = (atMs: number, lang: Lang): string =>
  new Intl.DateTimeFormat(LOCALES[lang], { hour: '2-digit', minute: '2-digit' }).format(atMs)

/** `20:45` today, `明天 09:00`, `11月28日 21:00`. */
export function momentOf(atMs: number, nowMs: number, lang: Lang): string {
  const clock = new Intl.DateTimeFormat(LOCALES[lang], {
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(atMs)
  if (dayOf(atMs) === dayOf(nowMs)) return clock
  if (dayOf(atMs) === dayOf(nowMs + DAY_MS))
    return lang === 'zh' ? `明天 ${clock}` : `tomorrow ${clock}`
  return `${dateOf(atMs, lang)} ${clock}`
}

/** `11月28日`, `28 Nov`. */
export const dateOf = (atMs: number, lang: Lang): string =>
  new Intl.DateTimeFormat(LOCALES[lang], { month: 'short', day: 'numeric' }).format(atMs)

/** A day of the platform's calendar, `2026-11-23`, as people say it; the reader's zone does not move it. */
export function dayWords(day: string, lang: Lang): string {
  const [year = 0, month = 1, date = 1] = day.split('-').map(Number)
  return new Intl.DateTimeFormat(LOCALES[lang], {
    month: 'short',
    day: 'numeric',
    weekday: 'short',
    timeZone: 'UTC',
  }).format(Date.UTC(year, month - 1, date))
}
