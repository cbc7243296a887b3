/** Lives of the viewer's rooms that can be watched again: what was missed and what was seen, until it is put away. */

import { browserStorage } from '../client/runtime.ts'
import type { SheetDeps } from './late-sheet.ts'
import type { ReadonlySignal } from './reactive.ts'
import type { SheetView } from './sheet-view.ts'

export interface ReplayView {
  room: string
  live: number
  url: string
  missed: boolean
}

export interface Replays {
  list: ReadonlySignal<readonly ReplayView[]>
  /** It is shown no more on this device, nor any before it. */
  putAway(): void
}

const KEPT_AS = 'ff-replay'

export function createReplays({
  client,
  panel,
  reactive,
}: Pick<SheetDeps, 'client' | 'panel' | 'reactive'>): Replays {
  const list = reactive.signal<readonly ReplayView[]>([])
  const storage = browserStorage()
  let asked = false
  reactive.effect(() => {
    if (panel.value !== 'today' || asked) return
    asked = true
    void client.request('replay.list', {}).then((answer) => {
      asked = answer?.ok
      const from = Number(storage?.getItem(KEPT_AS) ?? 0)
      if (answer?.ok) list.value = answer.replays.filter(({ live }) => live > from)
    })
  })
  return {
    list,
    putAway() {
      storage?.setItem(KEPT_AS, `${Math.max(...list.value.map(({ live }) => live))}`)
      list.value = []
    },
  }
}

export function ReplayLinks({ view: { s, replays } }: { view: SheetView }) {
  const all = replays.list.value
  if (all.length === 0) return null
  return (
    <section class="replays">
      <h3 class="sum">{s.replays}</h3>
      <ul>
        {all.map(({ live, url, missed }) => (
          <li class="li" key={live}>
            <div class="mid">{missed ? s.missed : s.wasThere}</div>
            <a class="ff-btn" href={url} target="_blank" rel="noopener noreferrer">
              {s.watchAgain}
            </a>
          </li>
        ))}
      </ul>
      <button type="button" class="ff-btn" onClick={replays.putAway}>
        {s.putAway}
      </button>
    </section>
  )
}
