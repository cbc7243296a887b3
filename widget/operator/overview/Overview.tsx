/** The first look of the day: do the points add up, how do the lives go, what needs somebody. */

import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { formatPoints, HeatBars, Icon, type IconName } from '../../ui/index.ts'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { Columns } from '../Head.tsx'
import { LIVES_EVERY_MS, TOTALS_EVERY_MS, WANTING_SHOWN } from '../limits.ts'
import { type Polled, polledOf, usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { shelvedOf, wanting } from '../stock/listed.ts'
import { yuan } from '../stock/prices.ts'
import {
  CAME,
  GONE,
  HERE,
  type LiveRoom,
  type Lives as LivesRead,
  type Owed,
  sumOf,
  type Totals,
} from './read.ts'
import { WORDS } from './words.ts'

export function Overview(_: { rest: string[] }) {
  const { api, lang, me, t } = useDesk()
  const w = WORDS[lang]
  const lives = usePolled('lives', () => api.get<LivesRead>('/v1/lives'), LIVES_EVERY_MS)
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        <span class="ff-muted">{t.brandOf(me.brand)}</span>
      </div>
      {me.platform && <Conservation />}
      <div class={me.platform ? 'pair' : ''}>
        <Lives lives={lives} />
        {me.platform && <Settlement />}
      </div>
      <Today rooms={lives.data?.rooms ?? []} />
    </>
  )
}

function Conservation() {
  const { api, lang, house } = useDesk()
  const w = WORDS[lang]
  const read = usePolled(
    'conservation',
    () => api.get<{ holds: boolean; totals: Totals }>('/v1/conservation'),
    TOTALS_EVERY_MS,
  )
  const { data } = read
  if (!data) return <Unread polled={read} />
  const { totals, holds } = data
  const fen = house.facts.data.value?.pointValueFen
  const [came, here, gone] = [sumOf(totals, CAME), sumOf(totals, HERE), sumOf(totals, GONE)]
  // What was given to another account is still there, in that one.
  const over = gone - totals.transferredOut
  return (
    <section class="kpis" aria-label={w.totals}>
      <Kpi title={w.came} value={came} parts={CAME} totals={totals} sign="" />
      <Kpi title={w.here} value={here} parts={HERE} totals={totals} sign="=">
        {fen !== undefined && <span class="ff-muted">{w.worth(yuan(here * fen))}</span>}
      </Kpi>
      <Kpi title={w.gone} value={gone} parts={GONE} totals={totals} sign="+">
        {over > 0 && (
          <span class="ff-muted">{w.used(`${Math.round((100 * totals.spent) / over)}%`)}</span>
        )}
      </Kpi>
      <p class={`note ${holds ? 'k' : 'w'}`} role="status">
        <Icon name={holds ? 'check' : 'warn'} />
        <span>
          <b>{holds ? w.holds : `${w.broken} ${formatPoints(Math.abs(came - here - gone))}`}</b>
          {' · '}
          <span class="ff-n">
            {formatPoints(came)} = {formatPoints(here)} + {formatPoints(gone)}
          </span>
        </span>
      </p>
    </section>
  )
}

interface KpiProps {
  title: string
  value: number
  parts: readonly (keyof Totals)[]
  totals: Totals
  sign: string
  children?: JSX.Element | false
}

function Kpi({ title, value, parts, totals, sign, children }: KpiProps) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const shown = parts.filter((part) => totals[part] > 0)
  return (
    <div class="ff-card kpi" data-sign={sign || undefined}>
      <h2 class="ff-h">
        {title}
        {children}
      </h2>
      <p class="v">{formatPoints(value)}</p>
      <p class="parts">
        {shown.map((part) => (
          <span key={part}>
            {w.parts[part]} <b class="ff-n">{formatPoints(totals[part])}</b>
          </span>
        ))}
      </p>
    </div>
  )
}

/** Lives that a glance takes in. */
const SHOWN_FIRST = 10

function Lives({ lives }: { lives: Polled<LivesRead> }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const all = useSignal(false)
  const rooms = lives.data?.rooms ?? []
  const shown = all.value ? rooms : rooms.slice(0, SHOWN_FIRST)
  return (
    <section class="ff-card" aria-label={w.rooms}>
      <h2 class="ff-h">
        {w.rooms}
        {lives.data && rooms.length > 0 && (
          <span class="ff-chip ff-n">{formatPoints(lives.data.count)}</span>
        )}
      </h2>
      <Unread polled={lives} />
      {lives.data && rooms.length === 0 && <Quiet>{w.roomsNone}</Quiet>}
      {rooms.length > 0 && (
        <table class="lives">
          <Columns names={w.roomsHead} />
          <tbody>
            {shown.map(({ id, name, heat, audience, actors, issued, safe }) => (
              <tr key={id}>
                <td dir="auto">
                  <b>{name}</b> {safe && <span class="ff-chip warn">{w.silent}</span>}
                </td>
                <td>
                  <span class="heat">
                    <HeatBars level={heat.level} />
                    <b class="ff-n">{w.lv(heat.level)}</b>
                  </span>
                </td>
                <td class="r ff-n">{formatPoints(audience)}</td>
                <td class="r ff-n">{formatPoints(actors)}</td>
                <td class="r ff-n">{formatPoints(issued)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {rooms.length > SHOWN_FIRST && !all.value && (
        <button
          type="button"
          class="ff-btn more"
          onClick={() => {
            all.value = true
          }}
        >
          {w.roomsMore}
        </button>
      )}
      {lives.data && all.value && lives.data.count > rooms.length && (
        <Quiet>{w.roomsRest(formatPoints(lives.data.count - rooms.length))}</Quiet>
      )}
    </section>
  )
}

function Settlement() {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const read = usePolled(
    'settlement',
    () => api.get<{ lines: Owed[] }>('/v1/settlement'),
    TOTALS_EVERY_MS,
  )
  const lines = read.data?.lines ?? []
  return (
    <section class="ff-card" aria-label={w.settlement}>
      <h2 class="ff-h">{w.settlement}</h2>
      <Unread polled={read} />
      {read.data && lines.length === 0 && <Quiet>{w.settlementNone}</Quiet>}
      {lines.length > 0 && (
        <table>
          <Columns names={w.settlementHead} />
          <tbody>
            {lines.map(({ owes, to, points, fen }) => (
              <tr key={`${owes} ${to}`}>
                <td>{owes}</td>
                <td>{to}</td>
                <td class="r ff-n">{formatPoints(points)}</td>
                <td class="r ff-n">¥{yuan(fen)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}

interface Todo {
  key: string
  icon: IconName
  text: string
  /** Where it is dealt with; a broadcast is dealt with at the host's. */
  to?: { label: string; href: string }
}

function Today({ rooms }: { rooms: LiveRoom[] }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const shelf = polledOf(house.shelf).data
  const dead = polledOf(house.dead).data
  const held = polledOf(house.held).data?.invites ?? []
  const known = shelf !== undefined && dead !== undefined
  const short = wanting(shelf?.rewards ?? [])
  const restock = { label: w.restock, href: hrefOf('stock') }
  const rest = short.length - WANTING_SHOWN
  const all: Todo[] = [
    ...short.slice(0, WANTING_SHOWN).map((reward): Todo => {
      const title = reward.doc.title[lang]
      const text =
        shelvedOf(reward) === 'sold_out'
          ? w.soldOut(title)
          : w.low(title, formatPoints(reward.stock.left ?? 0))
      return { key: `stock ${reward.id}`, icon: 'bag', text, to: restock }
    }),
    ...(rest > 0
      ? [{ key: 'stock', icon: 'bag' as const, text: w.more(formatPoints(rest)), to: restock }]
      : []),
    ...(held.length > 0
      ? [
          {
            key: 'held',
            icon: 'team' as const,
            text: w.held(formatPoints(held.length)),
            to: { label: w.heldDo, href: hrefOf('invites') },
          },
        ]
      : []),
    ...(dead && dead.dead.length > 0
      ? [
          {
            key: 'dead',
            icon: 'hook' as const,
            text: w.dead(`${formatPoints(dead.dead.length)}${dead.next === undefined ? '' : '+'}`),
            to: { label: w.deadDo, href: hrefOf('webhooks') },
          },
        ]
      : []),
    ...rooms
      .filter(({ asks }) => asks > 0)
      .map(
        ({ id, name, asks }): Todo => ({
          key: `asks ${id}`,
          icon: 'chat',
          text: w.asks(name, formatPoints(asks)),
        }),
      ),
  ]
  return (
    <section class="ff-card todo" aria-label={w.today(all.length)}>
      <h2 class="ff-h">{known || all.length > 0 ? w.today(all.length) : '…'}</h2>
      {known && all.length === 0 && <Quiet>{w.calm}</Quiet>}
      <ul>
        {all.map(({ key, icon, text, to }) => (
          <li key={key}>
            <Icon name={icon} />
            <span class="m">{text}</span>
            {to && (
              <a class="ff-btn" href={to.href}>
                {to.label}
              </a>
            )}
          </li>
        ))}
      </ul>
    </section>
  )
}
