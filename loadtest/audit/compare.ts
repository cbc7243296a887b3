/** Compares what viewers were told with what the journal holds. Any difference is a failure. */

import type { ViewerRecord } from '../viewer/record.ts'
import { type Credit, commandId } from './credits.ts'

export type DifferenceKind =
  /** A viewer came and wrote nothing down. */
  | 'no_record'
  /** A viewer was never let in. */
  | 'never_in'
  /** Acknowledged, and the journal does not have it. */
  | 'not_credited'
  /** In the journal more than once. */
  | 'credited_twice'
  /** The viewer was told another number of points. */
  | 'points_differ'
  /** In the journal, and the viewer never sent it or was told that it was refused. */
  | 'not_acknowledged'

export interface Difference {
  kind: DifferenceKind
  /** Account, client session and number of the command; or the viewer. */
  id: string
  detail?: string
}

export interface Comparison {
  viewers: number
  acknowledged: number
  /** Left and never answered: may be credited or not, once at most. */
  open: number
  credited: number
  points: number
  differences: Difference[]
}

export function compare(
  records: readonly ViewerRecord[],
  credits: ReadonlyMap<string, Credit>,
  viewers: number,
): Comparison {
  const found: Comparison = {
    viewers: records.length,
    acknowledged: 0,
    open: 0,
    credited: 0,
    points: 0,
    differences: [],
  }
  const differs = (kind: DifferenceKind, id: string, detail?: string) =>
    found.differences.push({ kind, id, ...(detail !== undefined && { detail }) })
  const came = new Set(records.map(({ viewer }) => viewer))
  for (let viewer = 0; viewer < viewers; viewer++)
    if (!came.has(viewer)) differs('no_record', `viewer ${viewer}`)

  /** What may be in the journal. */
  const known = new Set<string>()
  const accounts = new Set<string>()
  for (const { viewer, account, phase, sessions } of records) {
    if (account === '') differs('never_in', `viewer ${viewer}`, phase)
    accounts.add(account)
    for (const { nonce, acknowledged, open } of sessions) {
      for (const [seq, points] of acknowledged) {
        const id = commandId(account, nonce, seq)
        known.add(id)
        found.acknowledged++
        const credit = credits.get(id)
        if (!credit) differs('not_credited', id)
        else if (points !== null && points !== credit.points)
          differs('points_differ', id, `told ${points}, journal ${credit.points}`)
      }
      for (const seq of open) {
        known.add(commandId(account, nonce, seq))
        found.open++
      }
    }
  }
  for (const [id, { account, points, times }] of credits) {
    // Somebody else's, where the service is not ours alone.
    if (!accounts.has(account)) continue
    found.credited++
    found.points += points
    if (times > 1) differs('credited_twice', id, `${times} times`)
    if (!known.has(id)) differs('not_acknowledged', id)
  }
  return found
}
