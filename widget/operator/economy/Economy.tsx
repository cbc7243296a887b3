/** The economy: do points keep their worth, are they used, and what has to be done. */

import { useSignal } from '@preact/signals'
import { formatPoints, Icon } from '../../ui/index.ts'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { ECONOMY_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { yuan } from '../stock/prices.ts'
import { Growth, IssuedSpent } from './Charts.tsx'
import './economy.css'
import { Issuance } from './Issuance.tsx'
import { Opinions } from './Opinions.tsx'
import { type Economy, PERIODS, type Period, percent, readEconomy, worstOf } from './read.ts'
import { Lives, Names } from './Tables.tsx'
import { Tiles } from './Tiles.tsx'
import { WORDS } from './words.ts'

export function Page(_: { rest: string[] }) {
  const { api, lang } = useDesk()
  const w = WORDS[lang]
  const period = useSignal<Period>(30)
  const read = usePolled(
    `economy ${period.value}`,
    () => readEconomy(api, period.value),
    ECONOMY_EVERY_MS,
  )
  const { data } = read
  const last = data?.days.at(-1)
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        {last && <span class="ff-muted">{w.until(last.date)}</span>}
        <span class="sp" />
        <fieldset class="filt">
          <legend class="ff-sr">{w.period}</legend>
          {PERIODS.map((days) => (
            <button
              key={days}
              type="button"
              aria-pressed={days === period.value}
              onClick={() => {
                period.value = days
              }}
            >
              {w.periods[days]}
            </button>
          ))}
        </fieldset>
      </div>
      <Issuance />
      <Unread polled={read} />
      {data && <Today today={data.today} />}
      {data && !last && <Quiet>{w.none}</Quiet>}
      {data && last && <Shown economy={data} />}
      <Opinions />
    </>
  )
}

function Shown({ economy }: { economy: Economy }) {
  return (
    <>
      <Alarms economy={economy} />
      <Tiles economy={economy} />
      <div class="duo">
        <IssuedSpent days={economy.days} />
        <Growth economy={economy} />
      </div>
      <div class="duo">
        <Names days={economy.days} of="issued" />
        <Names days={economy.days} of="spent" />
      </div>
      <Lives lives={economy.lives} />
    </>
  )
}

/** The running day, which is in none of the figures below. */
function Today({ today }: { today: Economy['today'] }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { issued, spent, salesFen, orders, redemptions } = today
  const figures = {
    ...{ issued: formatPoints(issued), spent: formatPoints(spent) },
    ...{ sales: `¥${yuan(salesFen)}`, orders: formatPoints(orders) },
    redemptions: formatPoints(redemptions),
  }
  return (
    <section class="ff-card sofar" aria-label={w.today}>
      <h2 class="ff-h">
        {w.today}
        <span class="ff-muted">{today.date}</span>
      </h2>
      <dl>
        {(Object.keys(figures) as (keyof typeof figures)[]).map((name) => (
          <div key={name} data-today={name}>
            <dt>{w.todays[name]}</dt>
            <dd class="ff-n">{figures[name]}</dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

/** What has to be done, or that nothing has. */
function Alarms({ economy }: { economy: Economy }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { latest, thresholds, audit } = economy
  if (!latest) return null
  const { value, level, issuedPerSales = 0, incentives } = latest
  const known = value !== undefined
  return (
    <div class="alarms">
      {known && level !== 'ok' && (
        <p class={`note ${level === 'critical' ? 'd' : 'w'}`} role="alert">
          <Icon name="warn" />
          {level === 'critical'
            ? w.alarms(percent(value), percent(thresholds.critical))
            : w.warns(percent(value), percent(thresholds.warn))}
        </p>
      )}
      {incentives !== 'ok' && (
        <p class="note w" role="alert">
          <Icon name="warn" />
          {w.incentives(percent(issuedPerSales), percent(thresholds.issuedPerSales))}
        </p>
      )}
      {worstOf(latest) === 'ok' && (
        <p class="note k" role="status">
          <Icon name="check" />
          {known ? w.fine : w.known(thresholds.days)}
        </p>
      )}
      {audit && <Audited audit={audit} />}
    </div>
  )
}

function Audited({ audit }: { audit: NonNullable<Economy['audit']> }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { points, limit, burn, date } = audit
  const said = burn
    ? w.burn(formatPoints(burn.points), burn.days, percent(burn.factor))
    : limit === undefined
      ? w.auditOpen(formatPoints(points))
      : w.auditFine(formatPoints(points), formatPoints(limit))
  return (
    <p class={`note ${burn ? 'w' : 'k'}`} role="status">
      <Icon name={burn ? 'warn' : 'check'} />
      <span>
        <b>{w.audited(date)}</b> · {said}
      </span>
      {burn && (
        <a class="ff-btn" href={hrefOf('rules', 'burn')}>
          {w.plan}
        </a>
      )}
    </p>
  )
}
