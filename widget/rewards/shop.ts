/** The catalogue and the own redemptions: read while they are shown, changed by taps. */

import type { Position } from '../../shared/distance.ts'
import type { Refusal } from '../../shared/errors.ts'
import {
  type BurnWeekView,
  isFinal,
  type RedemptionView,
  type RewardView,
  type ShelfView,
} from '../../shared/rewards.ts'
import { pageStorage } from '../client/runtime.ts'
import { createWishes, type Wish } from '../client/wishes.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { ReadonlySignal } from '../overlay/reactive.ts'
import { tellBurnWeek } from './burn-week.ts'
import {
  ARM_GUARD_MS,
  ARMED_MS,
  CODE_LOOK_MS,
  REDEMPTIONS_MAX,
  SHELF_SPREAD_MS,
  SHOP_REST_MS,
  SHOP_STALE_MS,
} from './limits.ts'
import { locate, readNear } from './near.ts'
import { remindOfCodes } from './reminder.ts'
import { REWARD_STRINGS } from './strings.ts'

/** What a button would do at its second tap. */
export type Armed = { act: 'redeem' | 'cancel'; id: string }

export interface Shop {
  rewards: ReadonlySignal<RewardView[] | undefined>
  /** Newest first. */
  redemptions: ReadonlySignal<RedemptionView[] | undefined>
  next: ReadonlySignal<string | undefined>
  failed: ReadonlySignal<boolean>
  /** Server time; moves each second while rewards are shown. */
  nowMs: ReadonlySignal<number>
  /** Asked for and not answered, by reward. */
  wishes: ReadonlySignal<readonly Wish[]>
  /** What became of the last wish for a reward. */
  ends: ReadonlySignal<Record<string, RedemptionView | Refusal>>
  armed: ReadonlySignal<Armed | undefined>
  /** The first tap asks, the second does it. `point` is where it is picked up. */
  redeem(reward: RewardView, point?: string): void
  cancel(redemption: RedemptionView): void
  cancelFailed: ReadonlySignal<string | undefined>
  older(): void
  /** A code that ends soon, to be told over the picture. */
  ending: ReadonlySignal<RedemptionView | undefined>
  endEnding(): void
  /** Asks the browser where the viewer is, so that the nearest point stands first. */
  locate(): Promise<void>
  locating: ReadonlySignal<'idle' | 'asking' | 'refused'>
  /** While it runs, and what this viewer has to lose in it. */
  burnWeek: ReadonlySignal<BurnWeekView | undefined>
  /** From when points buy less. */
  valueCut: ReadonlySignal<ShelfView['valueCut']>
  /** It is to be told over the picture now. */
  burnTold: ReadonlySignal<boolean>
  endBurn(): void
  /** The redemption whose code is shown. */
  shown: ReadonlySignal<RedemptionView | undefined>
  show(id: string): void
}

export type ShopDeps = Pick<
  SheetDeps,
  'client' | 'model' | 'panel' | 'lang' | 'runtime' | 'room' | 'near' | 'reactive'
>

/** Parts of the sheet that show rewards, or name them. */
const SHOWN_IN = new Set<string | undefined>(['rewards', 'mine', 'code', 'history'])

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure of small functions over the same signals.
export function createShop(deps: ShopDeps): Shop {
  const { client, model, panel, lang, runtime, reactive } = deps
  const { batch, computed, effect, signal } = reactive
  const rewards = signal<RewardView[] | undefined>(undefined)
  const redemptions = signal<RedemptionView[] | undefined>(undefined)
  const next = signal<string | undefined>(undefined)
  const failed = signal(false)
  const nowMs = signal(client.serverNow())
  const wishes = signal<readonly Wish[]>([])
  const ends = signal<Record<string, RedemptionView | Refusal>>({})
  const armed = signal<Armed | undefined>(undefined)
  const cancelFailed = signal<string | undefined>(undefined)
  const burnWeek = signal<BurnWeekView | undefined>(undefined)
  const valueCut = signal<ShelfView['valueCut']>(undefined)
  const locating = signal<'idle' | 'asking' | 'refused'>('idle')
  let near: Position | undefined
  const shownId = signal<string | undefined>(undefined)

  function put(one: RedemptionView): void {
    const others = (redemptions.value ?? []).filter(({ id }) => id !== one.id)
    redemptions.value = [one, ...others].sort((a, b) => b.atMs - a.atMs).slice(0, REDEMPTIONS_MAX)
  }

  const asked = createWishes({
    client,
    runtime,
    storage: pageStorage(),
    scope: deps.room ?? '',
    changed: (open) => {
      wishes.value = open
    },
    settled({ reward }, end) {
      batch(() => {
        ends.value = { ...ends.value, [reward]: end }
        if ('state' in end) put(end)
      })
      void readRewards()
      const t = REWARD_STRINGS[lang.value]
      if (!('state' in end) || end.state !== 'issued') return
      // Whoever still looks at the shelf sees at once what there is to show at the counter.
      if (panel.value === 'rewards' && end.code !== undefined) show(end.id)
      model.speaker.say('reward', t.spokenIssued(end.title[lang.value]))
    },
  })
  wishes.value = asked.open()

  async function readRewards(): Promise<void> {
    const at = readNear(deps.near?.()) ?? near
    const answer = await client.request('reward.list', at ? { near: at } : {})
    batch(() => {
      failed.value = !answer.ok && rewards.value === undefined
      if (!answer.ok) return
      rewards.value = answer.rewards
      burnWeek.value = answer.burnWeek
      valueCut.value = answer.valueCut
    })
  }

  async function readMine(before?: string): Promise<void> {
    const answer = await client.request('redemption.list', before ? { before } : {})
    if (!answer.ok) {
      failed.value = redemptions.value === undefined
      return
    }
    batch(() => {
      const known = new Set(answer.redemptions.map(({ id }) => id))
      const kept = (redemptions.value ?? []).filter(({ id }) => !known.has(id))
      const all = [...answer.redemptions, ...kept].sort((a, b) => b.atMs - a.atMs)
      redemptions.value = all.slice(0, REDEMPTIONS_MAX)
      if (before || next.value === undefined) next.value = answer.next
    })
  }

  // Reading while it is shown: at once, when the account changed, and from time to time.
  let known: string | undefined
  let resting = false
  let readAtMs = Number.NEGATIVE_INFINITY

  function read(): void {
    readAtMs = runtime.now()
    resting = true
    runtime.after(SHOP_REST_MS, () => {
      resting = false
      look()
    })
    void readRewards()
    void readMine()
  }

  function look(): void {
    const { account, status } = model.state.value
    if (!SHOWN_IN.has(panel.value)) {
      known = undefined
      return
    }
    const now = `${account?.epoch} ${account?.version} ${status.phase}`
    if (resting || now === known || status.phase !== 'online') return
    known = now
    read()
  }
  effect(look)

  /** Something opens or closes, so what the service says of it is not the same any more. */
  const turned = (fromMs: number, toMs: number) =>
    (rewards.value ?? []).some(({ opensAtMs, closesAtMs, lock }) =>
      [opensAtMs, closesAtMs, lock && 'opensAtMs' in lock ? lock.opensAtMs : undefined].some(
        (atMs) => atMs !== undefined && fromMs < atMs && atMs <= toMs,
      ),
    )

  let ticking = false
  function tick(): void {
    const last = nowMs.value
    nowMs.value = client.serverNow()
    ticking = SHOWN_IN.has(panel.value)
    if (!ticking) return
    const stale = panel.value === 'code' ? CODE_LOOK_MS : SHOP_STALE_MS
    const due = runtime.now() - readAtMs > stale || turned(last, nowMs.value)
    if (due && !resting && model.state.value.status.phase === 'online') read()
    runtime.after(1000 - (client.serverNow() % 1000) + 5, tick)
  }
  effect(() => {
    if (SHOWN_IN.has(panel.value) && !ticking) tick()
  })
  const reminder = remindOfCodes({ ...deps, redemptions, read: readMine })
  const burn = tellBurnWeek({ ...deps, burnWeek, read: readRewards })

  client.on('moment', ({ kind }) => {
    if ((kind === 'flash.opened' || kind === 'flash.closed') && SHOWN_IN.has(panel.value)) read()
  })

  let shelf: number | undefined
  effect(() => {
    const next = model.state.value.room?.shelf
    const changed = shelf !== undefined && next !== shelf
    shelf = next
    if (!changed) return
    // Everybody sees it change at the same moment; they ask one after the other.
    runtime.after(runtime.random() * SHELF_SPREAD_MS, () => {
      known = undefined
      look()
    })
  })

  function show(id: string): void {
    batch(() => {
      shownId.value = id
      panel.value = 'code'
    })
  }

  let disarm = () => {}
  let armedAtMs = 0
  function arm(wanted: Armed | undefined): void {
    disarm()
    armed.value = wanted
    armedAtMs = runtime.now()
    if (wanted) disarm = runtime.after(ARMED_MS, () => arm(undefined))
  }
  /** True at the second tap. */
  function sure(act: Armed['act'], id: string): boolean {
    const now = armed.value
    const second = now?.act === act && now.id === id
    // A double tap is one wish to be asked, not an answer.
    if (second && runtime.now() - armedAtMs < ARM_GUARD_MS) return false
    arm(second ? undefined : { act, id })
    return second
  }

  return {
    rewards,
    redemptions,
    next,
    failed,
    nowMs,
    wishes,
    ends,
    armed,
    cancelFailed,
    redeem({ id, cost: { points, cashFen } }, point) {
      if (!sure('redeem', id)) return
      const { [id]: _, ...others } = ends.value
      ends.value = others
      asked.redeem(id, { ...(point && { point }), quoted: { points, cashFen } })
    },
    async cancel({ id }) {
      if (!sure('cancel', id)) return
      const answer = await client.request('redemption.cancel', { id })
      batch(() => {
        cancelFailed.value = answer.ok ? undefined : id
        if (answer.ok) put(answer.redemption)
      })
    },
    older() {
      if (next.value) void readMine(next.value)
    },
    locating,
    async locate() {
      locating.value = 'asking'
      near = await locate()
      locating.value = near ? 'idle' : 'refused'
      if (near) await readRewards()
    },
    ending: reminder.ending,
    endEnding: reminder.end,
    burnWeek,
    valueCut,
    burnTold: burn.told,
    endBurn: burn.end,
    shown: computed(() => redemptions.value?.find(({ id }) => id === shownId.value)),
    show,
  }
}

/** The latest redemption of a reward that still matters: under way, or ready to be used. */
export const activeOf = (
  redemptions: readonly RedemptionView[] | undefined,
  reward: string,
): RedemptionView | undefined =>
  redemptions?.find((one) => one.reward === reward && !isFinal(one.state))
