/** Prices and values of rewards as people read and write them. */

import { formatPoints } from '../../ui/lang.ts'

const FEN_PER_YUAN = 100

/** `9.90`, `12`, `12,520.60`. */
export function yuan(fen: number): string {
  const rest = Math.abs(fen % FEN_PER_YUAN)
  const whole = formatPoints(Math.trunc(fen / FEN_PER_YUAN))
  if (rest === 0) return whole
  return `${fen < 0 && whole === '0' ? '-' : ''}${whole}.${String(rest).padStart(2, '0')}`
}

/** Hundredths of a yuan from what was typed; undefined where it is no amount. */
export function fenOf(text: string): number | undefined {
  const plain = text.trim()
  return /^\d{1,7}(\.\d{1,2})?$/.test(plain) ? Math.round(Number(plain) * FEN_PER_YUAN) : undefined
}

/** `0.54` of thousandths. */
export const ratio = (milli: number): string => String(Number((milli / 1000).toFixed(2)))
