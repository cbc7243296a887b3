/** Quests of the viewer, read when the sheet shows them and again when one has moved. */

import type { QuestView } from '../../shared/quests.ts'
import type { Receipt } from '../../shared/receipt.ts'
import type { SheetDeps } from './late-sheet.ts'
import type { ReadonlySignal } from './reactive.ts'

export interface Quests {
  /** Undefined until they have been read. */
  list: ReadonlySignal<readonly QuestView[] | undefined>
  /** A check-in is on its way. */
  signing: ReadonlySignal<boolean>
  signIn(): void
}

const isMoved = (receipts: readonly Receipt[]): boolean =>
  receipts.some(({ action, reason }) => action === 'task' || reason === 'quest_done')

export function createQuests({
  client,
  model,
  panel,
  reactive,
}: Pick<SheetDeps, 'client' | 'model' | 'panel' | 'reactive'>): Quests {
  const { effect, signal } = reactive
  const list = signal<readonly QuestView[] | undefined>(undefined)
  const signing = signal(false)
  /** Rises when something moved one. */
  const moved = signal(0)
  let known = ''

  async function read(wanted: string): Promise<void> {
    const answer = await client.request('quest.list', {})
    if (wanted !== known) return
    if (answer?.ok) list.value = answer.quests
    // The next look at the sheet asks again.
    else known = ''
  }

  client.on('scored', ({ scored }) => {
    if (isMoved(scored.receipts)) moved.value++
  })
  client.on('account', ({ receipts }) => {
    if (isMoved(receipts)) moved.value++
  })
  effect(() => {
    const { account, room, status } = model.state.value
    if (panel.value !== 'today' || !account || status.phase !== 'online') return
    const wanted = `${account.tier.rung} ${account.today.resetsAtMs} ${room?.rulebook} ${moved.value}`
    if (wanted === known) return
    known = wanted
    void read(wanted)
  })

  return {
    list,
    signing,
    signIn() {
      if (signing.value) return
      signing.value = true
      void client.send({ name: 'signIn.send', input: {} }).then(() => {
        signing.value = false
      })
    },
  }
}
