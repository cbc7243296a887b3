/** What the viewer redeemed, and the way back for what was not used yet. */

import { useSignal } from '@preact/signals'
import type { RedemptionView } from '../../../shared/rewards.ts'
import { formatPoints } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { type Answer, path } from '../api.ts'
import { Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { useOlder } from '../older.ts'
import { Quiet } from '../Strip.tsx'
import { momentOf, type Reader } from '../time.ts'
import { byNumber, type Person, readRedeemed } from './read.ts'
import { WORDS } from './words.ts'

interface RedemptionsProps {
  person: Person
  number: string
  reader: Reader & { nowMs: number }
  changed: () => void
}

export function Redemptions({ person, number, reader, changed }: RedemptionsProps) {
  const { api, lang, t } = useDesk()
  const w = WORDS[lang]
  const { all, more, cut, put } = useOlder({
    first: person.redeemed,
    read: (before) => readRedeemed(api, number, before),
    idOf: ({ id }) => id,
    name: number,
  })
  if (all.length === 0) return null
  return (
    <section class="ff-card" aria-label={w.redemptions}>
      <h2 class="ff-h">{w.redemptions}</h2>
      <ul class="rows">
        {all.map((redemption) => (
          <Row
            key={redemption.id}
            redemption={redemption}
            number={number}
            when={momentOf(redemption.atMs, reader.nowMs, reader)}
            changed={(now) => {
              put(now)
              changed()
            }}
          />
        ))}
      </ul>
      {more && (
        <button type="button" class="ff-btn more" onClick={() => void more()}>
          {t.older}
        </button>
      )}
      {cut && <Quiet>{t.olderGone}</Quiet>}
    </section>
  )
}

interface RowProps {
  redemption: RedemptionView
  number: string
  when: string
  changed: (now: RedemptionView) => void
}

function Row({ redemption, number, when, changed }: RowProps) {
  const { api, lang, t, say } = useDesk()
  const w = WORDS[lang]
  const sure = useSignal(false)
  const doing = useDoing()
  const { id, title, points, cashFen, state, code } = redemption
  const refund = async () => {
    const url = path('accounts', byNumber(number), 'redemptions', id, 'refund')
    const ask = (): Promise<Answer<{ redemption: RedemptionView }>> => api.post(url, {})
    const done = await doing.run('refund', ask)
    sure.value = false
    if (!done) return
    say(w.didRefund)
    changed(done.redemption)
  }
  const open = state === 'issued' || state === 'awaiting_cash'
  return (
    <li>
      <span class="m">
        <b>{title[lang]}</b>
        <small>
          {when} · {t.points(formatPoints(points))}
          {cashFen > 0 && ` + ¥${(cashFen / 100).toFixed(2)}`}
          {code && <span class="mono"> · {code}</span>}
        </small>
        <Refused failure={doing.failure} />
      </span>
      <span class={`ff-chip ${open ? 'on' : ''}`}>{w.states[state]}</span>
      {open && (
        <Press
          class={`ff-btn ${sure.value ? 'dan' : ''}`}
          off={doing.busy}
          onClick={() => {
            if (sure.value) void refund()
            else sure.value = true
          }}
        >
          {sure.value ? w.refundSure : w.refund}
        </Press>
      )}
    </li>
  )
}
