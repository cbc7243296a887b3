/** The clerk's page over scripted answers: `clerk.html?state=used&lang=en&theme=light`. Not shipped. */

import { signal } from '@preact/signals'
import { render } from 'preact'
import { refuse } from '../../shared/errors.ts'
import type { PickupLine } from '../../shared/rewards.ts'
import { HOUR_MS, MINUTE_MS } from '../../shared/time.ts'
import { App } from '../clerk/App.tsx'
import type { Camera } from '../clerk/desk.ts'
import { openKept } from '../clerk/kept.ts'
import { createClerk } from '../clerk/model.ts'
import { type PickupService, Unreached, type UseAnswer } from '../clerk/service.ts'
import { STRINGS } from '../clerk/strings.ts'
import { systemRuntime } from '../client/runtime.ts'
import { htmlLang } from '../ui/lang.ts'
import '../ui/tokens.css'
import '../ui/components.css'
import '../clerk/clerk.css'

const query = new URLSearchParams(location.search)
const state = query.get('state') ?? 'list'
const lang = query.get('lang') === 'en' ? 'en' : 'zh'
const root = document.documentElement
root.lang = htmlLang(lang)
root.dataset.ffTheme = query.get('theme') ?? 'dark'
const NOW_MS = Date.now()
const oats = { zh: '低GI燕麦片 1kg', en: 'Low-GI oats 1 kg' }
const eggs = { zh: '土鸡蛋 10 枚', en: '10 farm eggs' }
const CODE = '7K4M29QX3R'
const line = (code: string, given: Partial<PickupLine>): PickupLine => ({
  code,
  reward: 'oats',
  title: oats,
  state: 'issued',
  ...given,
})
const lines = [
  line(CODE, { name: lang === 'zh' ? '小美' : 'Mei' }),
  line('3HTR8WXY5Z', { title: eggs, name: lang === 'zh' ? '阿哲' : 'Zhe' }),
  line('9QWE2RTY1A', { title: eggs, state: 'used', usedAtMs: NOW_MS - HOUR_MS }),
]
const first = { atMs: NOW_MS - 3 * MINUTE_MS, clerk: lang === 'zh' ? '张姐' : 'Zhang', device: 'x' }
const ANSWERS: Record<string, UseAnswer> = {
  good: { ok: true, atMs: NOW_MS, code: CODE, reward: 'oats', title: oats },
  used: { ...refuse('already_used'), first },
  closed: refuse('redemption_closed'),
  over: refuse('redemption_closed', { field: 'until' }),
  often: refuse('rate_limited'),
  unknown: refuse('not_found'),
}
const TYPED: Record<string, string> = {
  scanonly: 'ABCDEFGHJK',
  typo: '7k4m 29qx',
  foreign: 'https://example.com/menu',
}
const away = state === 'offline' || state === 'scanonly'
const service: PickupService = {
  point: async () => ({
    point: 'wensan',
    name: { zh: '文三路 88 号社区店', en: '88 Wensan Rd store' },
    clerk: lang === 'zh' ? '小梅' : 'Xiaomei',
    timeZone: 'Asia/Shanghai',
    atMs: NOW_MS,
    keys: [],
  }),
  list: async () => lines,
  use: async () => {
    const answer = ANSWERS[state]
    if (away || !answer) throw new Unreached()
    return answer
  },
  sync: async () => {
    throw new Unreached()
  },
}
localStorage.clear()
const kept = openKept(() => localStorage, 'dev')
if (state === 'conflict')
  kept.save({
    conflicts: [{ useId: 'u', short: CODE, title: oats, atMs: NOW_MS, why: 'used', first }],
  })
const model = createClerk({
  service,
  kept,
  runtime: systemRuntime,
  nowMs: () => Date.now(),
  verify: async () => ({ ok: false, why: 'forged' }),
})
const FAULTS = ['denied', 'absent', 'taken', 'insecure'] as const
const camera: Camera = {
  state: signal<Camera['state']['value']>(
    state === 'camera' ? 'on' : (FAULTS.find((fault) => fault === state) ?? 'off'),
  ),
  start() {},
  stop() {},
  again() {},
  show() {},
}
const desk = { model, lang, t: STRINGS[lang], nowMs: () => Date.now(), camera } as const
render(<App desk={desk} />, document.body)
void model.wake().then(() => {
  if (state in ANSWERS || away || state in TYPED) void model.hand(TYPED[state] ?? CODE)
})
