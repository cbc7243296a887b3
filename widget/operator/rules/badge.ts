/** Whether something is drafted, for the navigation: asked now and then, and known at once on the page itself. */

import { signal } from '@preact/signals'
import { useDesk } from '../desk.ts'
import { HOUSE_EVERY_MS } from '../limits.ts'
import type { Badge } from '../pages.ts'
import { usePolled } from '../poll.ts'

/** Undefined before the page was open. */
export const draftKnown = signal<boolean | undefined>(undefined)

const TEXT = {
  zh: { text: '草稿', label: '有未发布的规则' },
  en: { text: 'Draft', label: 'Rules that are not published' },
}

export function useDraftBadge(): Badge | undefined {
  const { api, lang } = useDesk()
  const { data } = usePolled(
    'draft',
    () => api.get<{ draft?: object }>('/v1/rulebook/draft'),
    HOUSE_EVERY_MS,
  )
  const there = draftKnown.value ?? data?.draft !== undefined
  return there ? { ...TEXT[lang], tone: 'warn' } : undefined
}
