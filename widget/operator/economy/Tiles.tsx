/** The figures as tiles: what each means, what it aims at, and whether it does. */

import type { ComponentChildren } from 'preact'
import { type Figure, GOALS, type Inflation } from '../../../shared/economy.ts'
import { formatPoints } from '../../ui/index.ts'
import { useDesk } from '../desk.ts'
import { yuan } from '../stock/prices.ts'
import { type Economy, percent } from './read.ts'
import { type EconomyWords, WORDS } from './words.ts'

const FIGURES = [
  'redeemPerIssued',
  'issuedPerSales',
  'valueBack',
  'usageRate',
  'redemptionRate',
  'expiryRate',
  'redeemedPerLive',
  'memberConversion',
  'highTierShare',
] as const satisfies Figure[]

/** Of a figure: the sources', or the rulebook's. */
const goalOf = (figure: Figure, { thresholds }: Economy): { least?: number; most?: number } =>
  figure === 'issuedPerSales' ? { most: thresholds.issuedPerSales } : (GOALS[figure] ?? {})

/** Far below what is shown: a sum of fractions that comes to 0.8 is 0.8. */
const NOTHING = 1e-9
const meets = (value: number, { least, most }: { least?: number; most?: number }): boolean =>
  (least === undefined || value >= least - NOTHING) &&
  (most === undefined || value <= most + NOTHING)

/** `1 : 0.8` of points used by points given, else a percentage. */
const shown = (figure: Figure, value: number): string =>
  figure === 'redeemPerIssued' ? `1 : ${Number(value.toFixed(2))}` : percent(value)

function goalText(figure: Figure, goal: { least?: number; most?: number }, w: EconomyWords) {
  const { least, most } = goal
  if (least !== undefined && most !== undefined)
    return w.between(shown(figure, least), shown(figure, most))
  if (least !== undefined) return w.least(shown(figure, least))
  return most === undefined ? undefined : w.most(shown(figure, most))
}

export function Tiles({ economy }: { economy: Economy }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const last = economy.days.at(-1)
  return (
    <section class="tiles" aria-label={w.title}>
      <InflationTile economy={economy} />
      {last && <StockTile stock={last.stock} active={last.active} accounts={last.accounts} />}
      {FIGURES.map((figure) => (
        <FigureTile key={figure} figure={figure} economy={economy} />
      ))}
    </section>
  )
}

interface TileProps {
  id: string
  title: string
  value: string
  tone?: string
  children: ComponentChildren
}

const Tile = ({ id, title, value, tone = '', children }: TileProps) => (
  <div class={`ff-card tile ${tone}`} data-figure={id}>
    <h2 class="ff-h">{title}</h2>
    <p class="v">{value}</p>
    {children}
  </div>
)

function FigureTile({ figure, economy }: { figure: Figure; economy: Economy }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const value = economy.figures[figure]
  const goal = goalOf(figure, economy)
  const text = goalText(figure, goal, w)
  const [name, meaning] = w.figures[figure]
  const good = value !== undefined && meets(value, goal)
  return (
    <Tile id={figure} title={name} value={value === undefined ? w.unknown : shown(figure, value)}>
      <p class="ff-muted">{meaning}</p>
      {text && (
        <p class="goal">
          {w.goal} {text}
          {value !== undefined && (
            <span class={`ff-chip ${good ? 'on' : 'warn'}`}>{good ? w.good : w.short}</span>
          )}
        </p>
      )}
    </Tile>
  )
}

const MEASURES = ['stock', 'perCapita', 'stockOverUsers'] as const

function InflationTile({ economy: { latest, thresholds } }: { economy: Economy }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  if (!latest) return null
  const { inflation, definition, value, level } = latest
  const tone = level === 'critical' ? 'bad' : level === 'warn' ? 'warn' : ''
  return (
    <Tile
      id="inflation"
      title={w.inflation}
      value={value === undefined ? w.unknown : percent(value)}
      tone={tone}
    >
      <p class="ff-muted">{w.chosen(w.inflations[definition], thresholds.days)}</p>
      <p class="parts">
        {MEASURES.map((measure) => (
          <span key={measure}>
            {w.inflations[measure]} <b class="ff-n">{measureText(measure, inflation, w)}</b>
          </span>
        ))}
      </p>
      <p class="goal">{w.lines(percent(thresholds.warn), percent(thresholds.critical))}</p>
    </Tile>
  )
}

function measureText(
  measure: (typeof MEASURES)[number],
  inflation: Inflation,
  w: EconomyWords,
): string {
  const value = inflation[measure]
  if (value === undefined) return w.unknown
  return measure === 'stockOverUsers' ? w.times(String(Number(value.toFixed(2)))) : percent(value)
}

interface StockProps {
  stock: Economy['days'][number]['stock']
  accounts: number
  active: number
}

function StockTile({ stock, accounts, active }: StockProps) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const fen = house.facts.data.value?.pointValueFen
  const points = Object.values(stock).reduce((sum, one) => sum + one, 0)
  return (
    <Tile id="stock" title={w.stock} value={formatPoints(points)}>
      {fen !== undefined && <p class="ff-muted">{w.stockOf(yuan(points * fen))}</p>}
      <p class="parts">
        <span>
          {w.accounts} <b class="ff-n">{formatPoints(accounts)}</b>
        </span>
        <span>{w.activeOf(formatPoints(active))}</span>
      </p>
    </Tile>
  )
}
