/** Times as the console writes them. */

import type { Lang } from '../ui/index.ts'

/** 12 s, 3 min: how long somebody waits, as people say it. */
export function waitText(ms: number, lang: Lang): string {
  const seconds = Math.max(0, Math.floor(ms / 1000))
  if (seconds < 60) return lang === 'zh' ? `${seconds} 秒` : `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  return lang === 'zh' ? `${minutes} 分钟` : `${minutes} min`
}

/** Wall clock of the device, 20:42. */
export const timeOfDay = (atMs: number): string =>
  new Date(atMs).toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })

/** 11/23 20:42. */
export const dayAndTime = (atMs: number, lang: Lang): string =>
  new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
  }).format(atMs)
