/** The words of the demo page. */

import type { Lang } from '../ui/lang.ts'
import type { Product } from './Food.tsx'
import type { Scene } from './Picture.tsx'

interface Strings {
  title: string
  tagline: string
  shop: string
  live: string
  room: string
  desk: string
  open: string
  close: string
  tryIt: string
  steps: string[]
  second: string
  secondWhat: string
  host: string
  hostWhat: string
  stage: string
  stageWhat: string
  clerk: string
  clerkWhat: string
  operator: string
  operatorWhat: string
  welcome: (points: string) => string
  welcomed: string
  buy: string
  buying: string
  bought: string
  notBought: string
  newTab: string
  crowd: string
  crowdWhat: (n: number) => string
  crowdFailed: string
  scene: string
  scenes: Record<Scene, string>
  theme: string
  themes: Record<'dark' | 'light', string>
  language: string
  embed: string
  embedWhat: string
  copy: string
  copied: string
  talkingOf: string
  next: string
  products: Record<Product, string>
  away: string
  noDemo: string
  visitor: string
}

const zh: Strings = {
  title: 'Fanfare 演示直播间',
  tagline: '直播间积分，即时到账，笔笔说清',
  shop: '田姐粮油铺',
  live: '直播中',
  room: '直播画面',
  desk: '演示台',
  open: '打开演示台',
  close: '收起演示台',
  tryIt: '试一试',
  steps: [
    '点赞、评论、分享，看积分即时到账',
    '领体验积分，下单，看够换什么',
    '兑换后到取货台扫码，第二次会被拒绝',
  ],
  second: '第二位观众',
  secondWhat: '另一个账户，同一间直播',
  host: '主播台',
  hostWhat: '热度、提词、任务、点名',
  stage: '直播画面层',
  stageWhat: 'OBS 浏览器源',
  clerk: '取货台',
  clerkWhat: '店员手机扫码核销',
  operator: '运营台',
  operatorWhat: '查观众、奖品库存、回调',
  welcome: (points) => `领 ${points} 体验积分`,
  welcomed: '已领取，看右上角余额',
  buy: '下单',
  buying: '下单中…',
  bought: '已下单',
  notBought: '没有成功，再试一次',
  newTab: '在新标签页打开',
  crowd: '热闹模式',
  crowdWhat: (n) => `${n} 位机器人观众，走真实连接`,
  crowdFailed: '现在叫不来机器人，请稍后再试',
  scene: '画面',
  scenes: { bright: '明亮', dark: '夜晚', busy: '热闹' },
  theme: '浮层',
  themes: { dark: '深色', light: '浅色' },
  language: '语言',
  embed: '嵌入您的直播间',
  embedWhat: '一行脚本，或一个元素，或一个 iframe。票据由您的后端签发。',
  copy: '复制',
  copied: '已复制',
  talkingOf: '讲解中',
  next: '换一款',
  products: {
    oats: '低GI燕麦片 10 袋装',
    oil: '山茶油 500ml',
    eggs: '土鸡蛋 10 枚',
  },
  away: '正在等待服务启动…',
  noDemo: '这个服务没有打开演示',
  visitor: '您是',
}

const en: Strings = {
  title: 'Fanfare demo room',
  tagline: 'Points at once, and with the reason',
  shop: "Tian's Pantry",
  live: 'Live',
  room: 'Live picture',
  desk: 'Demo desk',
  open: 'Open the demo desk',
  close: 'Close the demo desk',
  tryIt: 'Try it',
  steps: [
    'Like or comment: points at once',
    'Get points, buy, see the gain',
    'Redeem; the desk scans the code',
  ],
  second: 'Second viewer',
  secondWhat: 'Another account, the same room',
  host: 'Host console',
  hostWhat: 'Heat, cues, tasks, picks',
  stage: 'Stage',
  stageWhat: 'Browser source for OBS',
  clerk: 'Pick-up desk',
  clerkWhat: "The clerk's phone scans codes",
  operator: 'Operator console',
  operatorWhat: 'Viewers, stock, webhooks',
  welcome: (points) => `Get ${points} points to try`,
  welcomed: 'Yours: see the balance, top right',
  buy: 'Buy',
  buying: 'Buying…',
  bought: 'Bought',
  notBought: 'Not bought, try again',
  newTab: 'opens in a new tab',
  crowd: 'Crowd',
  crowdWhat: (n) => `${n} bots over real sockets`,
  crowdFailed: 'No bots right now, try again soon',
  scene: 'Picture',
  scenes: { bright: 'Bright', dark: 'Evening', busy: 'Busy' },
  theme: 'Overlay',
  themes: { dark: 'Dark', light: 'Light' },
  language: 'Language',
  embed: 'Put it on your own room',
  embedWhat: 'A script tag, an element or an iframe. Your backend signs the tickets.',
  copy: 'Copy',
  copied: 'Copied',
  talkingOf: 'On now',
  next: 'Next one',
  products: {
    oats: 'Low-GI oats, 10 bags',
    oil: 'Camellia oil 500 ml',
    eggs: '10 farm eggs',
  },
  away: 'Waiting for the service…',
  noDemo: 'This service has no demo',
  visitor: 'You are',
}

export const STRINGS: Record<Lang, Strings> = { zh, en }
