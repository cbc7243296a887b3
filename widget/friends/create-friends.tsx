/** Inviting a friend, in the sheet: what it brings, the link, and what became of those who came by it. */

import type { InvitesView, InviteView } from '../../shared/invites.ts'
import { STEP_LABELS } from '../../shared/rulebook/invite-sentences.ts'
import { formatPoints, type Lang } from '../ui/lang.ts'
import type { FriendsDeps, FriendsPart } from './late-friends.ts'
import { FRIEND_STRINGS } from './strings.ts'

/** The rest is counted. */
const SHOWN = 5

const whenOf = (atMs: number, lang: Lang): string =>
  new Intl.DateTimeFormat(lang === 'zh' ? 'zh-CN' : 'en-GB', {
    month: 'numeric',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(atMs)

function Friend({ one, lang }: { one: InviteView; lang: Lang }) {
  const t = FRIEND_STRINGS[lang]
  const { standing, why, left, points, atMs } = one
  const words = {
    pending: t.friendPending(left.map((step) => STEP_LABELS[step][lang]).join(t.and)),
    held: t.friendHeld,
    qualified: t.friendDone,
    lapsed: t.friendLapsed,
    refused: why ? t.friendRefused[why] : t.friendLapsed,
  }[standing]
  const brings = standing === 'qualified' || standing === 'pending' || standing === 'held'
  return (
    <li class="li" data-standing={standing}>
      <div class="mid">
        <div class="t">{t.friendCame(whenOf(atMs, lang))}</div>
        <div class="d">{words}</div>
      </div>
      {brings && (
        <span class={standing === 'qualified' ? 'amt ok ff-n' : 'amt ff-n'}>
          +{formatPoints(points)}
        </span>
      )}
    </li>
  )
}

/** Read when the day is looked at, and again when something was promised or paid meanwhile. */
export function createFriends({ client, model, panel, lang, reactive }: FriendsDeps): FriendsPart {
  const read = reactive.signal<InvitesView | undefined>(undefined)
  let known = ''

  async function ask(wanted: string): Promise<void> {
    const answer = await client.request('invite.list', {})
    if (wanted !== known) return
    if (answer?.ok) read.value = answer
    else if (answer?.code === 'invites_off') read.value = undefined
    // The next look asks again.
    else known = ''
  }
  reactive.effect(() => {
    const { account, room, status } = model.state.value
    const looked = panel.value === 'today' && account && status.phase === 'online'
    // What is held or refused moves no points: each look asks.
    const wanted = looked ? `${account.balance.pending} ${room?.rulebook}` : ''
    if (wanted === known) return
    known = wanted
    if (wanted) void ask(wanted)
  })

  return ({ handOn }) => {
    const t = FRIEND_STRINGS[lang.value]
    if (!read.value) return null
    const { points, invitedPoints, due, leftToday, invites } = read.value
    const todo = due.map((step) => STEP_LABELS[step][lang.value]).join(t.and)
    return (
      <section class="invites">
        <h3 class="sum">{t.inviteTitle}</h3>
        <div class="li">
          <div class="mid">
            <div class="t">{t.inviteBrings(todo, formatPoints(points))}</div>
            <div class="d">
              {invitedPoints > 0 && `${t.inviteFriendGets(formatPoints(invitedPoints))} · `}
              {leftToday > 0 ? t.inviteLeft(leftToday) : t.inviteFull}
            </div>
          </div>
          <button type="button" class="ff-btn" onClick={() => void handOn()}>
            {t.invite}
          </button>
        </div>
        {invites.length > 0 && (
          <ul>
            {invites.slice(0, SHOWN).map((one) => (
              <Friend key={one.atMs} one={one} lang={lang.value} />
            ))}
          </ul>
        )}
        {invites.length > SHOWN && (
          <p class="ff-muted note">{t.friendsMore(invites.length - SHOWN)}</p>
        )}
      </section>
    )
  }
}
