/** The cue card and the queue behind it. */

import type { Cue } from '../../shared/protocol/events.ts'
import type { RungView } from '../../shared/room-state.ts'
import { Icon, TierBadge } from '../ui/index.ts'
import { useConsole } from './console.ts'
import { type CueCard, cueCard } from './cue.ts'
import { waitText } from './format.ts'
import { Say, Who } from './Phrase.tsx'

export function Announcements({ rungs }: { rungs: RungView[] }) {
  const { model, t, lang } = useConsole()
  const [first, ...next] = model.cues.value
  if (!first)
    return (
      <div class="ff-card calm">
        <p class="say">{t.nothing}</p>
        <p class="ff-muted">{t.nothingWhy}</p>
      </div>
    )
  return (
    <>
      <CuePlate cue={first} card={cueCard(first, rungs, lang)} />
      <div class="ff-card q">
        <h2 class="ff-h">{t.next(next.length)}</h2>
        {next.length === 0 && <p class="ff-quiet none">{t.nextNone}</p>}
        <ul>
          {next.map((cue) => (
            <QueueRow key={cue.id} cue={cue} card={cueCard(cue, rungs, lang)} />
          ))}
        </ul>
      </div>
    </>
  )
}

function Waited({ cue }: { cue: Cue }) {
  const { model, t, lang } = useConsole()
  return <>{t.waited(waitText(model.nowMs.value - cue.sinceMs, lang))}</>
}

function CuePlate({ cue, card }: { cue: Cue; card: CueCard }) {
  const { model, t } = useConsole()
  const safe = model.safe.value
  return (
    <div class="ff-card cue" key={cue.id}>
      <div class="who">
        <TierBadge rung={cue.rung} />
        <div class="m">
          <b>
            <Who phrase={card.who} />
          </b>
          <p>{cue.greets ? t.justCame(card.tier) : t.justReached(card.tier)}</p>
        </div>
        <span class="ff-chip tag ff-n">
          {cue.held && <Icon name="pause" />}
          <Waited cue={cue} />
        </span>
      </div>
      <p class="say">
        <Say phrase={card.say} />
      </p>
      <div class="acts">
        <button type="button" class="ff-btn" onClick={() => model.act('skip', '')}>
          <Icon name="skip" />
          {t.skip} <kbd>S</kbd>
        </button>
        <button type="button" class="ff-btn" onClick={() => model.act('hold', '')}>
          <Icon name="pause" />
          {t.hold} <kbd>H</kbd>
        </button>
        <button
          type="button"
          class="ff-btn pri"
          disabled={safe && !cue.greets}
          onClick={() => model.act('announce', card.call)}
        >
          <Icon name={cue.greets ? 'check' : 'mic'} />
          {cue.greets ? t.greeted : safe ? t.silentNow : t.announce}{' '}
          {(!safe || cue.greets) && <kbd>{t.space}</kbd>}
        </button>
      </div>
    </div>
  )
}

function QueueRow({ cue, card }: { cue: Cue; card: CueCard }) {
  const { model, t, lang } = useConsole()
  return (
    <li>
      <TierBadge rung={cue.rung} />
      <span class="m">
        <b class="ff-cut">
          <Who phrase={card.who} />
        </b>
        <small>{card.call ? `${card.tier} · ${card.call}` : card.tier}</small>
      </span>
      {cue.held && <span class="ff-chip">{t.heldTag}</span>}
      <time class="ff-n">{waitText(model.nowMs.value - cue.sinceMs, lang)}</time>
    </li>
  )
}
