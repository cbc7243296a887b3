/** The overlay over scripted states and a fake video: `overlay.html?state=rewards&bg=busy&lang=en`. Not shipped. */

import { createRef, render } from 'preact'
import { refuse } from '../../shared/errors.ts'
import type { Reach } from '../../shared/ledger.ts'
import { questViews } from '../../shared/quests.ts'
import { LADDERS } from '../../shared/rulebook/ladders.ts'
import { PRESETS } from '../../shared/rulebook/presets.ts'
import { Ladder, Rulebook } from '../../shared/rulebook/schema.ts'
import { privilegeViews } from '../../shared/tiers.ts'
import { dayBounds } from '../../shared/time.ts'
import { createWeek } from '../board/create-week.tsx'
import { weekScript } from '../board/late-week.ts'
import weekCss from '../board/week.css?inline'
import { systemRuntime } from '../client/browser.ts'
import clubCss from '../club/club.css?inline'
import { createClub } from '../club/create-club.tsx'
import { clubScript } from '../club/late-club.ts'
import { addStyles } from '../overlay/add-styles.ts'
import { createSheet } from '../overlay/create-sheet.tsx'
import { createOverlayModel } from '../overlay/model.ts'
import { Overlay } from '../overlay/Overlay.tsx'
import { createPrefs } from '../overlay/prefs.ts'
import * as reactive from '../overlay/reactive.ts'
import sheetCss from '../overlay/sheet.css?inline'
import { STRINGS } from '../overlay/strings.ts'
import { applyStyles } from '../overlay/styles.ts'
import { accountOf, FakeClient, NOW_MS, receiptOf } from '../overlay/testing.ts'
import type { Panel } from '../overlay/view.ts'
import { playScript } from '../play/late-play.ts'
import { Play } from '../play/Play.tsx'
import playCss from '../play/play.css?inline'
import { drawCode } from '../rewards/draw-code.ts'
import { codeScript } from '../rewards/late-code.ts'
import rewardsCss from '../rewards/rewards.css?inline'
import { createTeam } from '../team/create-team.tsx'
import { teamScript } from '../team/late-team.ts'
import teamCss from '../team/team.css?inline'
import { htmlLang, type Lang } from '../ui/lang.ts'
import { History } from '../wallet/History.tsx'
import { historyScript } from '../wallet/late-history.ts'
import { teamsOf } from './team.ts'
import './stage-video.css'
import { clubOf } from './club.ts'
import { effectsOf } from './games.ts'
import { historyOf } from './history.ts'
import { commentsOf, roomOf } from './room-states.ts'
import { burnShelfOf, burnWeekOf, endingOf, redemptionsOf, shelfOf } from './shelf.ts'
import { weekOf } from './week.ts'

const query = new URLSearchParams(location.search)
const state = query.get('state') ?? 'rewards'
const lang: Lang = query.get('lang') === 'en' ? 'en' : 'zh'
const root = document.documentElement
root.lang = htmlLang(lang)
root.dataset.bg = query.get('bg') ?? 'dark'
// The script is here already.
codeScript.load = async () => drawCode
teamScript.load = async () => ({ create: (deps) => createTeam(deps, teamCss) })
clubScript.load = async () => ({ create: (deps) => createClub(deps, clubCss) })
playScript.load = async () => ({ create: () => Play })
historyScript.load = async () => ({ create: () => History })
weekScript.load = async () => ({ create: (deps) => createWeek(deps, weekCss) })

/** Scenes with team tasks, and how far the viewer's team is. */
const TEAM_STATES: Record<string, 'none' | 'going' | 'reached'> = {
  team: 'going',
  teams: 'none',
  teamdone: 'reached',
}

const burns = state.startsWith('burn')
const startedAt = systemRuntime.now()
const room = { ...roomOf(lang, NOW_MS), ...(burns && { burnWeek: burnWeekOf(NOW_MS) }) }
const REACH: Reach[] = [
  { kind: 'brand', brand: 'acme', id: 'acme', points: 1230, here: true },
  { kind: 'room', brand: 'acme', id: 'garden', name: '周末的花园', points: 420, here: false },
  { kind: 'host', brand: 'acme', id: 'xiaolin', points: 200, here: false },
]
const TODAY = dayBounds(NOW_MS, 'Asia/Shanghai')
/** Three days in a row up to yesterday, two of five pages. */
const QUESTS_AT = {
  rows: [
    { quest: 1, period: TODAY.day - 1, progress: 3, paid: 0 },
    { quest: 2, period: TODAY.day - 1, progress: 3, paid: 0 },
    { quest: 3, period: TODAY.day, progress: 2, paid: 0 },
    { quest: 5, period: 0, progress: 1, paid: 1 },
  ],
  began: TODAY.day - 3,
  rung: 1,
  today: TODAY.day,
  dayEndsMs: TODAY.endsAtMs,
  unitOf: () => 1,
}
const LIKELY = {
  zh: '照您平时每场浏览商品 3 次，很可能完成',
  en: 'Your usual 3 product views a live will likely do it',
}
class Scripted extends FakeClient {
  override serverNow = () => NOW_MS + systemRuntime.now() - startedAt
  override async request(name?: string): Promise<never> {
    const answers: Record<string, unknown> = {
      'reward.list': burns
        ? {
            ok: true,
            atMs: NOW_MS,
            rewards: burnShelfOf(NOW_MS),
            burnWeek: { ...burnWeekOf(NOW_MS), points: 640 },
          }
        : { ok: true, atMs: NOW_MS, rewards: shelfOf(NOW_MS) },
      'history.read': {
        ok: true,
        entries: historyOf(NOW_MS),
        issuers: {},
        ...(state === 'elsewhere' && { reach: REACH }),
      },
      'effect.list': effectsOf(NOW_MS),
      'privilege.list': {
        ok: true,
        rung: 3,
        privileges: privilegeViews(Ladder.parse(LADDERS['cn-5']), { rung: 3, boost: 1 }),
      },
      'rulebook.own': { ok: true, version: room.rulebook },
      'quest.list': {
        ok: true,
        atMs: NOW_MS,
        quests: questViews(Rulebook.parse(PRESETS.mall), QUESTS_AT).map((quest) => ({
          ...quest,
          ...(quest.id === 'browse_five' && { likely: LIKELY }),
        })),
      },
      'board.week': weekOf(lang, NOW_MS),
      'club.read': clubOf(NOW_MS, state === 'club'),
      'team.list': teamsOf(NOW_MS, TEAM_STATES[state] ?? 'none'),
      'redemption.list': {
        ok: true,
        redemptions: state === 'ending' ? endingOf(NOW_MS) : redemptionsOf(NOW_MS),
      },
    }
    return (answers[name ?? ''] ?? refuse(state === 'refused' ? 'sold_out' : 'busy')) as never
  }
}
const keep = { growth: 204, untilMs: NOW_MS + 6 * 86_400_000, warned: true as const }
const client = new Scripted({
  room: { ...room, comments: commentsOf(lang) },
  account: accountOf(
    state === 'today' || state === 'keep'
      ? { tier: { rung: 1, growth: 84, promotions: 1, keep } }
      : {},
  ),
})
const { signal, effect } = reactive
const model = createOverlayModel({
  client,
  runtime: systemRuntime,
  prefs: createPrefs(() => sessionStorage, matchMedia('(prefers-reduced-motion: reduce)').matches),
})
const panels: Record<string, Panel | undefined> = {
  live: undefined,
  paid: undefined,
  burn: undefined,
  keep: undefined,
  ending: undefined,
  offline: 'rewards',
  mine: 'mine',
  today: 'today',
  club: 'today',
  team: 'today',
  teams: 'today',
  teamdone: 'today',
  fans: 'today',
  history: 'history',
  board: 'board',
  elsewhere: 'history',
  play: 'play',
  ended: undefined,
  millions: undefined,
  capped: undefined,
  long: undefined,
  risen: undefined,
  shared: undefined,
  broadcast: undefined,
  entrance: undefined,
}
const panel = signal<Panel | undefined>(state in panels ? panels[state] : 'rewards')
sessionStorage.clear()
localStorage.clear()

const element = document.createElement('div')
element.style.cssText = 'position:fixed;inset:0'
element.dataset.ffTheme = query.get('theme') ?? 'dark'
document.body.append(element)
const shadow = element.attachShadow({ mode: 'open' })
applyStyles(shadow)
addStyles(shadow, sheetCss + rewardsCss + playCss)
const host = document.createElement('div')
shadow.append(host)

/** Of rules that have fan clubs, in the scenes that show them. */
const clubRule = { topic: 'club', title: '', key: 'club.join', text: '' }
const hasClub = state === 'club' || state === 'fans'
const teamRule = { topic: 'team', title: '', key: 'team.cheer', text: '' }
const sentences = [...(hasClub ? [clubRule] : []), ...(state in TEAM_STATES ? [teamRule] : [])]
const get = async () => Response.json({ version: room.rulebook, sentences, earn: [] })
const deps = {
  client,
  model,
  panel,
  lang: signal(lang),
  // Nobody waits for a picture.
  runtime: { ...systemRuntime, random: () => 0 },
  get,
  reactive,
  early: [],
}
const parts = createSheet({ ...deps, address: '', api: '', room: 'demo' })
const view = {
  model,
  panel,
  hint: signal(state === 'shared' ? STRINGS[lang].copied : ''),
  tell() {},
  draft: signal(''),
  sheet: { parts: signal(parts), want() {} },
  handOn: async () => true,
  pill: createRef<HTMLButtonElement>(),
  box: createRef<HTMLInputElement>(),
  lang,
  t: STRINGS[lang],
}
effect(() => render(<Overlay view={view} />, host))
const click = (selector: string, after = 200) =>
  setTimeout(() => shadow.querySelector<HTMLElement>(selector)?.click(), after)

const risen = () =>
  client.change({ account: accountOf({ tier: { rung: 2, growth: 205, promotions: 2 } }) })

const SCENES: Record<string, () => void> = {
  broadcast: () =>
    client.emit('moment', {
      seq: 1,
      atMs: NOW_MS,
      kind: 'broadcast.shown',
      handle: 'h1',
      name: lang === 'zh' ? '小美' : 'Xiaomei',
      rung: 3,
      text: lang === 'zh' ? '祝主播生日快乐，今晚的汤真香！' : 'Happy birthday, the soup is great!',
    }),
  entrance: () =>
    client.emit('moment', {
      seq: 1,
      atMs: NOW_MS,
      kind: 'entrance.shown',
      entrance: 'grand',
      names: lang === 'zh' ? ['小美', '老陈'] : ['Xiaomei', 'Chen'],
      others: 4,
    }),
  paid: () =>
    client.emit('account', {
      account: accountOf(),
      receipts: [],
      gain: {
        points: 200,
        spendable: 1850,
        best: {
          reward: 'oats',
          title: { zh: '低GI燕麦片 1kg', en: 'Low-GI oats 1 kg' },
          points: 1800,
        },
      },
    }),
  offline: () =>
    setTimeout(() => client.change({ status: { phase: 'offline', retryAtMs: NOW_MS } }), 300),
  history: () =>
    client.change({
      account: accountOf({
        balance: { spendable: 1850, session: 50, pending: 100, held: 1800, frozen: 0 },
      }),
    }),
  elsewhere: () =>
    client.change({
      account: accountOf({
        balance: { spendable: 1850, session: 0, pending: 0, held: 0, frozen: 0 },
        elsewhere: 620,
      }),
    }),
  frozen: () =>
    client.change({
      account: accountOf({
        balance: { spendable: 0, session: 0, pending: 0, held: 0, frozen: 1850 },
      }),
    }),
  sure: () => click('.rw:nth-child(3) .ff-btn'),
  asking: () => {
    click('.rw:nth-child(3) .ff-btn')
    click('.rw:nth-child(3) .ff-btn', 700)
  },
  ended: () => client.change({ status: { phase: 'ended' } }),
  millions: () =>
    client.change({
      account: accountOf({
        balance: { spendable: 12_345_678, session: 1_234_567, pending: 0, held: 0, frozen: 0 },
      }),
    }),
  capped: () =>
    client.scored(
      receiptOf({
        ...{ action: 'like', points: 0, reason: 'minute_cap', cap: 20 },
        resetsAtMs: NOW_MS + 43_000,
      }),
    ),
  long: () =>
    client.emit('moment', {
      seq: 1,
      atMs: NOW_MS,
      kind: 'tier.reached',
      ladder: 'cn-5',
      rung: 4,
      names: [
        lang === 'zh'
          ? '一个名字特别特别特别特别长的观众朋友和她的一家人'
          : 'A viewer whose name is far too long for any pill',
      ],
      handles: ['h'],
      others: 112,
    }),
  risen,
  /** By a share, whose link has been copied. */
  shared: risen,
  refused: () => {
    click('.rw:nth-child(3) .ff-btn')
    click('.rw:nth-child(3) .ff-btn', 700)
  },
  code: () => {
    click('.minelink')
    click('.acts .ff-btn', 400)
  },
}
SCENES[state]?.()
