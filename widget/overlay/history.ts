/** The last lines of the history, read while the sheet shows them: again when the account has changed, but not each time. */

import type { HistoryEntry } from '../../shared/ledger.ts'
import type { SheetDeps } from './late-sheet.ts'
import { HISTORY_MAX, HISTORY_REST_MS } from './limits.ts'
import type { ReadonlySignal } from './reactive.ts'

export interface History {
  /** Newest first; undefined until they have been read. */
  rows: ReadonlySignal<HistoryEntry[] | undefined>
  /** Where the next page begins. */
  next: ReadonlySignal<string | undefined>
  failed: ReadonlySignal<boolean>
  older(): void
}

type HistoryOptions = Pick<SheetDeps, 'model' | 'panel' | 'runtime' | 'reactive'>

export function createHistory({ model, panel, runtime, reactive }: HistoryOptions): History {
  const { batch, effect, signal } = reactive
  const rows = signal<HistoryEntry[] | undefined>(undefined)
  const next = signal<string | undefined>(undefined)
  const failed = signal(false)
  /** The account as it was when last asked. */
  let known: number | undefined
  let resting = false

  async function read(before?: string): Promise<void> {
    const answer = await model.history(before)
    batch(() => {
      failed.value = !answer.ok
      if (!answer.ok) return
      const kept = before ? (rows.value ?? []) : []
      rows.value = [...kept, ...answer.entries].slice(0, HISTORY_MAX)
      next.value = rows.value.length < HISTORY_MAX ? answer.next : undefined
    })
  }

  function look(): void {
    const version = model.state.value.account?.version
    if (panel.value !== 'history') {
      known = undefined
      return
    }
    if (resting || version === undefined || version === known) return
    known = version
    resting = true
    // The service writes histories a second behind, so the end of the rest looks again.
    runtime.after(HISTORY_REST_MS, () => {
      resting = false
      if (panel.value === 'history') void read()
      look()
    })
    void read()
  }
  effect(look)

  return {
    rows,
    next,
    failed,
    older: () => {
      if (next.value) void read(next.value)
    },
  }
}
