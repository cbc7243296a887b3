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
  products: Record<Product, { name: string; price: string }>
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
    '打开热闹模式，看热度和倍率上升',
    '到主播台发起任务，两边同时倒数',
  ],
  second: '第二位观众',
  secondWhat: '另一个账户，同一间直播',
  host: '主播台',
  hostWhat: '热度、提词、任务、点名',
  stage: '直播画面层',
  stageWhat: 'OBS 浏览器源',
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
    oats: { name: '低GI燕麦片 1kg', price: '39.9' },
    oil: { name: '山茶油 500ml', price: '68' },
    eggs: { name: '土鸡蛋 10 枚', price: '19.9' },
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
    'Bring in the crowd: the rate rises',
    'Start a task in the host console',
  ],
  second: 'Second viewer',
  secondWhat: 'Another account, the same room',
  host: 'Host console',
  hostWhat: 'Heat, cues, tasks, picks',
  stage: 'Stage',
  stageWhat: 'Browser source for OBS',
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
    oats: { name: 'Low-GI oats 1 kg', price: '39.9' },
    oil: { name: 'Camellia oil 500 ml', price: '68' },
    eggs: { name: '10 farm eggs', price: '19.9' },
  },
  away: 'Waiting for the service…',
  noDemo: 'This service has no demo',
  visitor: 'You are',
}

export const STRINGS: Record<Lang, Strings> = { zh, en }
