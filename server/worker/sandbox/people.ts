/** Who gains and who loses by other rules. */

import type { DryAccount, DryRunReport } from '../../../shared/dry-run.ts'
import { formatAccount } from '../../../shared/ids.ts'
import { TOP_ACCOUNTS } from './limits.ts'
import type { Tally } from './tally.ts'

export class People {
  readonly #short = new Map<number, number>()

  /** Points that an account spent and would not have had. */
  lacked(account: number, points: number): void {
    if (points > 0) this.#short.set(account, (this.#short.get(account) ?? 0) + points)
  }

  compare(told: Tally, tried: Tally): NonNullable<DryRunReport['people']> {
    const all = [...told.points].map(([account, points]) => ({
      account,
      told: points,
      tried: tried.points.get(account) ?? 0,
    }))
    const by = all
      .filter((one) => one.tried !== one.told)
      .sort((a, b) => b.tried - b.told - (a.tried - a.told) || a.account - b.account)
    const gain = by.filter((one) => one.tried > one.told)
    const lose = by.filter((one) => one.tried < one.told)
    const shown = (some: typeof by): DryAccount[] =>
      some.slice(0, TOP_ACCOUNTS).map((one) => ({ ...one, account: formatAccount(one.account) }))
    return {
      gain: gain.length,
      lose: lose.length,
      same: all.length - by.length,
      most: shown(gain),
      least: shown(lose.reverse()),
      short: {
        accounts: this.#short.size,
        points: [...this.#short.values()].reduce((sum, points) => sum + points, 0),
      },
    }
  }
}
