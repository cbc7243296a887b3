/** The state of the stage: the room, the lane of effects and which plates stand; no DOM. */

import { computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import type { Moment, RoomState } from '../../shared/room-state.ts'
import { createLane, type Effect, effectOf } from './lane.ts'
import { CUT_OFF_MS } from './limits.ts'
import { type Countdown, choosePlates, countdowns, type Plates } from './plates.ts'

/** What the stage needs of a connection: the seam where a fixture takes the place of the client. */
export interface StageSource {
  room: ReadonlySignal<RoomState | undefined>
  /** Connected, and welcome. */
  online: ReadonlySignal<boolean>
  /** Calls `hear` with every new moment; the answer stops it. */
  onMoment(hear: (moment: Moment) => void): () => void
  /** The server's time, Unix ms. */
  serverNow(): number
}

export interface StageRuntime {
  /** Milliseconds from an arbitrary start. */
  now(): number
  /** Calls `run` after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void
}

export interface StageModel {
  room: ReadonlySignal<RoomState | undefined>
  /** Server time, moves once a second. */
  nowMs: ReadonlySignal<number>
  effect: ReadonlySignal<Effect | undefined>
  leaving: ReadonlySignal<boolean>
  waiting: ReadonlySignal<number>
  countdowns: ReadonlySignal<Countdown[]>
  plates: ReadonlySignal<Plates>
  /** OBS shows or hides the source: what waited while nobody saw it is not played afterwards. */
  setVisible(visible: boolean): void
  dispose(): void
}

const NOTHING: Plates = { heat: false, countdown: false, effect: false, board: false }

export function createStageModel(source: StageSource, runtime: StageRuntime): StageModel {
  const lane = createLane(runtime)
  const nowMs = signal(source.serverNow())
  const visible = signal(true)
  const cutOff = signal(false)
  let cancelCut = () => {}
  let cancelTick = () => {}
  const tick = () => {
    nowMs.value = source.serverNow()
    cancelTick = runtime.after(1000 - (nowMs.value % 1000), tick)
  }
  tick()

  const safe = computed(() => source.room.value?.safe ?? false)
  const timers = computed(() => {
    const room = source.room.value
    return room ? countdowns(room, nowMs.value) : []
  })
  const plates = computed(() => {
    const room = source.room.value
    if (!room || cutOff.value) return NOTHING
    return choosePlates({
      safe: safe.value,
      ended: room.live.state === 'ended',
      countdown: timers.value.length > 0,
      effect: lane.shown.value,
      board: room.board.length > 0,
    })
  })

  const stops = [
    effect(() => {
      // The first pulse sets the clock: what counts down must not wait for the next tick.
      if (source.room.value && Math.abs(source.serverNow() - nowMs.peek()) > 1000)
        nowMs.value = source.serverNow()
    }),
    source.onMoment((moment) => {
      if (moment.kind === 'stage.safe' && moment.safe) lane.clear()
      // What happens in safe mode is never shown, not even when it ends.
      if (safe.peek() || !visible.peek()) return
      const body = effectOf(moment, source.serverNow())
      if (body) lane.push(body)
    }),
    effect(() => {
      cancelCut()
      if (source.online.value) cutOff.value = false
      else
        cancelCut = runtime.after(CUT_OFF_MS, () => {
          cutOff.value = true
        })
    }),
    effect(() => {
      if (safe.value || cutOff.value || !visible.value) lane.clear()
    }),
  ]

  return {
    room: source.room,
    nowMs,
    effect: lane.shown,
    leaving: lane.leaving,
    waiting: lane.waiting,
    countdowns: timers,
    plates,
    setVisible: (next) => {
      visible.value = next
    },
    dispose: () => {
      cancelTick()
      cancelCut()
      lane.clear()
      for (const stop of stops) stop()
    },
  }
}
