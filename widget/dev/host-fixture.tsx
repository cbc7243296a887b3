/** The host console over scripted states: `host.html?state=cue&lang=en&theme=light`. Not shipped. */

import { signal } from '@preact/signals'
import { render } from 'preact'
import type { HostPulse } from '../../shared/protocol/events.ts'
import type { RoomState } from '../../shared/room-state.ts'
import { systemRuntime } from '../client/index.ts'
import { App } from '../host/App.tsx'
import { createHostModel, type View } from '../host/model.ts'
import type { HostSource, Link } from '../host/source.ts'
import { STRINGS } from '../host/strings.ts'
import { createLooks } from '../ui/looks.ts'
import '../ui/tokens.css'
import '../ui/components.css'
import '../host/host.css'
import { clubDeskOf } from './club.ts'
import { NOW_MS, pulseOf, roomOf } from './room-states.ts'
import { redeemedOf, weekOf } from './week.ts'

const query = new URLSearchParams(location.search)
const state = query.get('state') ?? 'cue'
const lang = query.get('lang') === 'en' ? 'en' : 'zh'
const looks = createLooks({
  key: 'ff:host:looks',
  given: { lang, theme: query.get('theme') === 'light' ? 'light' : 'dark' },
  otherwise: { lang, theme: 'dark' },
  storage: () => sessionStorage,
})

const startedAt = systemRuntime.now()
const serverNow = () => NOW_MS + systemRuntime.now() - startedAt
const room = signal<RoomState | undefined>(undefined)
const pulse = signal<HostPulse | undefined>(undefined)
const link = signal<Link>('online')

const source: HostSource = {
  room,
  pulse,
  link,
  serverNow,
  onMoment: () => () => {},
  request: (name, input) => {
    const at = room.peek()
    if (name === 'stage.setSafe' && at && 'safe' in input) room.value = { ...at, safe: input.safe }
    if (name === 'board.week') return Promise.resolve(weekOf(lang, NOW_MS) as never)
    if (name === 'club.desk') return Promise.resolve(clubDeskOf(NOW_MS) as never)
    if (name === 'redemption.log') return Promise.resolve(redeemedOf(lang, NOW_MS) as never)
    if (name === 'prize.list')
      return Promise.resolve({
        ok: true,
        rewards: [
          {
            reward: 'oats',
            title: { zh: '低GI燕麦片 1kg', en: 'Low-GI oats 1 kg' },
            points: 1800,
            left: 12,
          },
          { reward: 'coupon', title: { zh: '5 元无门槛券', en: '¥5 coupon' }, points: 500 },
        ],
      } as never)
    return Promise.resolve(
      state === 'refused' ? { ok: false, code: 'busy', retry: 'later' } : ({ ok: true } as never),
    )
  },
}
const model = createHostModel(source, systemRuntime)

/** Fifteen minutes of heat before now, so that the curve has something to say. */
function history(last: RoomState): void {
  for (let i = 180; i >= 0; i--) {
    const swing = Math.sin(i / 9) * 6 + Math.sin(i / 3.1) * 3
    const value = Math.max(2, last.heat.value - i * 0.42 + swing * (i / 180))
    const level = [40, 60, 85, 120].filter((from) => value >= from).length
    room.value = { ...last, atMs: NOW_MS - i * 5000, heat: { ...last.heat, value, level } }
  }
  room.value = { ...last, atMs: NOW_MS }
}

const calm = roomOf(lang, NOW_MS)
const now = pulseOf(lang, NOW_MS)
switch (state) {
  case 'waiting':
    link.value = 'connecting'
    break
  case 'closed':
    link.value = 'closed'
    break
  case 'new': {
    const { next: _, ...heat } = calm.heat
    room.value = {
      ...calm,
      audience: 1,
      board: [],
      tasks: [],
      campaigns: [],
      comments: [],
      heat: { ...heat, value: 0, level: 0, next: 40, multipliers: {}, why: [] },
      live: { ...calm.live, startedAtMs: NOW_MS - 4000 },
    }
    pulse.value = { ...now, cues: [], comments: [], actors: 0, issued: 0 }
    break
  }
  case 'held':
    history({
      ...calm,
      heat: {
        ...calm.heat,
        held: 'actors',
        multipliers: { ...calm.heat.multipliers, share: 3000 },
      },
    })
    break
  case 'ended':
    history({ ...calm, live: { ...calm.live, state: 'ended' }, tasks: [], campaigns: [] })
    break
  default:
    history(calm)
}
if (!['waiting', 'closed', 'new'].includes(state)) {
  pulse.value = { ...now, atMs: NOW_MS - 30_000, issued: 84_900 }
  pulse.value = state === 'empty' ? { ...now, cues: [] } : now
}
if (state === 'offline') link.value = 'reconnecting'
if (state === 'safe') model.setSafe(true)
const views: Record<string, View> = {
  launch: 'launch',
  confirm: 'launch',
  comments: 'comments',
  room: 'room',
  held: 'room',
  week: 'room',
  redeemed: 'room',
  club: 'room',
}
model.go(views[state] ?? 'cue')

function Page() {
  const shown = looks.lang.value
  return (
    <App
      console={{
        model,
        runtime: systemRuntime,
        lang: shown,
        t: STRINGS[shown],
        theme: looks.theme.value,
        setLang: (next) => {
          looks.lang.value = next
        },
        setTheme: (next) => {
          looks.theme.value = next
        },
        stageUrl: () =>
          Promise.resolve('https://points.shop.test/stage#k=demo.scripted.key&lang=zh'),
      }}
    />
  )
}
render(<Page />, document.body)
if (state === 'picked') {
  for (const comment of [110, 105]) model.spotlight(comment)
}
if (state === 'confirm') document.querySelector<HTMLElement>('.tile')?.click()
if (state === 'week' || state === 'redeemed' || state === 'club')
  document.querySelector<HTMLElement>(`[data-records=${state}]`)?.click()
if (state === 'stage') document.querySelector<HTMLElement>('.bar .looks button')?.click()
if (state === 'refused') {
  systemRuntime.after(700, () => dispatchEvent(new KeyboardEvent('keydown', { key: 's' })))
}
