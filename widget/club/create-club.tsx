/** The fan club in the sheet: the tier of the platform and the rank in the club side by side, tasks, joining, leaving. */

import type { ComponentType } from 'preact'
import type { ClubRead } from '../../shared/clubs.ts'
import type { ErrorCode } from '../../shared/errors.ts'
import { SECOND_MS } from '../../shared/time.ts'
import { stylesOnce } from '../overlay/add-styles.ts'
import { clubSide, Join, Leave, platformSide, SideCard, Task } from './cards.tsx'
import type { ClubDeps } from './late-club.ts'
import { CLUB_STRINGS } from './strings.ts'

/** Read again so often while it is looked at. */
const EVERY_MS = 10 * SECOND_MS
/** The club of the room's host, read while today is looked at. */
export function createClub(
  { client, model, panel, lang, runtime, reactive }: ClubDeps,
  css: string,
): ComponentType {
  const { effect, signal } = reactive
  const read = signal<ClubRead | undefined>(undefined)
  const failed = signal(false)
  const busy = signal(false)
  const leaving = signal(false)
  const refused = signal<ErrorCode | undefined>(undefined)
  let cancel = () => {}

  function hear(answer: ClubRead | { ok: false; code: ErrorCode } | undefined): void {
    failed.value = !answer?.ok
    if (answer?.ok) read.value = answer
  }
  async function ask(): Promise<void> {
    cancel()
    hear(await client.request('club.read', {}))
    if (looked.value) cancel = runtime.after(EVERY_MS, () => void ask())
  }
  const looked = reactive.computed(
    () => panel.value === 'today' && model.state.value.status.phase === 'online',
  )
  effect(() => {
    cancel()
    leaving.value = false
    if (looked.value) void ask()
  })
  client.on('account', () => {
    if (looked.value) void ask()
  })

  // One id for as long as nobody is a member: a second tap, or one after an unknown outcome, pays nothing twice.
  let requestId = ''
  async function act(name: 'club.join' | 'club.leave'): Promise<void> {
    if (busy.value) return
    busy.value = true
    requestId ||= `club-${runtime.random().toString(36).slice(2, 12).padEnd(10, '0')}`
    const answer =
      name === 'club.join'
        ? await client.request(name, { requestId })
        : await client.request(name, {})
    busy.value = false
    leaving.value = false
    // Under an id that was decided nothing more can be asked.
    if (answer?.ok || answer?.code === 'hold_closed' || answer?.code === 'id_conflict')
      requestId = ''
    refused.value = answer?.ok ? undefined : (answer?.code ?? 'busy')
    if (answer?.ok) hear(answer)
  }

  const leave = () => {
    if (leaving.value) void act('club.leave')
    else leaving.value = true
  }

  const styled = stylesOnce(css)

  return () => {
    const shown = { t: CLUB_STRINGS[lang.value], lang: lang.value, nowMs: model.nowMs.value }
    const { t } = shown
    const { account, room } = model.state.value
    const club = read.value?.club
    if (!read.value) return failed.value ? <p class="sum">{t.unread}</p> : null
    if (!club || !account || !room) return null
    const side = clubSide(club, shown)
    const code = refused.value
    return (
      <section class="club" ref={styled} aria-label={t.title}>
        <h3 class="sum">
          {t.title}
          {side && <Leave t={t} sure={leaving.value} busy={busy.value} run={leave} />}
        </h3>
        <div class="cl-two">
          <SideCard side={platformSide(room.ladder.rungs, account.tier, shown)} />
          {side ? (
            <SideCard side={side} own />
          ) : (
            <Join club={club} shown={shown} busy={busy.value} run={() => void act('club.join')} />
          )}
        </div>
        {code && (
          <p class="cl-no" role="status">
            {t.refused[code] ?? t.failed}
          </p>
        )}
        {club.tasks.length > 0 && (
          <ul>
            {club.tasks.map((task) => (
              <Task key={task.task} task={task} member={side !== undefined} shown={shown} />
            ))}
          </ul>
        )}
      </section>
    )
  }
}
