/** Brings what inviting shows when the day is first looked at by somebody who has a link. */

import type { ComponentType } from 'preact'
import { latePartWhen } from '../overlay/late-part.ts'
import { lateScript } from '../overlay/late-script.ts'
import type { SheetDeps } from '../overlay/late-sheet.ts'

export type FriendsDeps = Pick<SheetDeps, 'client' | 'model' | 'panel' | 'lang' | 'reactive'>
export type FriendsPart = ComponentType<{ handOn(): Promise<boolean> }>
export interface FriendsScript {
  create(deps: FriendsDeps): FriendsPart
}

export const friendsScript = lateScript<FriendsScript>('friends')

export const createLateFriends = (deps: FriendsDeps & Pick<SheetDeps, 'api'>) =>
  latePartWhen(
    deps,
    friendsScript,
    () => deps.panel.value === 'today' && deps.model.state.value.me?.via,
  ).part
