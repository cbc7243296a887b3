/** Ways to a rung beside growth, in numbers for scripts; `ways.policy` in tiers/lua/ways.lua reads them. */

import type { Rulebook } from '../../shared/rulebook/schema.ts'
import { isByGrowth, pointsNeeds, taskSets } from '../../shared/rulebook/ways.ts'
import { assert, must, Packer } from '../kernel/index.ts'

const known = new WeakMap<Rulebook, Buffer>()

/** Empty where growth alone makes a tier. */
export function packWays(book: Rulebook): Buffer {
  const before = known.get(book)
  if (before) return before
  const bytes = isByGrowth(book.ladder) ? Buffer.alloc(0) : pack(book)
  known.set(book, bytes)
  return bytes
}

function pack({ ladder, quests }: Rulebook): Buffer {
  const out = new Packer()
  const sets = taskSets(ladder)
  pointsNeeds(ladder).forEach((points, i) => {
    const own = sets[i] ?? []
    assert(own.length < 256, 'sets of a ladder are bounded')
    out.u48(points).u8(own.length)
    for (const set of own) {
      out.u8(set.length)
      for (const id of set) {
        const quest = must(
          quests.find((one) => one.id === id),
          'a quest that the ladder names',
        )
        out.u8(quest.no).u8(quest.steps.length)
      }
    }
  })
  return out.bytes()
}
