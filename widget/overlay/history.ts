/**
 * The history, read while the sheet shows it: again when the account has changed, but not each time, and not while
 * older pages are looked at.
 */

import type { HistoryEntry, Reach } from '../../shared/ledger.ts'
import type { SheetDeps } from './late-sheet.ts'
import { HISTORY_MAX, HISTORY_PAGES_AT_ONCE, HISTORY_REST_MS } from './limits.ts'
import type { ReadonlySignal } from './reactive.ts'

export interface History {
  /** Newest first; undefined until they have been read. */
  rows: ReadonlySignal<HistoryEntry[] | undefined>
  /** Where the next page begins. */
  next: ReadonlySignal<string | undefined>
  /** Where the points are good, where some are not good here. */
  reach: ReadonlySignal<readonly Reach[]>
  failed: ReadonlySignal<boolean>
  /** Older lines are kept where this service cannot show them. */
  elsewhere: ReadonlySignal<boolean>
  older(): void
}

type HistoryOptions = Pick<SheetDeps, 'client' | 'model' | 'panel' | 'runtime' | 'reactive'>

export function createHistory({
  client,
  model,
  panel,
  runtime,
  reactive,
}: HistoryOptions): History {
  const { batch, effect, signal } = reactive
  const rows = signal<HistoryEntry[] | undefined>(undefined)
  const next = signal<string | undefined>(undefined)
  const reach = signal<readonly Reach[]>([])
  const failed = signal(false)
  const elsewhere = signal(false)
  /** More than the newest page is shown. */
  let paged = false
  let reading = false
  /** The account as it was when last asked. */
  let known: number | undefined
  let resting = false

  /** Answers where to go on, where the page was only a part of what was looked through. */
  async function read(before?: string): Promise<string | undefined> {
    const answer = await client.request('history.read', before ? { before } : {})
    // What was asked for before older pages came is no more wanted.
    if (!before && paged) return undefined
    batch(() => {
      failed.value = !answer.ok
      if (!answer.ok) return
      if (!before) reach.value = answer.reach ?? []
      const kept = before ? (rows.value ?? []) : []
      rows.value = [...kept, ...answer.entries].slice(0, HISTORY_MAX)
      next.value = rows.value.length < HISTORY_MAX ? answer.next : undefined
      elsewhere.value = answer.elsewhere === true
    })
    return answer.ok && answer.entries.length === 0 ? next.value : undefined
  }

  async function readOlder(): Promise<void> {
    if (reading || next.value === undefined) return
    reading = true
    paged = true
    let at: string | undefined = next.value
    for (let page = 0; at !== undefined && page < HISTORY_PAGES_AT_ONCE; page++) at = await read(at)
    reading = false
  }

  function look(): void {
    const version = model.state.value.account?.version
    if (panel.value !== 'history') {
      known = undefined
      paged = false
      return
    }
    if (paged || resting || version === undefined || version === known) return
    known = version
    resting = true
    // The service writes histories a second behind, so the end of the rest looks again.
    runtime.after(HISTORY_REST_MS, () => {
      resting = false
      if (panel.value === 'history' && !paged) void read()
      look()
    })
    void read()
  }
  effect(look)

  return {
    rows,
    next,
    reach,
    failed,
    elsewhere,
    older: () => void readOlder(),
  }
}
