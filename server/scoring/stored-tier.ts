/** The rung of an account, as its record has it. */

import { type Unpacker, u8At, u16At, u48At } from '../kernel/index.ts'
import type { PackedRecord } from '../redis/index.ts'
import { DAY_PASS } from '../wallet/index.ts'
import type { StoredState } from './account-view.ts'

/** Its part of an account. */
const GROWTH = 2
const PLATFORM_LADDER = 1
/** The window in which the rung is being kept, and what it asks (tiers/lua/growth.lua). */
const [WINDOW, ASKED] = [251, 252]

interface Rung {
  rung: number
  promotions: number
  growth: number
}

const readRung = (from: Unpacker): Rung => {
  const rung = { rung: from.u8(), promotions: from.u16(), growth: from.u48() }
  from.skip(2)
  return rung
}

/** Places in the fixed part of growth. */
const [PROMOTIONS, GROWTH_SUM, PASS_RUNGS, PASS_UNTIL] = [1, 3, 11, 12]

export function readTier(account: PackedRecord, atMs: number): StoredState['tier'] {
  const { fixedBytes } = account
  const at = account.fixedAt(GROWTH)
  const platform = {
    growth: u48At(fixedBytes, at + GROWTH_SUM),
    rung: u8At(fixedBytes, at),
    promotions: u16At(fixedBytes, at + PROMOTIONS),
  }
  const section = account.section(GROWTH)
  const rungs = u8At(fixedBytes, at + PASS_RUNGS)
  if (!section && rungs === 0) return platform
  const pass = { rungs, untilMs: u48At(fixedBytes, at + PASS_UNTIL) }
  return readLadders(section, { platform, pass, atMs })
}

function readLadders(
  section: Unpacker | undefined,
  of: { platform: Rung; pass: { rungs: number; untilMs: number }; atMs: number },
): StoredState['tier'] {
  let { platform, pass } = of
  let window: Rung | undefined
  let asked = 0
  for (let n = section?.u8() ?? 0; section && n > 0; n--) {
    const ladder = section.u8()
    const rung = readRung(section)
    if (ladder === PLATFORM_LADDER) platform = rung
    else if (ladder === DAY_PASS) pass = { rungs: rung.rung, untilMs: rung.growth }
    else if (ladder === WINDOW) window = rung
    else if (ladder === ASKED) asked = rung.growth
  }
  const { growth, rung, promotions } = platform
  const tier: StoredState['tier'] = { growth, rung, promotions }
  if (window?.rung === rung)
    tier.keep = {
      growth: asked,
      untilMs: window.growth,
      ...(window.promotions > 0 && { warned: true as const }),
    }
  return pass.rungs > 0 && of.atMs < pass.untilMs ? { ...tier, boost: pass } : tier
}
