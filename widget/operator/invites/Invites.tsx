/** Invites that look made up: why, by inviter, and the word of whoever looks at them. */

import { wallMs } from '../../client/runtime.ts'
import { formatPoints } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { hrefOf } from '../address.ts'
import { Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { polledOf } from '../poll.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { Sure } from '../Sure.tsx'
import { momentOf } from '../time.ts'
import type { Held } from './read.ts'
import { WORDS } from './words.ts'

export function Page(_: { rest: string[] }) {
  const { api, lang, house, say } = useDesk()
  const w = WORDS[lang]
  const read = polledOf(house.held)
  const doing = useDoing()
  const judge = async (invited: readonly string[], real: boolean) => {
    for (const one of invited) {
      const done = await doing.run(`judge ${one} ${real}`, (key) =>
        api.post<object>('/v1/invites/judge', { invited: one, real }, key),
      )
      if (!done) return read.again()
    }
    say(real ? w.didReal : w.didFake)
    read.again()
  }
  const all = read.data?.invites ?? []
  const inviters = [...new Set(all.map(({ inviter }) => inviter))]
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        <span class="ff-muted">{w.lead}</span>
      </div>
      <Unread polled={read} />
      <Refused failure={doing.failure} />
      {read.data && all.length === 0 && <Quiet>{read.data.more ? w.busy : w.none}</Quiet>}
      {read.data?.more && all.length > 0 && <p class="ff-quiet">{w.more}</p>}
      {inviters.map((inviter) => (
        <Inviter
          key={inviter}
          invites={all.filter((one) => one.inviter === inviter)}
          inviter={inviter}
          busy={doing.busy}
          judge={judge}
        />
      ))}
    </>
  )
}

interface InviterProps {
  inviter: string
  invites: Held[]
  busy: boolean
  judge: (invited: readonly string[], real: boolean) => Promise<void>
}

function Inviter({ inviter, invites, busy, judge }: InviterProps) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const isFrozen = invites.some(({ frozen }) => frozen)
  return (
    <section class="ff-card" aria-label={`${w.inviter} ${inviter}`}>
      <h2 class="ff-h">
        {w.inviter} <a href={hrefOf('viewers', inviter)}>{inviter}</a>
        {isFrozen && <span class="ff-chip bad">{w.frozen}</span>}
        {invites.length > 1 && (
          <Sure
            label={w.noneReal(formatPoints(invites.length))}
            sure={w.noneRealSure}
            busy={busy}
            run={() =>
              void judge(
                invites.map(({ invited }) => invited),
                false,
              )
            }
          />
        )}
      </h2>
      {isFrozen && <p class="ff-quiet">{w.frozenWhy}</p>}
      <ul class="rows held">
        {invites.map(({ invited, heldAtMs, points, suspicions }) => (
          <li key={invited} data-invited={invited}>
            <span class="m">
              <b>{suspicions.map((one) => w.why[one]).join(' · ')}</b>
              <small>
                {momentOf(heldAtMs, wallMs(), reader)} · {w.points(formatPoints(points))} ·{' '}
                <a href={hrefOf('viewers', invited)}>{invited}</a>
              </small>
            </span>
            <Press class="ff-btn" off={busy} onClick={() => void judge([invited], true)}>
              {w.real}
            </Press>
            <Press class="ff-btn" off={busy} onClick={() => void judge([invited], false)}>
              {w.fake}
            </Press>
          </li>
        ))}
      </ul>
    </section>
  )
}
