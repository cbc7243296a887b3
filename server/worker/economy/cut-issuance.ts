/** What inflation does to the issuance: awards shrink at once, until a day is closed on which it is below again. */

import type { AlarmLevel } from '../../../shared/economy-verdict.ts'
import type { IssuancePolicy } from '../../../shared/rulebook/issuance.ts'
import type { ClosedDay } from '../../economy/index.ts'
import { issuanceKey, setBrownout } from '../../governance/index.ts'
import type { Store } from '../../redis/index.ts'

/** Levels of the rulebook's brown-out by how bad it is. */
const CUTS = { ok: 0, warn: 1, critical: 2 } as const satisfies Record<AlarmLevel, number>

/** Sets or ends the alarm's brown-out as the closed day says. May be repeated. Throws where Redis cannot be reached. */
export async function cutIssuance(
  store: Store,
  { verdict }: Pick<ClosedDay, 'verdict'>,
  { byAlarm, nowMs }: Pick<IssuancePolicy, 'byAlarm'> & { nowMs: number },
): Promise<void> {
  const level = byAlarm ? CUTS[verdict.level] : 0
  if (level === 0 && !(await store.hexists(issuanceKey, 'alarm'))) return
  const percent = Math.round((verdict.value ?? 0) * 1000) / 10
  const why = `inflation of ${percent} %, ${verdict.definition}`
  await setBrownout(store, { source: 'alarm', level, by: 'inflation', why, atMs: nowMs })
}
