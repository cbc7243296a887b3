/** Ladders to start from: what each rung needs, multiplies and gives. */

import type { RulebookInput } from './schema.ts'

type LadderInput = RulebookInput['ladder']

const EARLY = { zh: '限量款提前 5 分钟抢购', en: 'Limited items 5 minutes early' }
const PRICE = { zh: '直播间专属价', en: 'Room-only prices' }
const SUPPORT = { zh: '专属客服', en: 'VIP support' }
const BIRTHDAY = { zh: '生日礼包', en: 'Birthday pack' }

export const LADDERS = {
  /**
   * Bronze is a share and three comments away, or half an hour of watching, so that a first session ends
   * with a promotion; Silver takes an active viewer a day or two without buying anything.
   */
  'cn-5': {
    id: 'cn-5',
    rungs: [
      { id: 'regular', label: { zh: '普通用户', en: 'Regular' }, growth: 0 },
      { id: 'bronze', label: { zh: '青铜会员', en: 'Bronze' }, growth: 15, factor: 1.1 },
      {
        id: 'silver',
        label: { zh: '白银会员', en: 'Silver' },
        growth: 120,
        factor: 1.2,
        benefits: [BIRTHDAY],
      },
      {
        id: 'gold',
        label: { zh: '黄金会员', en: 'Gold' },
        growth: 1000,
        factor: 1.5,
        benefits: [PRICE, BIRTHDAY],
      },
      {
        id: 'black_diamond',
        label: { zh: '黑钻会员', en: 'Black Diamond' },
        growth: 8000,
        factor: 2,
        benefits: [EARLY, PRICE, SUPPORT, BIRTHDAY],
      },
    ],
  },
  'cn-3': {
    id: 'cn-3',
    rungs: [
      {
        id: 'nova',
        label: { zh: '新星会员', en: 'Nova' },
        growth: 0,
        benefits: [
          { zh: '新客礼包', en: 'Newcomer pack' },
          { zh: '运费券', en: 'Shipping coupon' },
        ],
      },
      {
        id: 'talent',
        label: { zh: '达人会员', en: 'Talent' },
        growth: 30,
        factor: 1.2,
        benefits: [PRICE, BIRTHDAY],
      },
      {
        id: 'dearest',
        label: { zh: '挚爱会员', en: 'Dearest' },
        growth: 1000,
        factor: 1.5,
        benefits: [SUPPORT, EARLY],
      },
    ],
  },
  'card-2': {
    id: 'card-2',
    rungs: [
      { id: 'silver_card', label: { zh: '银卡', en: 'Silver card' }, growth: 0 },
      {
        id: 'gold_card',
        label: { zh: '金卡', en: 'Gold card' },
        growth: 100,
        factor: 1.2,
        benefits: [{ zh: '优先试吃', en: 'First to taste' }, SUPPORT],
      },
    ],
  },
} satisfies Record<string, LadderInput>
