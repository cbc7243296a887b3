/** What stands where something is not there: being read, not read, or empty. */

import type { ComponentChildren } from 'preact'
import type { Failure } from './api.ts'
import { useDesk } from './desk.ts'
import type { Polled } from './poll.ts'
import { failureText } from './words.ts'

/** Over data that could not be read anew, and in the place of data that never came. */
export function Unread({
  polled,
}: {
  polled: Pick<Polled<unknown>, 'data' | 'failure' | 'again'>
}) {
  const { t } = useDesk()
  if (polled.failure) return <Failed failure={polled.failure} again={polled.again} />
  return polled.data === undefined ? <Quiet>{t.loading}</Quiet> : null
}

function Failed({ failure, again }: { failure: Failure; again: () => void }) {
  const { t } = useDesk()
  return (
    <p class="note w" role="alert">
      <span>
        {t.unread} · {failure.code === 'unreached' ? t.noService : failureText(failure, t)}
      </span>
      <button type="button" class="ff-btn" onClick={again}>
        {t.retry}
      </button>
    </p>
  )
}

export const Quiet = ({ children }: { children: ComponentChildren }) => (
  <p class="ff-quiet none">{children}</p>
)
