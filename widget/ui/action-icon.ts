/** The icon of an action, the same wherever a task or campaign of it shows. */

import type { Action } from '../../shared/receipt.ts'
import type { CampaignView, TaskView } from '../../shared/room-state.ts'
import type { IconName } from './icons.tsx'

const ICONS: Partial<Record<Action, IconName>> = {
  like: 'like',
  comment: 'chat',
  question: 'chat',
  share: 'share',
  watch: 'eye',
  purchase: 'bag',
  order: 'bag',
  browse: 'bag',
  follow: 'like',
  invite: 'share',
  sign_in: 'check',
  spotlight: 'spot',
  vote: 'vote',
  register: 'check',
  review: 'chat',
  join: 'gift',
  task: 'bolt',
  deed: 'spot',
}

export const actionIcon = (action: Action): IconName => ICONS[action] ?? 'clock'

/** A campaign multiplies, whatever the action; a task shows what is to be done. */
export const countdownIcon = (view: TaskView | CampaignView): IconName =>
  'campaign' in view ? 'bolt' : actionIcon(view.action)
