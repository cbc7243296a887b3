/** One reward: how it stands, how it is set, who redeemed it. */

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { useCallback } from 'preact/hooks'
import type { RedemptionView } from '../../../shared/rewards.ts'
import { wallMs } from '../../client/runtime.ts'
import { formatPoints } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { hrefOf } from '../address.ts'
import { type Answer, path } from '../api.ts'
import { Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { STOCK_EVERY_MS } from '../limits.ts'
import { type ListPage, useOlder } from '../older.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { momentOf } from '../time.ts'
import { byNumber } from '../viewers/read.ts'
import { WORDS as VIEWER_WORDS } from '../viewers/words.ts'
import type { Listed } from './listed.ts'
import { Left, Price, RestockButton, ShelveButton, StateChip } from './Parts.tsx'
import { yuan } from './prices.ts'
import { RewardForm } from './RewardForm.tsx'
import { ValueLine } from './Value.tsx'
import { WORDS } from './words.ts'

export function One({ reward }: { reward: Listed }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const editing = useSignal(false)
  const close = useCallback(() => {
    editing.value = false
  }, [editing])
  const { id, doc, value, version, by, atMs } = reward
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  return (
    <>
      <div class="head">
        <a class="ff-btn" href={hrefOf('stock')}>
          ← {w.back}
        </a>
        <h1 dir="auto">{doc.title[lang]}</h1>
        <StateChip reward={reward} />
        <span class="sp" />
        <RestockButton reward={reward} />
        <ShelveButton reward={reward} />
        <button
          type="button"
          class="ff-btn pri"
          aria-haspopup="dialog"
          onClick={() => {
            editing.value = true
          }}
        >
          {w.edit}
        </button>
      </div>
      <div class="vw">
        <section class="ff-card" aria-label={w.facts}>
          <h2 class="ff-h">
            {w.facts}
            <span class="mono ff-quiet">{id}</span>
          </h2>
          <dl class="bk">
            <Fact name={w.head[3] ?? ''}>
              <Left reward={reward} />
            </Fact>
            <Fact name={w.head[1] ?? ''}>
              <Price doc={doc} />
            </Fact>
            <Fact name={w.market}>¥{yuan(doc.worthFen)}</Fact>
            <Fact name={w.given}>{w.deliveries[doc.delivery]}</Fact>
          </dl>
          <ValueLine value={value} />
          <p class="ff-quiet">{w.version(String(version), by, momentOf(atMs, wallMs(), reader))}</p>
        </section>
        <Redemptions reward={id} />
      </div>
      {editing.value && <RewardForm reward={reward} close={close} />}
    </>
  )
}

function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="ff-n">{children}</dd>
    </div>
  )
}

interface Taken {
  number: string
  name?: string
  redemption: RedemptionView
}
interface TakenPage {
  redemptions: Taken[]
  next?: string
  cut?: true
}

function Redemptions({ reward }: { reward: string }) {
  const { api, lang, t } = useDesk()
  const w = WORDS[lang]
  const url = path('rewards', reward, 'redemptions')
  const read = async (of: string): Promise<Answer<ListPage<Taken>>> => {
    const answer = await api.get<TakenPage>(of)
    return answer.ok ? { ...answer, items: answer.redemptions } : answer
  }
  const page = usePolled(url, () => read(url), STOCK_EVERY_MS)
  const { all, more, cut, put } = useOlder({
    first: page.data,
    read: (before) => read(`${url}?before=${encodeURIComponent(before)}`),
    idOf: ({ number, redemption }) => `${number}-${redemption.id}`,
    name: url,
  })
  return (
    <section class="ff-card taken" aria-label={w.redemptions}>
      <h2 class="ff-h">{w.redemptions}</h2>
      <Unread polled={page} />
      {page.data && all.length === 0 && <Quiet>{w.noRedemptions}</Quiet>}
      {all.length > 0 && (
        <table>
          <thead>
            <tr>
              {w.redeemedBy.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.map((taken) => (
              <Row
                key={`${taken.number}-${taken.redemption.id}`}
                taken={taken}
                changed={(now) => {
                  put(now)
                  page.again()
                }}
              />
            ))}
          </tbody>
        </table>
      )}
      {more && (
        <button type="button" class="ff-btn more" onClick={() => void more()}>
          {t.older}
        </button>
      )}
      {cut && <Quiet>{t.olderGone}</Quiet>}
    </section>
  )
}

function Row({ taken, changed }: { taken: Taken; changed: (now: Taken) => void }) {
  const { api, lang, t, say, house } = useDesk()
  const w = WORDS[lang]
  const sure = useSignal(false)
  const doing = useDoing()
  const { number, name, redemption } = taken
  const { id, points, cashFen, state, atMs, code } = redemption
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const open = state === 'issued' || state === 'awaiting_cash'
  const refund = async () => {
    if (!sure.value) {
      sure.value = true
      return
    }
    sure.value = false
    const url = path('accounts', byNumber(number), 'redemptions', id, 'refund')
    const ask = (): Promise<Answer<{ redemption: RedemptionView }>> => api.post(url, {})
    const done = await doing.run('refund', ask)
    if (done) say(w.didRefund)
    changed(done ? { ...taken, redemption: done.redemption } : taken)
    house.shelf.again()
  }
  return (
    <tr>
      <td class="t ff-n">{momentOf(atMs, wallMs(), reader)}</td>
      <td class="n">
        <a href={hrefOf('viewers', number)} dir="auto">
          {name || number}
        </a>
        {code && <small class="mono">{code}</small>}
      </td>
      <td class="p ff-n">
        {t.points(formatPoints(points))}
        {cashFen > 0 && <> + ¥{yuan(cashFen)}</>}
      </td>
      <td class="c">
        <span class={`ff-chip ${open ? 'on' : ''}`}>{VIEWER_WORDS[lang].states[state]}</span>
      </td>
      <td class="b r">
        {open && (
          <Press
            class={`ff-btn ${sure.value ? 'dan' : ''}`}
            off={doing.busy}
            onClick={() => void refund()}
            onBlur={() => {
              sure.value = false
            }}
          >
            {sure.value ? w.refundSure : w.refund}
          </Press>
        )}
        <Refused failure={doing.failure} />
      </td>
    </tr>
  )
}
