/** What a closed day gives reason to tell: a level that changed, and an audit that proposes something. Pure. */

import type { Inflation } from '../../../shared/economy.ts'
import type { AlarmLevel, Audit, Verdict } from '../../../shared/economy-verdict.ts'
import { dayText } from '../../../shared/time.ts'
import type { ClosedDay } from '../../economy/index.ts'

export type EconomyAlarm = {
  /** Of the day that was closed, `2026-11-30`. */
  date: string
  level: AlarmLevel
} & (
  | {
      kind: 'inflation'
      was: AlarmLevel
      definition: Verdict['definition']
      value?: number
      inflation: Inflation
    }
  | { kind: 'incentives'; was: AlarmLevel; value?: number }
  | { kind: 'audit'; audit: Audit }
)

export function alarmsOf({ figures, verdict }: ClosedDay, before?: ClosedDay): EconomyAlarm[] {
  const { level, incentives, inflation, definition, value, issuedPerSales, audit } = verdict
  const date = dayText(figures.day)
  const was = before?.verdict ?? { level: 'ok', incentives: 'ok' }
  const alarms: EconomyAlarm[] = []
  if (level !== was.level)
    alarms.push({
      ...{ kind: 'inflation', date, level, was: was.level, definition, inflation },
      ...(value !== undefined && { value }),
    })
  if (incentives !== was.incentives)
    alarms.push({
      ...{ kind: 'incentives', date, level: incentives, was: was.incentives },
      ...(issuedPerSales !== undefined && { value: issuedPerSales }),
    })
  if (audit?.burn) alarms.push({ kind: 'audit', date, level: 'warn', audit })
  return alarms
}
