/** Cash-back in words. Free of zod. */

import type { CashbackPolicy } from './cashback.ts'
import { type Lang, plain, pointsOf } from './labels.ts'

/** Undefined where nothing comes back. */
export function cashbackSentence(
  policy: CashbackPolicy | undefined,
  lang: Lang,
): string | undefined {
  if (!policy) return undefined
  const { perMille, categories, minFen, maxPoints, afterDays, withEarned } = policy
  const say = (zh: string, en: string) => (lang === 'zh' ? zh : en)
  const percent = (part: number) => `${plain(part / 10)}%`
  const others = categories
    .map((one) => `${one.category} ${percent(one.perMille)}`)
    .join(say('、', ', '))
  const yuan = plain(minFen / 100)
  return [
    say(
      `订单实付的 ${percent(perMille)} 返积分`,
      `${percent(perMille)} of what an order cost comes back as points`,
    ),
    others && say(`其中 ${others}`, `of ${others}`),
    minFen > 0 && say(`满 ${yuan} 元起`, `for orders from ${yuan} yuan`),
    maxPoints &&
      say(`每单最多 ${pointsOf(maxPoints, lang)}`, `at most ${pointsOf(maxPoints, lang)} an order`),
    withEarned === 'less'
      ? say('已按规则得到的积分从中扣除', 'less what the order earned otherwise')
      : say('与规则所得积分可同时得', 'beside what the order earns otherwise'),
    say(
      `${afterDays} 天后到账，部分退款按比例减少`,
      `credited after ${afterDays === 1 ? 'a day' : `${afterDays} days`}, and less by what is refunded`,
    ),
  ]
    .filter(Boolean)
    .join(say('，', ', '))
}
