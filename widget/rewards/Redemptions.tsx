/** The own redemptions and, of one of them, the code for the counter. */

import { groupedCode } from '../../shared/pickup.ts'
import type { RedemptionView } from '../../shared/rewards.ts'
import type { SheetView } from '../overlay/sheet-view.ts'
import { Shape } from '../ui/icons.tsx'
import { formatPoints } from '../ui/lang.ts'
import { check, right } from '../ui/shapes.ts'
import { dayWords, momentOf } from './moments.ts'
import { yuanOf } from './offer.ts'

function Back({ view, to }: { view: SheetView; to: 'rewards' | 'mine' }) {
  return (
    <button
      type="button"
      class="backlink"
      onClick={(event) =>
        view.go(() => {
          view.panel.value = to
        }, event)
      }
    >
      <Shape d={right} />
      {to === 'rewards' ? view.r.rewards : view.r.mine}
    </button>
  )
}

/** Points that were spent and have not come back. */
const spent = ({ state, points }: RedemptionView): boolean =>
  points > 0 && state !== 'cancelled' && state !== 'refunded' && state !== 'failed'

function words(one: RedemptionView, view: SheetView): string {
  const { r: t, lang, shop } = view
  const nowMs = shop.nowMs.value
  if (one.state === 'awaiting_cash' && one.cashUntilMs !== undefined)
    return t.payBy(yuanOf(one.cashFen), momentOf(one.cashUntilMs, nowMs, lang))
  if (one.state === 'used' && one.usedAtMs !== undefined)
    return t.codeUsed(momentOf(one.usedAtMs, nowMs, lang))
  if (one.state === 'issued' && one.pickup)
    return `${one.pickup.name[lang]} · ${dayWords(one.pickup.day, lang)}`
  return one.why ? `${t.states[one.state]} · ${t.why[one.why]}` : t.states[one.state]
}

function Cancel({ one, view }: { one: RedemptionView; view: SheetView }) {
  const { r: t, shop } = view
  const { cancelUntilMs } = one
  const may = one.state === 'issued' || one.state === 'awaiting_cash'
  if (!may || cancelUntilMs === undefined || shop.nowMs.value >= cancelUntilMs) return null
  const armed = shop.armed.value
  const sure = armed?.act === 'cancel' && armed.id === one.id
  return (
    <>
      <button
        type="button"
        class={`ff-btn sm ff-hit ${sure ? 'dan' : 'ghost'}`}
        onClick={() => shop.cancel(one)}
      >
        {sure ? t.cancelSure(formatPoints(one.points)) : t.cancel}
      </button>
      {shop.cancelFailed.value === one.id && <p class="end bad">{t.cancelFailed}</p>}
    </>
  )
}

export function Redemptions({ view }: { view: SheetView }) {
  const { r: t, s, lang, shop } = view
  const all = shop.redemptions.value
  return (
    <>
      <Back view={view} to="rewards" />
      {!all && <p class="sum">{shop.failed.value ? s.unread : s.loading}</p>}
      {all?.length === 0 && <p class="sum">{t.noMine}</p>}
      <ul>
        {all?.map((one) => (
          <li class="rc" key={one.id}>
            <span class="t">
              {one.title[lang]}
              <time>{momentOf(one.atMs, shop.nowMs.value, lang)}</time>
            </span>
            <span class={`a ff-n${spent(one) ? '' : ' nil'}`}>
              {spent(one) ? `−${formatPoints(one.points)}` : '0'}
            </span>
            <span class="d">{words(one, view)}</span>
            <span class="acts">
              {one.code && one.state === 'issued' && (
                <button
                  type="button"
                  class="ff-btn sm ff-hit soft"
                  onClick={(event) => view.go(() => shop.show(one.id), event)}
                >
                  {t.showCode} {groupedCode(one.code)}
                </button>
              )}
              <Cancel one={one} view={view} />
            </span>
          </li>
        ))}
      </ul>
      {shop.next.value && (
        <button type="button" class="ff-btn ghost sm" onClick={shop.older}>
          {t.older}
        </button>
      )}
    </>
  )
}

/** QR on white in both themes, because readers want dark on light. */
function Qr({ text, view: { code } }: { text: string; view: SheetView }) {
  code.want()
  const drawn = code.part.value?.(text)
  if (!drawn) return <span class="qr" aria-hidden="true" />
  const { size, path } = drawn
  return (
    <svg class="qr" viewBox={`-3 -3 ${size + 6} ${size + 6}`} role="img" aria-label="QR">
      <path d={path} />
    </svg>
  )
}

/** Why the code is no good any more; undefined while it is. */
function overOf(one: RedemptionView, view: SheetView): string | undefined {
  const { r: t, lang, shop } = view
  const nowMs = shop.nowMs.value
  if (one.state === 'used')
    return one.usedAtMs === undefined
      ? t.states.used
      : t.codeUsed(momentOf(one.usedAtMs, nowMs, lang))
  if (one.state !== 'issued') return t.codeClosed
  return one.pickup && nowMs > one.pickup.untilMs ? t.codeOver : undefined
}

export function Code({ view }: { view: SheetView }) {
  const { r: t, lang, shop } = view
  const one = shop.shown.value
  if (!one) return <Back view={view} to="mine" />
  const over = overOf(one, view)
  const { pickup } = one
  return (
    <>
      <Back view={view} to="mine" />
      <div class={`code${over ? ' over' : ''}`}>
        <h3>{one.title[lang]}</h3>
        {over ? (
          <p class={`verdict${one.state === 'used' ? ' used' : ''}`}>
            {one.state === 'used' && <Shape d={check} />}
            {over}
          </p>
        ) : (
          one.qr && <Qr text={one.qr} view={view} />
        )}
        {one.code && <p class="num">{groupedCode(one.code)}</p>}
        {one.link && !over && (
          <a class="ff-btn pri" href={one.link} target="_blank" rel="noreferrer">
            {t.open}
          </a>
        )}
        {!over && <p class="ff-muted">{pickup ? t.scanHint : t.useHint}</p>}
        <dl>
          {pickup && (
            <>
              <dt>{t.codeWhere}</dt>
              <dd>{pickup.name[lang]}</dd>
              <dt>{t.codeFrom}</dt>
              <dd>{dayWords(pickup.day, lang)}</dd>
              <dt>{t.codeUntil}</dt>
              <dd class="ff-n">{momentOf(pickup.untilMs, shop.nowMs.value, lang)}</dd>
            </>
          )}
        </dl>
        <Cancel one={one} view={view} />
      </div>
    </>
  )
}
