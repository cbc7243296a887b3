/** The frame of what stands beyond the live: what it is, its rows, and one way out. */

import type { ComponentChildren } from 'preact'
import { useDialog } from '../ui/use-dialog.ts'
import { useConsole } from './console.ts'

interface RecordsDialogProps {
  close: () => void
  /** Of styles of its own. */
  kind?: string
  title: string
  what?: string
  /** The last reading was refused; what was read before stays. */
  failed: boolean
  /** What is said where there is nothing; undefined where there is something, or nothing is known yet. */
  none: string | undefined
  children: ComponentChildren
}

export function RecordsDialog({
  close,
  kind = '',
  title,
  what,
  failed,
  none,
  children,
}: RecordsDialogProps) {
  const { t } = useConsole()
  const dialog = useDialog(close)
  return (
    <div class="veil">
      <div
        class={`dlg log ${kind}`}
        role="dialog"
        aria-modal="true"
        aria-labelledby="records-title"
        ref={dialog}
      >
        <h2 id="records-title">{title}</h2>
        {what && <p class="ff-muted what">{what}</p>}
        <div class="rows">
          {failed && <p class="ff-quiet none">{t.recordsUnread}</p>}
          {none && <p class="ff-quiet none">{none}</p>}
          {children}
        </div>
        <div class="go">
          <button type="button" class="ff-btn" onClick={close} data-first>
            {t.close}
          </button>
        </div>
      </div>
    </div>
  )
}
