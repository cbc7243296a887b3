/** What can be bought and played here: read while it is shown, changed by taps. */

import { type DrawProof, verifyDraw } from '../../shared/draw.ts'
import type { EffectsView } from '../../shared/effects.ts'
import type { Refusal } from '../../shared/errors.ts'
import type { SentOf } from '../../shared/protocol/index.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'
import type { ReadonlySignal, Signal } from '../overlay/reactive.ts'
import { PLAY_REST_MS, RETRIES_MAX, RETRY_MS, SURE_GUARD_MS, SURE_MS, TOLD_MS } from './limits.ts'

type Without<T> = T extends unknown ? Omit<T, 'requestId'> : never
export type Want =
  | { name: 'effect.buy'; input: Without<SentOf<'effect.buy'>> }
  | { name: 'draw.enter'; input: Without<SentOf<'draw.enter'>> }
  | { name: 'vote.cast'; input: Without<SentOf<'vote.cast'>> }

/** What the last tap at a place came to: a refusal, or the prizes of boxes. */
export type Told = { ok: true; prizes?: (number | null)[] } | Refusal

export interface Play {
  view: ReadonlySignal<EffectsView | undefined>
  failed: ReadonlySignal<boolean>
  /** Server time; moves each second while the tab is shown. */
  nowMs: ReadonlySignal<number>
  /** Place whose button waits for its second tap. */
  armed: ReadonlySignal<string | undefined>
  /** Places that wait for the service. */
  asking: ReadonlySignal<ReadonlySet<string>>
  told: ReadonlySignal<Record<string, Told>>
  /** First tap asks, the second does it; what is free is done at once. */
  tap(place: string, want: Want, free?: boolean): void
  /** Proofs that were checked here, by draw: true where all is right. */
  proofs: ReadonlySignal<Record<number, boolean>>
  /** What stands in the field for a broadcast. */
  said: Signal<string>
  check(draw: number): void
}

/** Sixteen letters nobody can guess or repeat by chance. */
const freshId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) =>
    byte.toString(36).padStart(2, '0'),
  ).join('')

// biome-ignore lint/complexity/noExcessiveLinesPerFunction: a closure of small functions over the same signals.
export function createPlay(deps: SheetDeps): Play {
  const { client, model, panel, runtime, reactive } = deps
  const { batch, effect, signal } = reactive
  const view = signal<EffectsView | undefined>(undefined)
  const failed = signal(false)
  const nowMs = signal(client.serverNow())
  const armed = signal<string | undefined>(undefined)
  const asking = signal<ReadonlySet<string>>(new Set())
  const told = signal<Record<string, Told>>({})
  const proofs = signal<Record<number, boolean>>({})
  const said = signal('')
  let broadcast: string | undefined
  let armedAtMs = 0
  let disarm = () => {}
  let reading = false

  async function read(): Promise<void> {
    const answer = await client.request('effect.list', broadcast ? { broadcast } : {})
    batch(() => {
      failed.value = !answer.ok && view.value === undefined
      if (answer.ok) view.value = answer
    })
  }

  /** Reads again and again while the tab is shown. */
  function look(): void {
    if (reading || panel.value !== 'play') return
    reading = true
    void read()
    runtime.after(PLAY_REST_MS, () => {
      reading = false
      look()
    })
  }
  function tick(): void {
    if (panel.value !== 'play') return
    nowMs.value = client.serverNow()
    runtime.after(1000 - (nowMs.value % 1000) + 5, tick)
  }
  effect(() => {
    if (panel.value !== 'play') return
    look()
    tick()
  })
  client.on('moment', ({ kind }) => {
    if (panel.value === 'play' && /^(draw|vote|broadcast)/.test(kind)) void read()
  })

  function tell(place: string, answer: Told): void {
    told.value = { ...told.value, [place]: answer }
    if (!answer.ok || !answer.prizes?.length)
      runtime.after(TOLD_MS, () => {
        if (told.value[place] !== answer) return
        const { [place]: _, ...rest } = told.value
        told.value = rest
      })
  }

  /** The same request under the same id until it is answered: it is done once. */
  async function ask({ name, input }: Want, requestId: string): Promise<Told> {
    for (let tries = 0; ; tries++) {
      const sent = { ...input, requestId }
      const answer = (await client.request(name, sent as never)) as Told
      if (answer.ok || answer.code !== 'busy' || tries >= RETRIES_MAX) return answer
      await new Promise<void>((done) => runtime.after(answer.afterMs ?? RETRY_MS, done))
    }
  }

  async function act(place: string, want: Want): Promise<void> {
    if (asking.value.has(place)) return
    asking.value = new Set([...asking.value, place])
    const id = freshId()
    const answer = await ask(want, id)
    batch(() => {
      if (answer.ok && place === 'broadcast') {
        broadcast = id
        said.value = ''
      }
      asking.value = new Set([...asking.value].filter((other) => other !== place))
      tell(place, answer)
    })
    await read()
  }

  return {
    view,
    failed,
    nowMs,
    armed,
    asking,
    told,
    proofs,
    said,
    tap(place, want, free = false) {
      if (free) return void act(place, want)
      if (armed.value !== place) {
        disarm()
        armed.value = place
        armedAtMs = runtime.now()
        disarm = runtime.after(SURE_MS, () => {
          armed.value = undefined
        })
        return
      }
      // A double tap is not a decision.
      if (runtime.now() - armedAtMs < SURE_GUARD_MS) return
      disarm()
      armed.value = undefined
      void act(place, want)
    },
    check(draw) {
      const room = model.state.value.room?.room.id ?? deps.room ?? ''
      const put = (right: boolean) => {
        proofs.value = { ...proofs.value, [draw]: right }
      }
      deps
        .get(`${deps.api}/v1/draws/${room}.${draw}/proof`)
        .then((answer) => answer.json() as Promise<DrawProof>)
        .then((proof) => put(verifyDraw(proof)))
        .catch(() => put(false))
    },
  }
}
