/** What the overlay shows: the client's snapshots, and the short-lived things that explain their changes. */

import type { Scored } from '../../shared/account-state.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { OfferView } from '../../shared/offers.ts'
import type { Receipt } from '../../shared/receipt.ts'
import type { Gain as RewardGain } from '../../shared/rewards.ts'
import type { Client, ClientState, Runtime } from '../client/browser.ts'
import type { Storage } from '../client/store.ts'
import { createFading } from './fading.ts'
import { type Gain, isTold, mergeGain } from './gain.ts'
import { createLane, itemOf } from './lane.ts'
import { createLiked } from './liked.ts'
import {
  CELEBRATION_MS,
  MERGE_MS,
  PAID_LONG_MS,
  PAID_MS,
  READ_LONG_MS,
  READ_MS,
  TASK_OUTCOME_MS,
  THUMB_MS,
} from './limits.ts'
import type { Prefs } from './prefs.ts'
import { batch, computed, effect, signal } from './reactive.ts'
import { createSpeaker } from './speaker.ts'
import { createTaskShown } from './task.ts'

export type Line = { kind: 'gain'; gain: Gain } | { kind: 'back'; points: number; times: number }

export interface OverlayOptions {
  client: Client
  runtime: Runtime
  prefs: Prefs
  /** Of the tab. */
  storage?: Storage | undefined
}

/** Balance that can be spent in this live. */
export const balanceOf = ({ account }: ClientState): number | undefined =>
  account && account.balance.spendable + account.balance.session - (account.elsewhere ?? 0)

const isCut = (phase: ClientState['status']['phase']) => phase === 'offline' || phase === 'paused'

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure of small functions over the same signals.
export function createOverlayModel({ client, runtime, prefs, storage }: OverlayOptions) {
  const state = signal(client.state)
  const line = createFading<Line>(runtime)
  const thumb = createFading<{ key: number; text: string; paid: boolean }>(runtime)
  const celebration = createFading<number>(runtime)
  const paid = createFading<RewardGain>(runtime)
  /** A rung that was reached while the sheet lay over the picture: celebrated when it goes. */
  const risen = signal<number | undefined>(undefined)
  const covered = signal(false)
  const lane = createLane(runtime)
  const speaker = createSpeaker(runtime)
  /** Server time; moves once a second while something counts down. */
  const nowMs = signal(client.serverNow())
  const offer = signal<OfferView | undefined>(undefined)
  const task = createTaskShown(state, nowMs, offer)
  let mergedAtMs = Number.NEGATIVE_INFINITY
  const liked = createLiked(storage)
  const markOf = (comment: number) => {
    const { room, me } = state.value
    return `${room?.live.startedAtMs}:${me?.handle}:${comment}`
  }
  let taps = 0
  let key = 0
  /** Balance before a cut, until everything kept has been counted. */
  let before: { balance: number; times: number } | undefined
  let ticking = false

  const readMs = () => (prefs.calm.value ? READ_LONG_MS : READ_MS)

  function tick(): void {
    nowMs.value = client.serverNow()
    const counts = (state.value.room?.tasks.length ?? 0) + (state.value.room?.campaigns.length ?? 0)
    ticking = counts > 0 || nowMs.value < (offer.value?.endsAtMs ?? 0) + TASK_OUTCOME_MS
    // At the full second, so that the digits move evenly.
    if (ticking) runtime.after(1000 - (client.serverNow() % 1000) + 5, tick)
  }

  function told(receipts: readonly Receipt[]): void {
    const news = receipts.filter(isTold)
    // After a cut the sum is told, once.
    if (before || news.length === 0) return
    const shown = line.value.value
    const together = runtime.now() - mergedAtMs <= MERGE_MS && shown?.kind === 'gain'
    let gain = together ? shown.gain : undefined
    for (const receipt of news) gain = mergeGain(gain, receipt)
    mergedAtMs = runtime.now()
    if (gain) line.set({ kind: 'gain', gain }, readMs())
  }

  function caughtUp(next: ClientState): void {
    const { likes, comments } = next.pending
    const balance = balanceOf(next)
    if (!before || isCut(next.status.phase) || next.status.phase === 'connecting') return
    before.times = Math.max(before.times, likes + comments)
    if (likes + comments > 0 || balance === undefined) return
    const points = balance - before.balance
    if (points > 0) line.set({ kind: 'back', points, times: before.times }, readMs())
    before = undefined
  }

  function changed(next: ClientState): void {
    const last = state.value
    const balance = balanceOf(last)
    if (isCut(next.status.phase)) {
      before ??= balance === undefined ? undefined : { balance, times: 0 }
      if (before) {
        const { likes, comments } = next.pending
        before.times = Math.max(before.times, likes + comments)
      }
    }
    batch(() => {
      state.value = next
      const rung = next.account?.tier.rung
      if (last.account && rung !== undefined && rung > last.account.tier.rung && !prefs.quiet.value)
        risen.value = rung
      caughtUp(next)
      if (!ticking) tick()
    })
  }

  effect(() => {
    if (prefs.quiet.value) lane.clear()
  })
  effect(() => {
    const rung = risen.value
    if (rung === undefined || covered.value) return
    risen.value = undefined
    celebration.set(rung, CELEBRATION_MS)
  })
  client.on('changed', changed)
  client.on('scored', ({ name, scored }) => {
    told(scored.receipts)
    const points = scored.receipts.reduce((sum, receipt) => sum + receipt.points, 0)
    if (name === 'like.send' && points > 0)
      thumb.set({ key: ++key, text: `+${points}`, paid: true }, THUMB_MS)
  })
  client.on('account', ({ receipts, gain, pack, offer: made }) => {
    told(receipts)
    offer.value = made ?? offer.value
    if (!ticking) tick()
    if (pack) lane.push({ kind: 'pack', pack })
    // A tier-up that the payment brought is celebrated first.
    const waitMs = celebration.value.value === undefined ? 0 : CELEBRATION_MS
    if (gain) paid.set(gain, waitMs + (prefs.calm.value ? PAID_LONG_MS : PAID_MS))
  })
  client.on('moment', (moment) => {
    const item = itemOf(moment, client.serverNow(), state.value.me?.handle)
    if (item && !prefs.quiet.value) lane.push(item)
  })

  return {
    state,
    nowMs,
    line: line.value,
    thumb: thumb.value,
    celebration: celebration.value,
    /** Whether the sheet lies over the picture. */
    cover(sheet: boolean): void {
      covered.value = sheet
    },
    /** After a payment: what it brought and what it is enough for. */
    paid: paid.value,
    endPaid: () => paid.set(undefined),
    task,
    lane,
    speaker,
    prefs,
    /** Actions that wait for the connection. */
    kept: computed(() => {
      const { pending, status } = state.value
      return isCut(status.phase) ? pending.likes + pending.comments : 0
    }),
    like(): void {
      client.like()
      const shown = thumb.value.value
      taps = shown && !shown.paid ? taps + 1 : 1
      thumb.set(
        { key: shown && !shown.paid ? key : ++key, text: String(taps), paid: false },
        THUMB_MS,
      )
    },
    likes: (comment: number): boolean => liked.has(markOf(comment)),
    async likeComment(comment: number): Promise<void> {
      const mark = markOf(comment)
      if (liked.has(mark)) return
      liked.set(mark, true)
      const answer = await client.request('comment.like', { comment })
      if (!answer.ok) liked.set(mark, false)
    },
    comment: (text: string): Promise<Scored | Refusal> => client.comment(text),
    share: (): Promise<Scored | Refusal> => client.share(),
    endCelebration: () => celebration.set(undefined),
  }
}
export type OverlayModel = ReturnType<typeof createOverlayModel>
