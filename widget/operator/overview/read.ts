/** What the overview reads: totals, who owes whom, and how the lives go. */

/** Points came in these ways ... */
export const CAME = ['issued', 'transferredIn'] as const
/** ... are here ... */
export const HERE = ['spendable', 'session', 'pending', 'held', 'frozen'] as const
/** ... or went these ways. */
export const GONE = ['spent', 'expired', 'revoked', 'transferredOut'] as const

export type Totals = Record<
  (typeof CAME)[number] | (typeof HERE)[number] | (typeof GONE)[number],
  number
>

export const sumOf = (totals: Totals, names: readonly (keyof Totals)[]): number =>
  names.reduce((sum, name) => sum + totals[name], 0)

export interface Owed {
  owes: string
  to: string
  points: number
  fen: number
}

export interface LiveRoom {
  id: string
  name: string
  audience: number
  heat: { value: number; level: number }
  actors: number
  issued: number
  safe: boolean
  asks: number
}

/** Most viewers first; `count` are live in all. */
export interface Lives {
  count: number
  rooms: LiveRoom[]
}
