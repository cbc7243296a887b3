/** The thumb bar of phones: one part at a time, and silence always within reach. */

import { Icon, type IconName } from '../ui/index.ts'
import { useConsole } from './console.ts'
import type { View } from './model.ts'
import { SilenceButton } from './Safe.tsx'

export function Nav() {
  const { model, t } = useConsole()
  const tabs: { view: View; icon: IconName; name: string; count?: number }[] = [
    { view: 'cue', icon: 'mic', name: t.say, count: model.cues.value.length },
    { view: 'launch', icon: 'bolt', name: t.launch },
    { view: 'comments', icon: 'chat', name: t.comments },
    { view: 'room', icon: 'chart', name: t.data },
  ]
  return (
    <nav class="nav" aria-label={t.nav}>
      {tabs.map(({ view, icon, name, count }) => (
        <button
          key={view}
          type="button"
          aria-current={model.view.value === view ? 'page' : undefined}
          onClick={() => model.go(view)}
        >
          <Icon name={icon} />
          <span>{name}</span>
          {!!count && <i class="ff-n">{count > 99 ? '99+' : count}</i>}
        </button>
      ))}
      <SilenceButton />
    </nav>
  )
}
