/** What a rulebook says about its weekly boards. */

import type { Board } from './boards.ts'
import { ACTION_LABELS, type Lang, listed, plain } from './labels.ts'

/** "888, 666 and 500", "1–3: 300": places of one prize together. */
function prizesText(prizes: readonly number[], lang: Lang): string {
  const parts: string[] = []
  for (let from = 0; from < prizes.length; ) {
    const points = prizes[from] ?? 0
    let to = from
    while (prizes[to + 1] === points) to++
    const places = from === to ? `${from + 1}` : `${from + 1}–${to + 1}`
    if (points > 0)
      parts.push(lang === 'zh' ? `第 ${places} 名 ${plain(points)}` : `${places}: ${plain(points)}`)
    from = to + 1
  }
  return parts.join(lang === 'zh' ? '、' : ', ')
}

const countsText = ({ actions }: Board, lang: Lang): string =>
  listed(
    actions.map((action) => {
      const { zh, en } = ACTION_LABELS[action]
      return lang === 'zh' ? zh : en.toLowerCase()
    }),
    lang,
  )

/** What the board counts, what the first of it are given, and who breaks a tie. */
export function boardSentence(board: Board, lang: Lang): string {
  const { title, scope, prizes, least, places, star } = board
  const counted = countsText(board, lang)
  const prized = prizesText(prizes, lang)
  if (lang === 'zh')
    return [
      `${title.zh}：周一零点到周日${scope === 'platform' ? '全平台' : ''}${counted ? `${counted}所得` : '所得'}积分，收回的扣除`,
      ...(least > 1 ? [`满 ${plain(least)} 积分上榜`] : []),
      ...(prized ? [`结束后奖励${prized} 积分`] : []),
      ...(star ? [`前 ${star.places} 名获「${star.title.zh}」徽章 ${star.days} 天，不出售`] : []),
      `显示前 ${places} 名，同分先到者在前`,
    ].join('，')
  return [
    `${title.en}: points ${counted ? `for ${counted} ` : ''}earned from Monday to Sunday${scope === 'platform' ? ' on the whole platform' : ''}, less what was taken back`,
    ...(least > 1 ? [`a place from ${plain(least)} points on`] : []),
    ...(prized ? [`prizes in points ${prized}`] : []),
    ...(star
      ? [`the first ${star.places} wear “${star.title.en}” for ${star.days} days, it is not sold`]
      : []),
    `${places} places are shown, of equals who got there first`,
  ].join(', ')
}
