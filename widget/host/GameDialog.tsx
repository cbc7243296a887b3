/** What a draw, boxes or a vote need to begin; one more tap opens it. */

import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import type { PrizeOffer } from '../../shared/effects.ts'
import { formatPoints } from '../ui/index.ts'
import { Press } from '../ui/press.tsx'
import { useDialog } from '../ui/use-dialog.ts'
import { useConsole } from './console.ts'
import type { GameKind } from './GamesCard.tsx'
import type { GameDraft, PrizeDraft } from './games.ts'

const MINUTES = [1, 3, 5, 10] as const
const POINTS = [50, 100, 200, 500, 1000] as const
const WINNERS = [1, 3, 5, 10] as const
/** Parts of 10,000: a box of fewer points may hold them more often, so that boxes stay affordable. */
const ODDS_OF: Record<number, number> = { 50: 1500, 100: 800, 200: 400, 500: 150, 1000: 80 }
/** Of a reward, whatever it costs: one box in a hundred. */
const GOODS_ODDS = 100
const OPTIONS_MAX = 4
const TITLE_MAX = 40

const both = (text: string) => ({ zh: text, en: text })

/** What of the catalogue can be the prize, and what is chosen of it; empty for points. */
function useGoods(kind: GameKind) {
  const { model } = useConsole()
  const offers = useSignal<PrizeOffer[]>([])
  const goods = useSignal('')
  useEffect(() => {
    if (kind === 'vote') return
    void model.games.offers().then((found) => {
      offers.value = found
    })
  }, [kind, model, offers])
  return { offers, goods }
}

export function GameDialog({ kind, close }: { kind: GameKind; close: () => void }) {
  const { model, t, lang } = useConsole()
  const minutes = useSignal<number>(3)
  const points = useSignal<number>(kind === 'box' ? 50 : 500)
  const winners = useSignal<number>(3)
  const title = useSignal('')
  const options = useSignal(['', ''])
  const rung = useSignal(0)
  const rungs = model.room.value?.ladder.rungs ?? []
  const busy = useSignal(false)
  const { offers, goods } = useGoods(kind)
  const named = title.value.trim() || t.gameTitles[kind]
  const filled = options.value.map((option) => option.trim()).filter(Boolean)
  const ready = kind !== 'vote' || new Set(filled).size >= 2
  const odds = goods.value === '' ? (ODDS_OF[points.value] ?? GOODS_ODDS) : GOODS_ODDS
  const prize: PrizeDraft = {
    ...(goods.value === '' ? { points: points.value } : { reward: goods.value }),
    ...(kind === 'box' ? { odds } : { winners: winners.value }),
  }
  const common = { title: both(named), seconds: minutes.value * 60 }
  const draft: GameDraft =
    kind === 'vote'
      ? { ...common, kind, options: [...new Set(filled)].map(both) }
      : { ...common, kind, prizes: [prize], ...(rung.value > 0 && { rung: rung.value }) }
  const said = JSON.stringify(draft)
  // One id per draft: a second tap opens nothing twice.
  const requestId = useMemo(() => said && model.newRequestId(), [model, said])
  const dialog = useDialog(close)
  const start = async () => {
    if (busy.value) return
    busy.value = true
    const opened = await model.games.open(draft, requestId)
    busy.value = false
    if (opened) close()
  }
  return (
    // biome-ignore lint/a11y: a shortcut for the mouse; Escape and the button do the same.
    <div
      class="veil"
      onClick={(event) => {
        if (event.target === event.currentTarget) close()
      }}
    >
      <div class="dlg" role="dialog" aria-modal="true" aria-labelledby="game-title" ref={dialog}>
        <h2 id="game-title">{t.gameKinds[kind]}</h2>
        <label class="fld">
          {t.gameTitle}
          <input
            dir="auto"
            value={title.value}
            maxLength={TITLE_MAX}
            placeholder={t.gameTitles[kind]}
            onInput={({ currentTarget }) => {
              title.value = currentTarget.value
            }}
          />
        </label>
        {kind === 'vote' ? (
          <Options options={options.value} change={(next) => (options.value = next)} />
        ) : (
          <Prizes offers={offers.value} points={points} goods={goods} />
        )}
        {kind === 'draw' && (
          <Choice
            name={t.winnersOf}
            from={WINNERS}
            chosen={winners.value}
            text={String}
            choose={(n) => (winners.value = n)}
          />
        )}
        {kind === 'box' && <p class="ff-muted cost">{t.boxOdds(`${odds / 100}%`)}</p>}
        <Choice
          name={t.lasts}
          from={MINUTES}
          chosen={minutes.value}
          text={t.minutes}
          choose={(n) => (minutes.value = n)}
        />
        {kind !== 'vote' && (
          <Choice
            name={t.forWhom}
            from={rungs.map((_, i) => i)}
            chosen={rung.value}
            text={(n) => (n === 0 ? t.everyone : t.fromTier(rungs[n]?.label[lang] ?? ''))}
            choose={(n) => (rung.value = n)}
          />
        )}
        <p class="ff-muted cost">{kind === 'vote' ? t.voteWhy : t.drawWhy}</p>
        <div class="go">
          <button type="button" class="ff-btn" onClick={close}>
            {t.cancel}
          </button>
          <Press class="ff-btn pri" off={busy.value || !ready} onClick={start} data-first>
            {busy.value ? t.starting : t.start}
          </Press>
        </div>
      </div>
    </div>
  )
}

/** So many points, or one reward of the catalogue. */
function Prizes({
  offers,
  points,
  goods,
}: {
  offers: PrizeOffer[]
  points: Signal<number>
  goods: Signal<string>
}) {
  const { t } = useConsole()
  return (
    <>
      <Choice
        name={t.prize}
        from={POINTS}
        chosen={goods.value === '' ? points.value : 0}
        text={(n) => t.points(formatPoints(n))}
        choose={(n) => {
          points.value = n
          goods.value = ''
        }}
      />
      {offers.length > 0 && <Goods offers={offers} chosen={goods} />}
    </>
  )
}

interface ChoiceProps {
  name: string
  from: readonly number[]
  chosen: number
  text: (n: number) => string
  choose: (n: number) => void
}

function Choice({ name, from, chosen, text, choose }: ChoiceProps) {
  return (
    <fieldset class="choice">
      <legend>{name}</legend>
      {from.map((n) => (
        <button
          key={n}
          type="button"
          class={`ff-btn sm${n === chosen ? ' soft' : ''}`}
          aria-pressed={n === chosen}
          onClick={() => choose(n)}
        >
          {text(n)}
        </button>
      ))}
    </fieldset>
  )
}

function Goods({ offers, chosen }: { offers: PrizeOffer[]; chosen: Signal<string> }) {
  const { t, lang } = useConsole()
  return (
    <label class="fld">
      {t.prizeGoods}
      <select
        value={chosen.value}
        onChange={({ currentTarget }) => {
          chosen.value = currentTarget.value
        }}
      >
        <option value="">{t.prizePoints}</option>
        {offers.map(({ reward, title, left }) => (
          <option key={reward} value={reward}>
            {t.prizeLeft(title[lang], left)}
          </option>
        ))}
      </select>
      {chosen.value !== '' && <small class="ff-muted">{t.goodsWhy}</small>}
    </label>
  )
}

function Options({ options, change }: { options: string[]; change: (next: string[]) => void }) {
  const { t } = useConsole()
  return (
    <div class="fld">
      {t.options}
      {options.map((option, i) => (
        <input
          key={i}
          dir="auto"
          value={option}
          maxLength={TITLE_MAX}
          aria-label={`${t.options} ${i + 1}`}
          data-first={i === 0 || undefined}
          placeholder={t.option(i + 1)}
          onInput={({ currentTarget }) =>
            change(options.map((other, at) => (at === i ? currentTarget.value : other)))
          }
        />
      ))}
      {options.length < OPTIONS_MAX && (
        <button type="button" class="ff-btn sm" onClick={() => change([...options, ''])}>
          {t.addOption}
        </button>
      )}
    </div>
  )
}
