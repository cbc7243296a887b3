/** How many invites wait for somebody's word, for the navigation. */

import { formatPoints } from '../../ui/index.ts'
import { useDesk } from '../desk.ts'
import type { Badge } from '../pages.ts'

const LABEL = { zh: '个邀请待核实', en: 'invites to look at' }

export function useHeldBadge(): Badge | undefined {
  const { house, lang } = useDesk()
  const { invites = [], more = false } = house.held.data.value ?? {}
  if (invites.length === 0) return undefined
  return {
    text: formatPoints(invites.length) + (more ? '+' : ''),
    tone: 'warn',
    label: LABEL[lang],
  }
}
