/** What a new entry begins as, where the least that the schema takes would be no rule that anybody wants. */

import { at, nameOf, type Path } from './path.ts'

const BEGINNINGS: Record<string, (id: string) => object> = {
  // On, so that what viewers read of it stands beside; a draft holds for nobody.
  teamTasks: (id) => ({
    id,
    enabled: true,
    title: { zh: '好友合力点赞', en: 'Like together' },
    period: 'day',
    action: 'like',
    ...{ target: 60, most: 40, least: 10, min: 2, max: 5, points: 30, budget: 30_000 },
    sameNetwork: 3,
  }),
}

/** The first of `team_1`, `team_2` and so on that no other entry has. */
function freeId(list: readonly unknown[]): string {
  const taken = new Set(list.map((entry) => at(entry, ['id'])))
  let n = list.length + 1
  while (taken.has(`team_${n}`)) n++
  return `team_${n}`
}

export const beginning = (path: Path, list: readonly unknown[]): object | undefined =>
  BEGINNINGS[nameOf(path)]?.(freeId(list))
