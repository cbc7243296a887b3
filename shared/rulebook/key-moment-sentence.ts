/** Key moments in words. Free of zod. */

import { factorsText } from './factors-text.ts'
import type { KeyMoment } from './key-moments.ts'
import { type Lang, listed } from './labels.ts'

const DAYS = {
  zh: ['一', '二', '三', '四', '五', '六', '日'],
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
} as const

/** When it is: "every day from 20:00 for 15 minutes". */
function timeText({ days, from, minutes }: KeyMoment, lang: Lang): string {
  const named = [...days].sort().map((day) => DAYS[lang][day - 1] ?? '')
  if (lang === 'zh') {
    const when = named.length > 0 ? `每周${named.join('、')}` : '每天'
    return `直播间时间${when} ${from} 起 ${minutes} 分钟`
  }
  const when = named.length > 0 ? `every ${listed(named, 'en')}` : 'every day'
  return `${when} from ${from} in the room’s time, for ${minutes === 1 ? 'a minute' : `${minutes} minutes`}`
}

export function keyMomentSentence(moment: KeyMoment, lang: Lang): string {
  const { title, weights } = moment
  const what = factorsText(weights, lang)
  return lang === 'zh'
    ? `关键时刻「${title.zh}」：${timeText(moment, lang)}，${what}`
    : `Key moment “${title.en}”: ${timeText(moment, lang)}: ${what}`
}
