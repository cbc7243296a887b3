/** What a draft costs in the room as it is now. */

import { useConsole } from './console.ts'
import { type Cost, costOf, type Draft } from './templates.ts'

export function useCost(draft: Draft): Cost {
  const { model } = useConsole()
  return costOf(draft, {
    audience: model.room.value?.audience ?? 0,
    perMinute: model.perMinute.value,
  })
}
