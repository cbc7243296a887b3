/** Ladders to start from: what each rung needs, multiplies and gives. */

import type { RulebookInput } from './schema.ts'

type LadderInput = RulebookInput['ladder']

type PrivilegeInput = NonNullable<LadderInput['rungs'][number]['privileges']>[number]

const PRICE = { kind: 'room_price' } as const
const EARLY = { kind: 'early_access' } as const
const SALE = { kind: 'member_sale' } as const
const DRAW = { kind: 'member_draw' } as const
const ROOM = { kind: 'private_room' } as const
const BIRTHDAY_POINTS = { kind: 'birthday_points', factor: 2 } as const

const birthdayPack = (points: number) => ({ kind: 'birthday_pack', points }) as const

const SUPPORT: PrivilegeInput = {
  kind: 'perk',
  id: 'vip_support',
  label: { zh: '专属客服', en: 'VIP support' },
  how: {
    zh: '在商城联系客服并报上账号号码，优先接待',
    en: 'Contact the shop and say your account number; you are served first',
  },
}
const CO_MIC: PrivilegeInput = {
  kind: 'perk',
  id: 'co_mic',
  label: { zh: '与主播连麦', en: 'On air with the host' },
  how: { zh: '主播开放连麦时优先接通', en: 'Connected first when the host takes calls' },
}
const SUGGEST: PrivilegeInput = {
  kind: 'perk',
  id: 'suggest_products',
  label: { zh: '选品建议', en: 'A say in products' },
  how: {
    zh: '在直播间提问，说出想看的商品，选品时优先考虑',
    en: 'Ask for a product in the live; your word counts first',
  },
}
const OFFLINE: PrivilegeInput = {
  kind: 'perk',
  id: 'offline_event',
  label: { zh: '线下活动邀请', en: 'Invitations to events' },
  how: { zh: '活动前由商城发出邀请', en: 'The shop invites you before each event' },
}
const TASTE: PrivilegeInput = {
  kind: 'perk',
  id: 'first_taste',
  label: { zh: '优先试吃', en: 'First to taste' },
  how: { zh: '新品试吃名额优先留给你', en: 'A place at tastings is kept for you' },
}
const NEWCOMER: PrivilegeInput = {
  kind: 'newcomer_pack',
  points: 50,
  gifts: [{ id: 'shipping-coupon', label: { zh: '运费券', en: 'Shipping coupon' } }],
}

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
        privileges: [birthdayPack(100), DRAW],
      },
      {
        id: 'gold',
        label: { zh: '黄金会员', en: 'Gold' },
        growth: 1000,
        factor: 1.5,
        privileges: [PRICE, birthdayPack(200), SALE, BIRTHDAY_POINTS],
      },
      {
        id: 'black_diamond',
        label: { zh: '黑钻会员', en: 'Black Diamond' },
        growth: 8000,
        factor: 2,
        privileges: [EARLY, ROOM, SUPPORT, CO_MIC, SUGGEST],
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
        privileges: [NEWCOMER],
      },
      {
        id: 'talent',
        label: { zh: '达人会员', en: 'Talent' },
        growth: 30,
        factor: 1.2,
        privileges: [PRICE, BIRTHDAY_POINTS],
      },
      {
        id: 'dearest',
        label: { zh: '挚爱会员', en: 'Dearest' },
        growth: 1000,
        factor: 1.5,
        privileges: [SUPPORT, EARLY, OFFLINE],
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
        taskSet: ['watch_three', 'invite_three'],
        factor: 1.2,
        privileges: [TASTE, SUPPORT],
      },
    ],
  },
} satisfies Record<string, LadderInput>
