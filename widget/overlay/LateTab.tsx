/** A tab that comes with a script of its own: what stands in its place until then, or where it does not come. */

import type { ComponentType } from 'preact'
import type { LatePart } from './late-part.ts'
import type { SheetView } from './sheet-view.ts'

export type LateTab = LatePart<ComponentType<{ view: SheetView }>>

export function LateTab({ tab, view }: { tab: LateTab; view: SheetView }) {
  const { s, go } = view
  const Content = tab.part.value
  if (Content) return <Content view={view} />
  if (!tab.failed.value) return <p class="sum">{s.loading}</p>
  return (
    <>
      <p class="sum" role="status">
        {s.unread}
      </p>
      <button type="button" class="ff-btn ghost sm ff-hit" onClick={(event) => go(tab.want, event)}>
        {s.again}
      </button>
    </>
  )
}
