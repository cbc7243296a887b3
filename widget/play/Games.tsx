/** Draws, blind boxes and votes that run or have just ended. */

import { type DrawPrize, ODDS_WHOLE } from '../../shared/draw.ts'
import type { EffectsView } from '../../shared/effects.ts'
import { rungOf } from '../overlay/view.ts'
import { Shape } from '../ui/icons.tsx'
import { formatLeft, formatPoints } from '../ui/lang.ts'
import { lock } from '../ui/shapes.ts'
import { Buy, Free, Outcome } from './Buy.tsx'
import type { PlayView } from './play-view.ts'
import { prizeWords } from './show.ts'

type DrawMine = EffectsView['draws'][number]
type VoteMine = EffectsView['votes'][number]

/** How long it runs, or where its end has got. */
function Left({ view, game }: { view: PlayView; game: DrawMine | VoteMine }) {
  const { p: t, play } = view
  const leftMs = game.endsAtMs - play.nowMs.value
  if (game.state === 'closed') return <span>{t.over}</span>
  if (game.state === 'closing' || leftMs <= 0) return <span>{t.counting}</span>
  return (
    <span>
      {t.left} <b class="ff-n">{formatLeft(leftMs)}</b>
    </span>
  )
}

const percent = (odds: number) => `${Number(((100 * odds) / ODDS_WHOLE).toFixed(2))}%`

/** Published odds: of a box as they are, of a draw how many win among how many tickets. */
function Prizes({ view: { p: t, lang }, prizes }: { view: PlayView; prizes: DrawPrize[] }) {
  return (
    <div class="prizes">
      {prizes.map((prize, i) => (
        <span class="ff-chip" key={`${prize.voucher}${prize.points}${i}`}>
          <bdi>{prizeWords(prize, { pointsOf: t.points, lang })}</bdi>{' '}
          <small class="ff-n">
            {prize.odds === undefined ? t.winners(prize.winners ?? 1) : t.odds(percent(prize.odds))}
          </small>
        </span>
      ))}
    </div>
  )
}

/** What was in the boxes that were just opened. */
function Opened({ view, draw }: { view: PlayView; draw: DrawMine }) {
  const { p: t, lang, play } = view
  const told = [`box ${draw.draw}`, `boxfree ${draw.draw}`].flatMap((place) => {
    const answer = play.told.value[place]
    return answer?.ok ? [answer] : []
  })
  const last = told.at(-1)?.prizes
  if (!last?.length) return null
  const goods = last.some((prize) => prize !== null && draw.prizes[prize]?.reward)
  return (
    <>
      <p class="end ok" role="status">
        {last
          .map((prize) => {
            const won = prize === null ? undefined : draw.prizes[prize]
            return won ? t.won(prizeWords(won, { pointsOf: t.points, lang })) : t.boxEmpty
          })
          .join('，')}
      </p>
      {goods && <Collect view={view} />}
    </>
  )
}

/** What was won lies among the own redemptions, with its code. */
function Collect({ view }: { view: PlayView }) {
  return (
    <button
      type="button"
      class="minelink"
      onClick={(event) =>
        view.go(() => {
          view.panel.value = 'mine'
        }, event)
      }
    >
      {view.p.collect}
    </button>
  )
}

function Result({ view, draw }: { view: PlayView; draw: DrawMine }) {
  const { p: t, lang, play } = view
  const won = draw.won.flatMap((index) => draw.prizes[index] ?? [])
  const checked = play.proofs.value[draw.draw]
  return (
    <>
      {won.length > 0 ? (
        <p class="end ok">
          {t.won(won.map((prize) => prizeWords(prize, { pointsOf: t.points, lang })).join('、'))}
        </p>
      ) : (
        draw.mine.count > 0 && <p class="end">{t.lost}</p>
      )}
      {won.some(({ reward }) => reward) && <Collect view={view} />}
      {checked === undefined ? (
        <button type="button" class="minelink" onClick={() => play.check(draw.draw)}>
          {t.check}
        </button>
      ) : (
        <p class={`end ${checked ? 'ok' : 'bad'}`}>{checked ? t.checked : t.checkFailed}</p>
      )}
      <p class="seed ff-cut" title={draw.seed}>
        SHA-256 {draw.commitment.slice(0, 16)}…
      </p>
    </>
  )
}

/** For members of a higher tier: which one, and how far it is. */
function Locked({
  view: { p: t, lang },
  tier,
}: {
  view: PlayView
  tier: NonNullable<DrawMine['tier']>
}) {
  return (
    <div class="row">
      <button type="button" class="ff-btn sm" disabled>
        <Shape d={lock} />
        {t.membersOnly(tier.label[lang])}
      </button>
      {tier.growthMissing > 0 && (
        <small class="ff-muted">{t.missing(formatPoints(tier.growthMissing))}</small>
      )}
    </div>
  )
}

export function Draw({ view, draw }: { view: PlayView; draw: DrawMine }) {
  const { p: t, lang } = view
  const { mine, points, perViewer } = draw
  const what = draw.box ? 'box' : 'draw'
  const open = draw.state === 'open'
  const rungs = view.model.state.value.room?.ladder.rungs ?? []
  const tier = draw.rung === undefined ? undefined : rungOf(rungs, draw.rung)
  const enter = (free: boolean) => ({
    name: 'draw.enter' as const,
    input: { draw: draw.draw, tickets: 1, free },
  })
  return (
    <li class={`pl game${open && !draw.tier ? ' on' : ''}`}>
      <div class="t">
        <span class="ff-chip on">{t[what]}</span>
        <bdi>{draw.title[lang]}</bdi>
        {tier && <span class="ff-chip">{t.members(tier.label[lang])}</span>}
      </div>
      <div class="d">
        <Left view={view} game={draw} /> · {t.tickets(draw.tickets, draw.total)}
        {mine.count > 0 && ` · ${t.mine(mine.count, what)}`}
      </div>
      <Prizes view={view} prizes={draw.prizes} />
      {open && draw.tier && <Locked view={view} tier={draw.tier} />}
      {open && !draw.tier && (
        <div class="row">
          {mine.free && (
            <Free
              view={view}
              place={`${what}free ${draw.draw}`}
              want={enter(true)}
              words={t.free(false)}
            />
          )}
          <Buy
            view={view}
            place={`${what} ${draw.draw}`}
            points={points}
            disabled={mine.bought >= perViewer}
            want={enter(false)}
            words={t.more('', what).split(' · ')[0] ?? ''}
          />
          <small class="ff-muted">{t.capped(perViewer)}</small>
        </div>
      )}
      {draw.box && <Opened view={view} draw={draw} />}
      <Outcome view={view} place={`${what} ${draw.draw}`} quiet />
      <Outcome view={view} place={`${what}free ${draw.draw}`} quiet />
      {draw.state === 'closed' && <Result view={view} draw={draw} />}
    </li>
  )
}

export function Vote({ view, vote }: { view: PlayView; vote: VoteMine }) {
  const { p: t, lang } = view
  const { mine, points, perViewer } = vote
  const open = vote.state === 'open'
  const all = vote.options.reduce((sum, { votes }) => sum + votes, 0)
  const most = Math.max(...vote.options.map(({ votes }) => votes))
  return (
    <li class={`pl game${open ? ' on' : ''}`}>
      <div class="t">
        <span class="ff-chip on">{t.vote}</span>
        <bdi>{vote.title[lang]}</bdi>
      </div>
      <div class="d">
        <Left view={view} game={vote} /> · {t.capped(perViewer)}
        {mine.count > 0 && ` · ${t.mine(mine.count, 'vote')}`}
      </div>
      <ul class="options">
        {vote.options.map(({ label, votes }, option) => {
          const place = `vote ${vote.vote} ${option}`
          const cast = (free: boolean) => ({
            name: 'vote.cast' as const,
            input: { vote: vote.vote, option, votes: 1, free },
          })
          return (
            <li key={label.en}>
              <span class="opt">
                <bdi>{label[lang]}</bdi>
                <b class="ff-n">{t.votes(votes)}</b>
                <span
                  class={`ff-bar${votes === most && votes > 0 ? ' lead' : ''}`}
                  style={{ '--v': all > 0 ? (100 * votes) / all : 0 }}
                />
              </span>
              {open &&
                (mine.free ? (
                  <Free view={view} place={place} want={cast(true)} words={t.free(true)} />
                ) : (
                  <Buy
                    view={view}
                    place={place}
                    points={points}
                    disabled={mine.bought >= perViewer}
                    want={cast(false)}
                    words="+1"
                  />
                ))}
              <Outcome view={view} place={place} quiet />
            </li>
          )
        })}
      </ul>
    </li>
  )
}
