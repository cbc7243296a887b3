/** Teams as the sheet knows them: read while they are looked at, and what the viewer asks for. */

import type { ErrorCode } from '../../shared/errors.ts'
import { type TeamsRead, teamCodeOf } from '../../shared/teams.ts'
import { SECOND_MS } from '../../shared/time.ts'
import type { TeamDeps } from './late-team.ts'
import { TEAM_STRINGS } from './strings.ts'

/** Read again so often while they are looked at. */
const EVERY_MS = 4 * SECOND_MS

type Refused = { ok: false; code: ErrorCode; field?: string }

/** The team that a link asks to join. */
const invitedTo = (address: string): string | undefined =>
  teamCodeOf(/[?&]team=([\w-]+)/.exec(address)?.[1] ?? '')

export type TeamModel = ReturnType<typeof createTeamModel>

export function createTeamModel({ address, lang, reactive, ...deps }: TeamDeps) {
  const { signal } = reactive
  const read = signal<TeamsRead | undefined>(undefined)
  const failed = signal(false)
  const busy = signal(false)
  /** Task whose team the viewer is asked about once more. */
  const leaving = signal('')
  const refused = signal<string | undefined>(undefined)
  const invited = signal(invitedTo(address))

  readWhileLooked({ ...deps, reactive }, (answer) => {
    failed.value = answer === undefined
    if (answer) read.value = answer
  })
  const whyOf = ({ code, field }: Refused): string => {
    const t = TEAM_STRINGS[lang.value]
    return (code === 'team_limit' ? t.limits[field ?? ''] : t.refused[code]) ?? t.failed
  }
  async function act(request: () => Promise<TeamsRead | Refused | undefined>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    const answer = await request()
    busy.value = false
    leaving.value = ''
    refused.value = answer?.ok ? undefined : whyOf(answer ?? { ok: false, code: 'busy' })
    if (answer?.ok) read.value = answer
    return answer?.ok === true
  }
  const { client } = deps
  return {
    ...{ read, failed, busy, leaving, refused, invited },
    open: (task: string) => act(() => client.request('team.open', { task })),
    /** True where the viewer is in it now. */
    async join(text: string): Promise<boolean> {
      const code = teamCodeOf(text)
      if (!code) {
        refused.value = TEAM_STRINGS[lang.value].noCode
        return false
      }
      const isIn = await act(() => client.request('team.join', { code }))
      if (isIn) invited.value = undefined
      return isIn
    },
    /** The first tap asks whether it is meant. */
    leave(task: string): void {
      if (leaving.value === task) void act(() => client.request('team.leave', { task }))
      else leaving.value = task
    },
  }
}

/** Undefined is heard where it could not be read. */
function readWhileLooked(
  {
    client,
    model,
    panel,
    runtime,
    reactive,
  }: Pick<TeamDeps, 'client' | 'model' | 'panel' | 'runtime' | 'reactive'>,
  hear: (answer: TeamsRead | undefined) => void,
): void {
  let cancel = () => {}
  const looked = reactive.computed(
    () => panel.value === 'today' && model.state.value.status.phase === 'online',
  )
  async function ask(): Promise<void> {
    cancel()
    const answer = await client.request('team.list', {})
    hear(answer?.ok ? answer : undefined)
    cancel()
    if (looked.value) cancel = runtime.after(EVERY_MS, () => void ask())
  }
  reactive.effect(() => {
    cancel()
    if (looked.value) void ask()
  })
  // A friend has joined, or points have come.
  client.on('account', () => {
    if (looked.value) void ask()
  })
}
