/**
 * The figures of the economy, from closed days. Pure, and free of zod. Shares are numbers: 0.1 is 10 %. A figure whose
 * divisor is nothing is not there: nobody knows it yet.
 */

import type { Balances } from './ledger.ts'

/** One day of the platform's zone, as it was closed. Points, unless said otherwise. */
export interface EconomyDay {
  /** Days since 1970-01-01 in the platform's zone. */
  day: number
  /** It was counted only since some instant of it. */
  partial?: true
  /** By action, or by the cause where no action of a viewer earned them. */
  issued: Record<string, number>
  /** By what for. */
  spent: Record<string, number>
  /** Spent points that came back. */
  refunded: number
  /** Lasting points that were not used in time. */
  expired: number
  /** Session points that ended with their live. */
  sessionExpired: number
  revoked: number
  transferredIn: number
  transferredOut: number
  /** At the end of the day. */
  stock: Balances
  /** Accounts there were at its end, who of them had ever spent points, and who had registered. */
  accounts: number
  used: number
  members: number
  /** Accounts that did something. */
  active: number
  orders: number
  /** Hundredths of a yuan, by the rung of the buyer; index 0 is the lowest. */
  salesFen: number[]
  refundedFen: number
  /** Rewards that were redeemed, and in how many lives somebody was. */
  redemptions: number
  lives: number
  /** Sum over its lives of the share of viewers who redeemed. */
  liveShares: number
}

/** One live on one day. */
export interface EconomyLive {
  live: number
  /** Absent where the room was forgotten. */
  room?: string
  /** Accounts that did something in it, and those that redeemed a reward in it. */
  viewers: number
  redeemers: number
  redemptions: number
  /** Points that were earned in it, and spent on rewards. */
  issued: number
  spent: number
}

const sum = (of: Readonly<Record<string, number>> | readonly number[]): number =>
  Object.values(of).reduce((total, n) => total + n, 0)

const share = (part: number, whole: number): number | undefined =>
  whole > 0 ? part / whole : undefined

/** Points and accounts at one instant. */
export interface Held {
  points: number
  users: number
}

export const heldOn = ({ stock, accounts }: Pick<EconomyDay, 'stock' | 'accounts'>): Held => ({
  points: sum({ ...stock }),
  users: accounts,
})

/** 003-41: by how much the points outstanding have grown. 20.0M after 18.0M is 0.111. */
export const stockGrowth = (now: Held, before: Held): number | undefined =>
  before.points > 0 ? now.points / before.points - 1 : undefined

/** 003-40: by how much the points per account have grown. 20.0M of 1.0M after 18.0M of 0.9M is 0. */
export const perCapitaGrowth = (now: Held, before: Held): number | undefined =>
  before.points > 0 && before.users > 0 && now.users > 0
    ? (now.points * before.users) / (before.points * now.users) - 1
    : undefined

/**
 * 003-39: growth of the points by growth of the accounts, as a number of times; 1 is as fast as they. Not there while
 * the accounts do not grow.
 */
export function stockOverUsers(now: Held, before: Held): number | undefined {
  const growth = stockGrowth(now, before)
  if (growth === undefined || before.users <= 0 || now.users <= before.users) return undefined
  return growth / (now.users / before.users - 1)
}

export interface Inflation {
  stock?: number
  perCapita?: number
  /** A number of times, 1 is even. */
  stockOverUsers?: number
}

export function inflationOf(now: Held, before: Held): Inflation {
  const stock = stockGrowth(now, before)
  const perCapita = perCapitaGrowth(now, before)
  const times = stockOverUsers(now, before)
  return {
    ...(stock !== undefined && { stock }),
    ...(perCapita !== undefined && { perCapita }),
    ...(times !== undefined && { stockOverUsers: times }),
  }
}

/** What days come to together. Points, and hundredths of a yuan. */
export interface Sums {
  issued: number
  /** Without what came back. */
  spent: number
  expired: number
  /** Without what was paid back. */
  salesFen: number
  redemptions: number
  orders: number
}

/** Of a day, what its sums are made of. */
type Summed = Pick<
  EconomyDay,
  | 'issued'
  | 'spent'
  | 'refunded'
  | 'expired'
  | 'salesFen'
  | 'refundedFen'
  | 'redemptions'
  | 'orders'
>

export function sumDays(days: readonly Summed[]): Sums {
  const sums: Sums = { issued: 0, spent: 0, expired: 0, salesFen: 0, redemptions: 0, orders: 0 }
  for (const day of days) {
    sums.issued += sum(day.issued)
    sums.spent += sum(day.spent) - day.refunded
    sums.expired += day.expired
    sums.salesFen += sum(day.salesFen) - day.refundedFen
    sums.redemptions += day.redemptions
    sums.orders += day.orders
  }
  return sums
}

/** Points there were when the day began. */
export function openingOf(day: EconomyDay): number {
  const came = sum(day.issued) + day.transferredIn + day.refunded
  const went = sum(day.spent) + day.expired + day.sessionExpired + day.revoked + day.transferredOut
  return sum({ ...day.stock }) - came + went
}

export interface Figures {
  /** 003-26: points spent by points given; 0.8 is ideal. */
  redeemPerIssued?: number
  /** 003-06: value of the points spent by sales. */
  valueBack?: number
  /** 002-54: value of the points given by sales. */
  issuedPerSales?: number
  /** 003-37: of the points that could be spent in these days, those that expired, and those that were spent. */
  expiryRate?: number
  redemptionRate?: number
  /** 001-35, 002-06, 002-25: of all accounts, those that ever spent points, and those that registered. */
  usageRate?: number
  memberConversion?: number
  /** 001-35: of the sales, those to high tiers. */
  highTierShare?: number
  /** 002-33: share of the viewers of a live who redeem in it, as a mean of the lives. */
  redeemedPerLive?: number
}
export type Figure = keyof Figures

/** What the sources aim at: at least, at most. Those of the rulebook come beside. */
export const GOALS: Readonly<Record<string, { least?: number; most?: number }>> = {
  redeemPerIssued: { least: 0.8 },
  valueBack: { least: 0.005, most: 0.01 },
  expiryRate: { most: 0.1 },
  redemptionRate: { least: 0.25 },
  usageRate: { least: 0.67 },
  redeemedPerLive: { least: 0.41 },
}

/** Of days that follow each other, oldest first. */
export function figuresOf(
  days: readonly EconomyDay[],
  of: { pointValueFen: number; highRung: number },
): Figures {
  const [first, last] = [days[0], days.at(-1)]
  if (!first || !last) return {}
  const { issued, spent, expired, salesFen } = sumDays(days)
  const there = openingOf(first) + issued
  const gross = days.flatMap((day) => day.salesFen)
  const high = days.flatMap((day) => day.salesFen.slice(of.highRung))
  const lives = sum(days.map((day) => day.lives))
  const all: Record<Figure, number | undefined> = {
    redeemPerIssued: share(spent, issued),
    valueBack: share(spent * of.pointValueFen, salesFen),
    issuedPerSales: share(issued * of.pointValueFen, salesFen),
    expiryRate: share(expired, there),
    redemptionRate: share(spent, there),
    usageRate: share(last.used, last.accounts),
    memberConversion: share(last.members, last.accounts),
    highTierShare: share(sum(high), sum(gross)),
    redeemedPerLive: share(sum(days.map((day) => day.liveShares)), lives),
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
