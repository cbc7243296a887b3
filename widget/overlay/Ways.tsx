/** What is missing to the next tier, where growth is not the only way there. */

import { formatPoints } from '../ui/lang.ts'
import type { SheetView } from './sheet-view.ts'

export function Ways({ view: { model, quests, s, lang } }: { view: SheetView }) {
  const { account, room } = model.state.value
  const next = account && room?.ladder.rungs[account.tier.rung + 1]
  if (!next || (next.points === undefined && !next.tasks)) return null
  const { growth, earned = 0 } = account.tier
  const missing = (need: number, has: number) => formatPoints(Math.max(1, need - has))
  const taskText = (id: string) => {
    const quest = quests.list.value?.find((one) => one.id === id)
    if (!quest) return id
    const { title, progress, goal, state, steps } = quest
    const isDone =
      state === 'done' && (progress >= goal || steps.every((one) => one.state === 'done'))
    return `${title[lang]} ${isDone ? '✓' : `${Math.min(progress, goal)}/${goal}`}`
  }
  const ways = [
    ...(next.points === undefined ? [] : [s.pointsMore(missing(next.points, earned))]),
    ...(next.growth === undefined ? [] : [s.growthMore(missing(next.growth, growth))]),
    ...(next.tasks ? [next.tasks.map(taskText).join(s.and)] : []),
  ]
  return (
    <p class="sum ways">
      {s.toReach(next.label[lang])}
      {ways.map((way, i) => (
        <span class="num" key={way}>
          {i > 0 && s.or}
          {way}
        </span>
      ))}
    </p>
  )
}
