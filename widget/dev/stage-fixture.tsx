/** The stage over scripted states and a fake video: `stage.html?state=fanfare&bg=busy`. Not shipped. */

import { signal } from '@preact/signals'
import { render } from 'preact'
import type { Moment, MomentBody, RoomState } from '../../shared/room-state.ts'
import { systemRuntime } from '../client/index.ts'
import { createStageModel } from '../stage/model.ts'
import { Setup } from '../stage/Setup.tsx'
import { Stage } from '../stage/Stage.tsx'
import { htmlLang } from '../ui/index.ts'
import '../ui/tokens.css'
import '../ui/components.css'
import '../stage/stage.css'
import './stage-video.css'
import { commentsOf, NOW_MS, roomOf } from './room-states.ts'

const query = new URLSearchParams(location.search)
const state = query.get('state') ?? 'live'
const lang = query.get('lang') === 'en' ? 'en' : 'zh'
const root = document.documentElement
root.lang = htmlLang(lang)
root.dataset.ffTheme = query.get('theme') ?? 'dark'
root.dataset.bg = query.get('bg') ?? 'none'

const startedAt = systemRuntime.now()
const serverNow = () => NOW_MS + systemRuntime.now() - startedAt
const calm = roomOf(lang, NOW_MS)
const room = signal<RoomState | undefined>(calm)
let hear: (moment: Moment) => void = () => {}
const model = createStageModel(
  {
    room,
    online: signal(true),
    serverNow,
    onMoment: (listener) => {
      hear = listener
      return () => {}
    },
  },
  systemRuntime,
)
let seq = 40
const happen = (body: MomentBody) => hear({ seq: ++seq, atMs: serverNow(), ...body })
const named = (zh: string, en: string) => (lang === 'zh' ? zh : en)

const SCENES: Record<string, () => void> = {
  live: () => {},
  quiet: () => {
    room.value = { ...calm, tasks: [], campaigns: [] }
  },
  held: () => {
    room.value = {
      ...calm,
      tasks: [],
      heat: {
        ...calm.heat,
        held: 'actors',
        multipliers: { ...calm.heat.multipliers, share: 3000 },
      },
    }
  },
  fanfare: () =>
    happen({
      kind: 'tier.announced',
      ladder: 'cn-5',
      rung: 2,
      names: [named('小美', 'Xiaomei')],
      others: 37,
      text: named('现在下单立减 10 元', '¥10 off right now'),
    }),
  long: () =>
    happen({
      kind: 'tier.announced',
      ladder: 'cn-5',
      rung: 4,
      names: [
        named('爱吃粗粮的王阿姨一家三口和隔壁老李', 'Auntie Wang, her family and the neighbours'),
        named('一个名字特别特别长的观众朋友', 'A viewer whose name is far too long'),
      ],
      others: 5120,
      text: named(
        '现在起享限量款提前 5 分钟抢购、直播间专属价',
        'Limited items 5 minutes early and Room-only prices, from now on',
      ),
    }),
  reached: () =>
    happen({
      kind: 'tier.reached',
      ladder: 'cn-5',
      rung: 1,
      names: [named('老陈', 'Chen')],
      handles: ['h'],
      others: 112,
    }),
  spot: () => {
    const comment = commentsOf(lang)[2]
    if (comment) happen({ kind: 'comment.spotlit', comment })
  },
  broadcast: () =>
    happen({
      kind: 'broadcast.shown',
      handle: 'h',
      name: named('小美', 'Xiaomei'),
      rung: 3,
      text: named(
        '祝主播生日快乐，今晚的汤真香，全家都爱喝！',
        'Happy birthday, the soup is great!',
      ),
    }),
  tip: () => {
    happen({ kind: 'tip.given', handle: 'h', name: named('小美', 'Xiaomei'), points: 200 })
    happen({ kind: 'tip.given', handle: 'i', name: named('老陈', 'Chen'), points: 50 })
  },
  drawn: () =>
    happen({
      kind: 'draw.closed',
      draw: 3,
      box: false,
      title: { zh: '今晚积分抽奖', en: 'Points draw tonight' },
      winners: ['小美', '老陈', 'momo', '七七'].map((name, i) => ({
        handle: `h${i}`,
        name,
        prize: i < 3 ? { points: 500, voucher: '' } : { points: 0, voucher: '燕麦片' },
      })),
      others: 2,
      tickets: 186,
      seed: '00'.repeat(32),
    }),
  won: () => happen({ kind: 'task.ended', task: 1, won: 50 }),
  levelup: () => {
    room.value = {
      ...calm,
      heat: {
        ...calm.heat,
        value: 131,
        level: 4,
        next: 165,
        multipliers: { like: 2000, comment: 2000, share: 2000 },
      },
    }
    happen({ kind: 'heat.rose', level: 4 })
  },
  safe: () => {
    room.value = { ...calm, safe: true }
  },
}

render(
  state === 'setup' ? <Setup problem="refused" lang={lang} /> : <Stage model={model} lang={lang} />,
  document.body,
)
SCENES[state]?.()
