/** What a rulebook says about keeping, spending and giving points, in sentences. */

import type { Rulebook } from './schema.ts'
import type { Expiry, Pool, Transfer, WalletPolicy } from './wallet.ts'

type Lang = 'zh' | 'en'
type Said = [key: string, text: string | undefined]

export function expirySentence(expiry: Expiry, lang: Lang): string {
  const zh = lang === 'zh'
  switch (expiry.kind) {
    case 'never':
      return zh ? '积分长期有效' : 'Points do not expire'
    case 'rolling':
      return zh
        ? `积分有效期至少 ${expiry.months} 个月，到月底为止`
        : `Points are valid for ${expiry.months} months, then to the end of the month`
    case 'fixed':
      return zh
        ? `积分在 ${expiry.month} 月底到期，至少有效 ${expiry.leastMonths} 个月`
        : `Points expire at the end of month ${expiry.month}, after ${expiry.leastMonths} months at the earliest`
    default:
      return expiry satisfies never
  }
}

const ORDERS = {
  expiresFirst: {
    zh: '先到期的积分先用',
    en: 'Points that expire first are spent first',
  },
  sessionLast: {
    zh: '长期积分先用，本场积分后用',
    en: 'Lasting points are spent first, points of this live last',
  },
  ownBrandFirst: {
    zh: '先用本品牌的积分，再用其他的',
    en: 'Points of the own brand are spent first',
  },
} as const satisfies Record<WalletPolicy['spendOrder'], Record<Lang, string>>

function transferSentence(transfer: Transfer, lang: Lang): string {
  const zh = lang === 'zh'
  if (transfer.kind === 'deny') return zh ? '积分不能转赠' : 'Points cannot be given to others'
  const { dailyCap, perPairCap, minTier, minAccountAgeDays: days, feeBps, coolOffHours } = transfer
  const fee = feeBps / 100
  const parts = zh
    ? [
        `可以转赠好友，每天最多 ${dailyCap} 分，给同一个人最多 ${perPairCap} 分`,
        minTier > 0 && `需要达到第 ${minTier + 1} 级`,
        days > 0 && `注册满 ${days} 天`,
        feeBps > 0 && `另收 ${fee}%`,
        coolOffHours > 0 && `收到后 ${coolOffHours} 小时内不能再转赠`,
      ]
    : [
        `Points can be given to friends, at most ${dailyCap} a day and ${perPairCap} to the same one`,
        minTier > 0 && `from rung ${minTier + 1} on`,
        days > 0 && `from the ${days + 1}th day on`,
        feeBps > 0 && `for ${fee}% on top`,
        coolOffHours > 0 && `what was received rests for ${coolOffHours} hours`,
      ]
  return parts.filter(Boolean).join(zh ? '，' : ', ')
}

const REACHES = {
  brand: { zh: '积分在发放它的品牌使用', en: 'Points pay at the brand that gave them' },
  room: {
    zh: '在直播间获得的积分只在该直播间使用',
    en: 'Points earned in a room pay in that room only',
  },
  host: {
    zh: '在直播间获得的积分只在同一主播的直播间使用',
    en: 'Points earned in a room pay in the rooms of the same host only',
  },
} as const satisfies Record<Exclude<Pool, 'coalition'>, Record<Lang, string>>

function poolSentence({ pool, coalition }: WalletPolicy, lang: Lang): string {
  if (pool !== 'coalition') return REACHES[pool][lang]
  const brands = coalition.join(lang === 'zh' ? '、' : ', ')
  return lang === 'zh'
    ? `积分在这些品牌之间通用：${brands}`
    : `Points pay at any of these brands: ${brands}`
}

function burnSentence({ burnWeek, expiry }: WalletPolicy, lang: Lang): string | undefined {
  if (!burnWeek || expiry.kind === 'never') return undefined
  const { days, factor } = burnWeek
  const percent = Math.round(factor * 1000) / 10
  const zh = lang === 'zh'
  const parts = zh
    ? [
        `积分清零周：到期前最后 ${days} 天开放专属奖励`,
        factor < 1 && `积分价为平时的 ${percent}%，不低于底价`,
      ]
    : [
        `Burn week: rewards of their own open in the last ${days} days before points expire`,
        factor < 1 && `for ${percent}% of their usual points, never below their floor`,
      ]
  return parts.filter(Boolean).join(zh ? '，' : ', ')
}

/** In reading order; what is switched off says nothing. */
export function walletSentences({ wallet, pointValueFen }: Rulebook, lang: Lang): Said[] {
  const { renewal, refundGraceMonths: grace, noticeDays, checkout } = wallet
  const share = Math.round(checkout.maxShare * 1000) / 10
  const most = checkout.maxPoints
  return lang === 'zh'
    ? [
        ['order', ORDERS[wallet.spendOrder].zh],
        ['pool', poolSentence(wallet, lang)],
        [
          'checkout',
          `下单可用积分抵扣，1 分抵 ${pointValueFen} 分钱，${checkout.minPoints} 分起，最多 ${most} 分，最多抵 ${share}%`,
        ],
        ['renewal', renewal === 'spend' ? '每消费 1 元，1 分积分重新计算有效期' : undefined],
        [
          'grace',
          grace > 0
            ? `退款退回的积分已过期的，再保留 ${grace} 个月`
            : '退款退回的积分已过期的，不再恢复',
        ],
        ['notice', `积分到期前 ${noticeDays} 天提醒`],
        ['burn-week', burnSentence(wallet, lang)],
        ['transfer', transferSentence(wallet.transfer, lang)],
      ]
    : [
        ['order', ORDERS[wallet.spendOrder].en],
        ['pool', poolSentence(wallet, lang)],
        [
          'checkout',
          `Points pay at checkout, ${pointValueFen} fen each, from ${checkout.minPoints} to ${most} points and up to ${share}% of an order`,
        ],
        ['renewal', renewal === 'spend' ? 'Each yuan spent renews one point' : undefined],
        [
          'grace',
          grace > 0
            ? `Points that a refund brings back after they expired stay for ${grace} months more`
            : 'Points that a refund brings back after they expired are gone',
        ],
        ['notice', `Notice is given ${noticeDays} days before points expire`],
        ['burn-week', burnSentence(wallet, lang)],
        ['transfer', transferSentence(wallet.transfer, lang)],
      ]
}
