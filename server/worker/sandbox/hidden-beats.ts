/** Watch clocks of pages that were hidden, which the journal does not say. */

import type { JournalEntry } from '../../scoring/index.ts'
import { isDoubtful, wasPaused } from './acts.ts'
import type { EditableAccount } from './editable-account.ts'
import type { Played, Player } from './player.ts'

/** A visible beat may come so much before it is due. */
const EARLY_MS = 250

interface Paused {
  account: number
  change: (account: EditableAccount) => void
}

export class HiddenBeats {
  /** Clocks of which it is not known whether their last beat was a hidden one. */
  readonly #doubtful = new Set<string>()

  /** A beat that was not credited does not say whether the page was hidden; the next one of its session does. */
  paused(entries: readonly JournalEntry[]): Paused[] {
    const paused: Paused[] = []
    for (const { account, session, receipts } of entries) {
      const beats = receipts.filter(({ ruleNo, action }) => ruleNo === 0 && action === 'watch')
      const [first, last] = [beats[0], beats.at(-1)]
      if (!first || !last) continue
      const name = `${account}:${session}`
      if (this.#doubtful.delete(name) && wasPaused(first))
        paused.push({ account, change: (record) => record.pauseClock(session) })
      if (isDoubtful(last)) this.#doubtful.add(name)
    }
    return paused
  }

  /** A beat that a visible page would have sent too early was one of a hidden page. */
  async hideEarly(player: Player, played: readonly Played[], atMs: number): Promise<void> {
    const doubted = played.flatMap(({ entry, acts }) => {
      const act = acts.acts.find(
        ({ units, receipts: [own] }) => units > 0 && own && isDoubtful(own),
      )
      return act ? [{ entry, act }] : []
    })
    const records = await player.records(doubted.map(({ entry }) => entry.account))
    for (const { entry, act } of doubted)
      if (atMs < (records.get(entry.account)?.clockDue(entry.session) ?? 0) - EARLY_MS)
        act.units = 0
  }
}
