/** A page that is fetched when somebody opens it. */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { PageSpec } from './pages.ts'
import { Unread } from './Strip.tsx'

type Page = PageSpec['Page']

export function late(load: () => Promise<{ Page: Page }>): Page {
  let loaded: Page | undefined
  return function Late({ rest }) {
    const state = useSignal<'waiting' | 'there' | 'failed'>(loaded ? 'there' : 'waiting')
    const fetchIt = () => {
      state.value = 'waiting'
      load().then(
        ({ Page }) => {
          loaded = Page
          state.value = 'there'
        },
        () => {
          state.value = 'failed'
        },
      )
    }
    useEffect(() => {
      if (!loaded) fetchIt()
    }, [])
    if (loaded && state.value === 'there') {
      const Shown = loaded
      return <Shown rest={rest} />
    }
    const failure =
      state.value === 'failed' ? ({ ok: false, code: 'unreached' } as const) : undefined
    return <Unread polled={{ data: undefined, failure, again: fetchIt }} />
  }
}
