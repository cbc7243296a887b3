/** What a rulebook says about the worth of points: what is watched, and what is too much. */

import type { EconomyPolicy } from './economy.ts'
import { plain } from './labels.ts'

type Lang = 'zh' | 'en'

/** Shares are said in percent, to the hundredth. */
const percent = (share: number): string => `${plain(Math.round(share * 1e6) / 1e4)}%`

const MEASURES = {
  stock: { zh: '积分存量', en: 'The points outstanding' },
  perCapita: { zh: '人均积分', en: 'The points per account' },
  stockOverUsers: {
    zh: '积分存量与用户数的增长之比',
    en: 'The growth of points by that of accounts',
  },
} as const satisfies Record<EconomyPolicy['inflation']['definition'], Record<Lang, string>>

export function economySentences(
  { economy }: { economy: EconomyPolicy },
  lang: Lang,
): [key: string, text: string][] {
  const { inflation, issuedPerSales, highRung, audit, survey } = economy
  const { definition, days } = inflation
  const [warn, critical] = [percent(inflation.warn), percent(inflation.critical)]
  const measure = MEASURES[definition][lang]
  const zh = lang === 'zh'
  const times = definition === 'stockOverUsers'
  const over = zh
    ? `${percent(audit.maxShare)} 的年销售额`
    : `${percent(audit.maxShare)} of a year's sales`
  const most = audit.maxPoints?.toLocaleString('en-US')
  return [
    [
      'inflation',
      zh
        ? `${measure}${times ? '' : '增长'}按 ${days} 天计，${times ? '比 1 高出' : '超过'} ${warn} 预警，${critical} 报警`
        : `${measure}: over ${days} days ${times ? 'more than 1 by' : 'growth above'} ${warn} is a warning, above ${critical} an alarm`,
    ],
    [
      'incentives',
      zh
        ? `发放的积分价值超过销售额的 ${percent(issuedPerSales)} 时提醒平台`
        : `Points given that are worth more than ${percent(issuedPerSales)} of sales are a warning`,
    ],
    [
      'high-tiers',
      zh
        ? `第 ${highRung + 1} 级起算高等级会员`
        : `From rung ${highRung + 1} on a tier counts as high`,
    ],
    [
      'audit',
      zh
        ? `每年 ${audit.month} 月 1 日前盘点积分存量，价值超过 ${over}${most ? `或多于 ${most} 分` : ''}时建议办积分回收活动`
        : `Before the first of month ${audit.month} each year the points outstanding are audited; worth more than ${over}${most ? ` or more than ${most}` : ''}, a campaign that uses points up is proposed`,
    ],
    ...(survey ? [['survey', surveySentence(survey, lang)] as [string, string]] : []),
  ]
}

function surveySentence(
  { everyDays, ofHundred, afterDays }: NonNullable<EconomyPolicy['survey']>,
  lang: Lang,
): string {
  if (lang === 'zh')
    return `每 ${everyDays} 天问 ${ofHundred}% 的观众愿不愿意推荐积分${afterDays > 0 ? `，来了 ${afterDays} 天以上的才问` : ''}`
  const those = afterDays > 0 ? ` of those who first came ${afterDays} days ago or earlier` : ''
  return `Every ${everyDays} days ${ofHundred}%${those} are asked whether they would recommend the points`
}
