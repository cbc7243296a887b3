/** A secret that is shown once. */

import { Copy } from '../Copy.tsx'
import { useDesk } from '../desk.ts'
import { WORDS } from './words.ts'

export function Secret({ secret }: { secret: string }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  return (
    <>
      <p class="ff-muted what">{w.secretWhat}</p>
      <div class="secret">
        <input
          class="mono"
          readOnly
          value={secret}
          aria-label={w.secretTitle}
          onFocus={({ currentTarget }) => currentTarget.select()}
          data-first
        />
        <Copy text={secret} />
      </div>
    </>
  )
}
