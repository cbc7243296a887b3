/** The tab of what can be played and bought here: draws and votes first, then effects. */

import type { SheetView } from '../overlay/sheet-view.ts'
import { rungOf } from '../overlay/view.ts'
import { Buy, Outcome } from './Buy.tsx'
import { Draw, Vote } from './Games.tsx'
import { Colours, Entrances } from './Owned.tsx'
import type { PlayView } from './play-view.ts'
import { PLAY_STRINGS } from './strings.ts'

/** A field, its price, and what became of the last one; while one waits there is no field. */
function Broadcast({ view }: { view: PlayView }) {
  const { p: t, play } = view
  const { said } = play
  const offer = play.view.value?.offers.broadcast
  if (!offer) return null
  const text = said.value.trim()
  const state = play.view.value?.broadcast
  return (
    <li class="pl">
      <div class="t">{t.broadcast}</div>
      <div class="d">{t.broadcastWhy(offer.waitSec)}</div>
      {state === 'waiting' ? (
        <p class="end">{t.waiting}</p>
      ) : (
        <div class="ask">
          <input
            dir="auto"
            value={said.value}
            maxLength={offer.chars}
            placeholder={t.say(offer.chars)}
            aria-label={t.broadcast}
            autocomplete="off"
            onInput={({ currentTarget }) => {
              said.value = currentTarget.value
            }}
          />
          <Buy
            view={view}
            place="broadcast"
            points={offer.points}
            disabled={!text}
            want={{ name: 'effect.buy', input: { effect: 'broadcast', text } }}
            words={t.send}
          />
        </div>
      )}
      {state && state !== 'waiting' && (
        <p class={`end ${state === 'shown' ? 'ok' : ''}`}>{t[state]}</p>
      )}
      <Outcome view={view} place="broadcast" quiet />
    </li>
  )
}

function Tip({ view }: { view: PlayView }) {
  const { p: t, play } = view
  const tip = play.view.value?.offers.tip
  if (!tip) return null
  const share = tip.policy === 'hostBucket' ? Math.round(tip.hostShare * 100) : 0
  return (
    <li class="pl">
      <div class="t">{t.tip}</div>
      <div class="d">{t.tipWhy(share)}</div>
      <div class="row">
        {tip.amounts.map((points) => (
          <Buy
            key={points}
            view={view}
            place={`tip ${points}`}
            points={points}
            want={{ name: 'effect.buy', input: { effect: 'tip', points } }}
            words=""
          />
        ))}
      </div>
      {tip.amounts.map((points) => (
        <Outcome key={points} view={view} place={`tip ${points}`} />
      ))}
    </li>
  )
}

function Boost({ view }: { view: PlayView }) {
  const { p: t, play, model, lang } = view
  const { room, account } = model.state.value
  const boost = play.view.value?.offers.boost
  const rungs = room?.ladder.rungs ?? []
  const running = account?.tier.boost
  if (running) {
    const tier = rungOf(rungs, account.tier.rung + running.rungs)?.label[lang] ?? ''
    return (
      <li class="pl">
        <div class="t">{t.boosted(tier)}</div>
        <div class="d">{t.boostWhy(tier)}</div>
      </li>
    )
  }
  if (!boost) return null
  const tier = rungOf(rungs, boost.rung)?.label[lang] ?? ''
  return (
    <li class="pl two">
      <div>
        <div class="t">{t.boost}</div>
        <div class="d">{t.boostWhy(tier)}</div>
      </div>
      <Buy
        view={view}
        place="boost"
        points={boost.points}
        want={{ name: 'effect.buy', input: { effect: 'boost' } }}
        words=""
      />
      <Outcome view={view} place="boost" />
    </li>
  )
}

export function Play({ view: sheet }: { view: SheetView }) {
  const view: PlayView = { ...sheet, p: PLAY_STRINGS[sheet.lang] }
  const { p: t, s, play } = view
  const now = play.view.value
  if (!now) return <p class="sum">{play.failed.value ? s.unread : s.loading}</p>
  const { draws, votes, offers } = now
  const sells = offers.broadcast || offers.tip || offers.boost
  const owns = offers.colours.length + offers.entrances.length > 0
  if (!sells && !owns && draws.length + votes.length === 0) return <p class="sum">{t.none}</p>
  return (
    <ul class="play">
      {draws.map((draw) => (
        <Draw key={draw.draw} view={view} draw={draw} />
      ))}
      {votes.map((vote) => (
        <Vote key={vote.vote} view={view} vote={vote} />
      ))}
      <Broadcast view={view} />
      <Colours view={view} />
      <Entrances view={view} />
      <Tip view={view} />
      <Boost view={view} />
    </ul>
  )
}
