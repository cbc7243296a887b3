/** A plausible live room for screenshots and tests; nothing of it ships. */

import type { HostPlay } from '../../shared/effects.ts'
import type { Cue, HostPulse } from '../../shared/protocol/events.ts'
import type { BoardLine, CommentLine, RoomState } from '../../shared/room-state.ts'
import { LADDERS } from '../../shared/rulebook/ladders.ts'
import { ladderView } from '../../shared/rulebook/privileges.ts'
import { Ladder } from '../../shared/rulebook/schema.ts'

/** Saturday, 20:42 in Shanghai. */
export const NOW_MS = Date.UTC(2026, 10, 21, 12, 42, 18)

const label = (lang: 'zh' | 'en', zh: string, en: string) => (lang === 'zh' ? zh : en)

export const ladderOf = (): RoomState['ladder'] => ladderView(Ladder.parse(LADDERS['cn-5']))

export function boardOf(lang: 'zh' | 'en'): BoardLine[] {
  const names = [
    ['林深', 'Linshen', 4, 4920],
    ['小鱼儿', 'Yuer', 3, 4410],
    ['爱吃粗粮的王阿姨一家', 'Auntie Wang and her family', 3, 3875],
    ['小美', 'Xiaomei', 2, 2260],
    ['阿哲', 'Zhe', 2, 2105],
    ['Momo_0912', 'Momo_0912', 2, 1990],
    ['老陈', 'Chen', 1, 1742],
    ['一位观众', 'A viewer', 1, 1610],
    ['柚子茶', 'Pomelo tea', 1, 1388],
    ['新来的', 'Newcomer', 0, 1351],
  ] as const
  return names.map(([zh, en, rung, points], i) => ({
    handle: `h${i}`,
    name: label(lang, zh, en),
    rung,
    points,
  }))
}

export function commentsOf(lang: 'zh' | 'en'): CommentLine[] {
  const said = [
    ['清风', 'Breeze', 0, '这个比超市便宜', 'Cheaper than the shop', false],
    ['老陈', 'Chen', 1, '升级了!谢谢主播', 'I levelled up, thanks', false],
    ['阿哲', 'Zhe', 1, '燕麦片要煮多久?小孩能吃吗', 'How long to cook? OK for kids?', true],
    ['小美', 'Xiaomei', 2, '刚下单两袋', 'Just ordered two', false],
    ['林深', 'Linshen', 4, '主播今天状态真好', 'You are on fire today', false],
    ['柚子茶', 'Pomelo', 2, '糖尿病人一天能吃几勺', 'How many spoons for diabetics?', true],
    ['一叶', 'Leaf', 0, '包装能不能换小份', 'Any smaller packs?', false],
    ['小鱼儿', 'Yuer', 3, '回购第三次了,真的香', 'Third time buying, so good', false],
    ['ليلى', 'ليلى', 1, 'مرحبا من القاهرة', 'مرحبا من القاهرة', false],
    ['七七', 'Qiqi', 1, '鸡蛋什么时候抢', 'When are the eggs?', true],
    ['momo', 'momo', 0, '刚来,积分怎么用?', 'New here, what are points for?', true],
  ] as const
  return said.map(([zhName, enName, rung, zh, en, question], i) => ({
    id: 100 + i,
    handle: `c${i}`,
    name: label(lang, zhName, enName),
    rung,
    text: label(lang, zh, en),
    atMs: NOW_MS - (said.length - i) * 3000,
    ...(question ? { question } : {}),
  }))
}

export function roomOf(lang: 'zh' | 'en', nowMs: number): RoomState {
  return {
    epoch: 'e1',
    seq: 40,
    atMs: nowMs,
    room: {
      id: 'demo',
      name: label(lang, '田姐粮油铺 · 周六专场', "Tian's Pantry · Saturday"),
      brand: 'tian',
    },
    heat: {
      value: 98.4,
      level: 3,
      next: 120,
      multipliers: {
        like: 1500,
        comment: 1500,
        question: 1500,
        share: 1500,
        vote: 1500,
        join: 1500,
      },
      why: [
        { action: 'like', share: 0.46 },
        { action: 'comment', share: 0.27 },
        { action: 'share', share: 0.18 },
        { action: 'join', share: 0.09 },
      ],
    },
    audience: 12_480,
    live: { no: 7, state: 'open', startedAtMs: nowMs - 6_138_000 },
    board: boardOf(lang),
    ladder: ladderOf(),
    tasks: [
      {
        task: 3,
        action: 'share',
        goal: 1,
        points: 100,
        growth: 0,
        title: { zh: '分享直播间', en: 'Share the room' },
        startsAtMs: nowMs - 318_000,
        endsAtMs: nowMs + 582_000,
        quota: 50,
        left: 38,
      },
    ],
    campaigns: [
      {
        campaign: 2,
        action: 'share',
        factor: 2000,
        title: { zh: '分享 ×2', en: 'Shares ×2' },
        startsAtMs: nowMs - 230_000,
        endsAtMs: nowMs + 370_000,
      },
    ],
    comments: commentsOf(lang),
    rulebook: 4,
    safe: false,
    durable: [],
  }
}

export function cuesOf(lang: 'zh' | 'en', nowMs: number): Cue[] {
  const cue = (id: string, rung: number, rest: Partial<Cue>): Cue => ({
    id,
    ladder: 'cn-5',
    rung,
    names: [],
    others: 0,
    sinceMs: nowMs - 12_000,
    held: false,
    ...rest,
  })
  return [
    cue('u1', 3, { names: [label(lang, '小美', 'Xiaomei')], others: 37 }),
    cue('u2', 4, { names: [label(lang, '林深', 'Linshen')], sinceMs: nowMs - 8000 }),
    cue('u3', 2, {
      names: [
        label(lang, '小鱼儿', 'Yuer'),
        label(lang, '爱吃粗粮的王阿姨一家', 'Auntie Wang and family'),
      ],
      sinceMs: nowMs - 21_000,
    }),
    cue('u4', 1, {
      names: [label(lang, '老陈', 'Chen')],
      others: 112,
      sinceMs: nowMs - 100_000,
      held: true,
    }),
  ]
}

export function pulseOf(lang: 'zh' | 'en', nowMs: number): HostPulse {
  return {
    atMs: nowMs,
    cues: cuesOf(lang, nowMs),
    comments: commentsOf(lang),
    board: boardOf(lang),
    actors: 41,
    issued: 86_420,
    play: playOf(lang, nowMs),
  }
}

export function playOf(lang: 'zh' | 'en', nowMs: number): HostPlay {
  const limits = { points: 20, perViewer: 5, opensAtMs: nowMs - 60_000, state: 'open' as const }
  return {
    asks: [
      {
        id: 'fx-one',
        handle: 'h1',
        name: label(lang, '小美', 'Xiaomei'),
        rung: 3,
        text: label(lang, '祝主播生日快乐，汤真香！', 'Happy birthday to the host!'),
        points: 300,
        askedAtMs: nowMs - 12_000,
        untilMs: nowMs + 168_000,
      },
      {
        id: 'fx-two',
        handle: 'h2',
        name: label(lang, '老陈', 'Chen'),
        rung: 1,
        text: label(lang, '老家的朋友们举个手', 'Hands up, everybody from home'),
        points: 300,
        askedAtMs: nowMs - 4000,
        untilMs: nowMs + 176_000,
      },
    ],
    draws: [
      {
        ...limits,
        draw: 11,
        box: false,
        title: { zh: '积分抽奖', en: 'Points draw' },
        endsAtMs: nowMs + 220_000,
        prizes: [{ points: 500, voucher: '', winners: 3 }],
        total: 2000,
        tickets: 186,
        commitment: '5d1e6f'.padEnd(64, '0'),
      },
    ],
    votes: [
      {
        ...limits,
        vote: 12,
        points: 10,
        title: { zh: '下一场选哪款', en: 'Which one next?' },
        endsAtMs: nowMs + 95_000,
        options: [
          { label: { zh: '有机燕麦', en: 'Organic oats' }, votes: 214 },
          { label: { zh: '手工酱油', en: 'Soy sauce' }, votes: 127 },
        ],
      },
    ],
    tips: { given: 3450, toHost: 1725, burned: 1725 },
  }
}
