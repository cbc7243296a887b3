/** In what unit a field is typed. */

import { kindOf, type Path } from './path.ts'

/** How many of what is stored are one of what people type. */
const SCALES: Record<string, number> = {
  'wallet.burnWeek.factor': 0.01,
  'economy.inflation.warn': 0.01,
  'economy.inflation.critical': 0.01,
  'economy.issuedPerSales': 0.01,
  'economy.audit.maxShare': 0.01,
  'wallet.checkout.maxShare': 0.01,
  'issuance.ratio': 0.01,
  'issuance.levels.*.from': 0.01,
  'issuance.levels.*.factor': 0.01,
  'wallet.transfer.feeBps': 100,
  'heat.hysteresis': 0.01,
  'demotion.share': 0.01,
  'comment.minIntervalMs': 1000,
  'effects.tip.hostShare': 0.01,
  'purchase.leastOrderFen': 100,
}
/** Money is stored in fen and typed in yuan. */
const FEN = 100

export function scaleOf(path: Path, money: boolean): number {
  const kind = kindOf(path)
  if (money && kind === 'earn.*.per') return FEN
  return SCALES[kind] ?? 1
}
