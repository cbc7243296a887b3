/** The state of the host console and everything a host can do there; no DOM. */

import { batch, computed, effect, type ReadonlySignal, signal } from '@preact/signals'
import type { ErrorCode } from '../../shared/errors.ts'
import type { Cue } from '../../shared/protocol/events.ts'
import type { Ack, SentOf } from '../../shared/protocol/index.ts'
import type { CampaignView, CommentLine, RoomState, TaskView } from '../../shared/room-state.ts'
import { createGames, type Games } from './games.ts'
import { addHeat, addIssued, type HeatPoint, type IssuedSample, paceOf } from './history.ts'
import type { CueVerb } from './keys.ts'
import { CUE_GUARD_MS, HOST_COMMENTS_MAX, NOTICE_MS, SAFE_RETRY_MS, SETTLED_MAX } from './limits.ts'
import type { HostRuntime, HostSource, Link } from './source.ts'
import { campaignInput, type Draft, taskInput } from './templates.ts'

export interface Running {
  id: string
  kind: 'task' | 'campaign'
  no: number
  view: TaskView | CampaignView
}

export type View = 'cue' | 'launch' | 'comments' | 'room'

export interface HostModel {
  room: ReadonlySignal<RoomState | undefined>
  link: ReadonlySignal<Link>
  /** Server time, moves once a second. */
  nowMs: ReadonlySignal<number>
  /** In the order of the server, without what was dealt with here. */
  cues: ReadonlySignal<Cue[]>
  comments: ReadonlySignal<CommentLine[]>
  spotlit: ReadonlySignal<ReadonlySet<number>>
  running: ReadonlySignal<Running[]>
  /** Ids of what is being ended. */
  ending: ReadonlySignal<ReadonlySet<string>>
  curve: ReadonlySignal<readonly HeatPoint[]>
  actors: ReadonlySignal<number>
  issued: ReadonlySignal<number>
  perMinute: ReadonlySignal<number | undefined>
  /** What the host wants, which is what is shown; the server follows. */
  safe: ReadonlySignal<boolean>
  /** The server has not confirmed `safe` yet. */
  safePending: ReadonlySignal<boolean>
  /** The last refusal, until it goes by itself. */
  notice: ReadonlySignal<ErrorCode | undefined>
  /** What viewers bought and play. */
  games: Games
  /** Which part a phone shows. */
  view: ReadonlySignal<View>
  go(view: View): void
  /** The boards of the running week. */
  readBoards(): Promise<Ack<'board.week'>>
  /** A page of what was redeemed in the room, newest first. */
  readRedeemed(before?: string): Promise<Ack<'redemption.log'>>
  /** The own fan club. */
  readClub(): Promise<Ack<'club.desk'>>
  startClubTask(task: SentOf<'clubTask.start'>): Promise<Ack<'clubTask.start'>>
  endClubTask(task: number): Promise<Ack<'clubTask.end'>>
  act(verb: CueVerb, call: string): void
  /** True where the server took it. */
  start(draft: Draft, requestId: string): Promise<boolean>
  end(running: Running): void
  spotlight(comment: number): void
  setSafe(safe: boolean): void
  newRequestId(): string
  dispose(): void
}

/** A set that forgets its oldest members beyond the maximum. */
const withMember = <T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> =>
  new Set([...set, member].slice(-SETTLED_MAX))
const without = <T>(set: ReadonlySet<T>, member: T): ReadonlySet<T> =>
  new Set([...set].filter((m) => m !== member))

/** The newest comments of both lists, each once, oldest first. */
export function mergeComments(
  known: readonly CommentLine[],
  more: readonly CommentLine[],
): CommentLine[] {
  const byId = new Map(known.map((comment) => [comment.id, comment]))
  for (const comment of more) byId.set(comment.id, comment)
  return [...byId.values()].sort((a, b) => a.id - b.id).slice(-HOST_COMMENTS_MAX)
}

/** Tasks and campaigns that still run, what ends first in front. */
export function runningOf(room: RoomState | undefined, nowMs: number): Running[] {
  if (!room) return []
  const tasks = room.tasks.map(
    (view): Running => ({ id: `t${view.task}`, kind: 'task', no: view.task, view }),
  )
  const campaigns = room.campaigns.map(
    (view): Running => ({ id: `c${view.campaign}`, kind: 'campaign', no: view.campaign, view }),
  )
  return [...tasks, ...campaigns]
    .filter(({ view }) => view.endsAtMs > nowMs)
    .sort((a, b) => a.view.endsAtMs - b.view.endsAtMs)
}

export function createHostModel(source: HostSource, runtime: HostRuntime): HostModel {
  const notice = signal<ErrorCode | undefined>(undefined)
  let forgetNotice: (() => void) | undefined
  const tell = (code: ErrorCode) => {
    forgetNotice?.()
    notice.value = code
    forgetNotice = runtime.after(NOTICE_MS, () => {
      notice.value = undefined
    })
  }

  const clock = createClock(source, runtime)
  const history = createHistory(source)
  const cues = createCues(source, runtime, tell)
  const safety = createSafety(source, runtime, tell)
  const games = createGames(source, tell)
  const ending = signal<ReadonlySet<string>>(new Set())
  const view = signal<View>('cue')
  const running = computed(() => runningOf(source.room.value, clock.nowMs.value))

  return {
    room: source.room,
    link: source.link,
    nowMs: clock.nowMs,
    notice,
    view,
    running,
    ending,
    games,
    cues: cues.cues,
    act: cues.act,
    ...history.signals,
    safe: safety.safe,
    safePending: safety.pending,
    setSafe: safety.set,
    readBoards: () => source.request('board.week', {}),
    readRedeemed: (before) =>
      source.request('redemption.log', before === undefined ? {} : { before }),
    readClub: () => source.request('club.desk', {}),
    startClubTask: (task) => source.request('clubTask.start', task),
    endClubTask: (task) => source.request('clubTask.end', { task }),
    go: (next) => {
      view.value = next
    },
    async start(draft, requestId) {
      const answer =
        draft.kind === 'task'
          ? await source.request('task.start', taskInput(draft, requestId))
          : await source.request('campaign.start', campaignInput(draft, requestId))
      if (!answer.ok) tell(answer.code)
      return answer.ok
    },
    async end({ id, kind, no }) {
      if (ending.value.has(id)) return
      ending.value = withMember(ending.value, id)
      const answer =
        kind === 'task'
          ? await source.request('task.end', { task: no })
          : await source.request('campaign.end', { campaign: no })
      // What was over already is what was asked for.
      if (answer.ok || answer.code === 'task_closed' || answer.code === 'not_found') return
      ending.value = without(ending.value, id)
      tell(answer.code)
    },
    async spotlight(comment) {
      const { spotlit } = history
      if (spotlit.value.has(comment)) return
      spotlit.value = withMember(spotlit.value, comment)
      const answer = await source.request('comment.spotlight', { comment })
      if (answer.ok) return
      spotlit.value = without(spotlit.value, comment)
      tell(answer.code)
    },
    newRequestId: () =>
      Array.from({ length: 16 }, () => Math.floor(runtime.random() * 36).toString(36)).join(''),
    dispose: () => {
      forgetNotice?.()
      clock.stop()
      history.stop()
      safety.stop()
      cues.stop()
    },
  }
}

/** Server time once a second; what waits and what runs out is shown in seconds. */
function createClock(source: HostSource, runtime: HostRuntime) {
  const nowMs = signal(source.serverNow())
  let cancel = () => {}
  const tick = () => {
    nowMs.value = source.serverNow()
    cancel = runtime.after(1000 - (nowMs.value % 1000), tick)
  }
  tick()
  return { nowMs, stop: () => cancel() }
}

/** What pulses and moments leave behind. */
function createHistory(source: HostSource) {
  const curve = signal<readonly HeatPoint[]>([])
  const samples = signal<readonly IssuedSample[]>([])
  const comments = signal<CommentLine[]>([])
  const spotlit = signal<ReadonlySet<number>>(new Set())
  let epoch = ''
  const stops = [
    effect(() => {
      const room = source.room.value
      if (!room) return
      const { atMs, heat } = room
      const fresh = room.epoch !== epoch
      epoch = room.epoch
      batch(() => {
        curve.value = addHeat(curve.peek(), { atMs, value: heat.value, level: heat.level })
        comments.value = mergeComments(fresh ? [] : comments.peek(), room.comments)
        if (fresh) spotlit.value = new Set()
      })
    }),
    effect(() => {
      const pulse = source.pulse.value
      if (!pulse) return
      batch(() => {
        comments.value = mergeComments(comments.peek(), pulse.comments)
        samples.value = addIssued(samples.peek(), { atMs: pulse.atMs, issued: pulse.issued })
      })
    }),
    source.onMoment((moment) => {
      if (moment.kind === 'comment.spotlit')
        spotlit.value = withMember(spotlit.value, moment.comment.id)
    }),
  ]
  return {
    spotlit,
    signals: {
      curve,
      comments,
      spotlit,
      actors: computed(() => source.pulse.value?.actors ?? 0),
      issued: computed(() => source.pulse.value?.issued ?? 0),
      perMinute: computed(() => paceOf(samples.value)),
    },
    stop: () => {
      for (const stop of stops) stop()
    },
  }
}

/** The queue as it will be: a cue leaves at once when it is dealt with, and comes back if that is refused. */
function createCues(source: HostSource, runtime: HostRuntime, tell: (code: ErrorCode) => void) {
  const settled = signal<ReadonlySet<string>>(new Set())
  /** Put off here; stands last until the server's order says the same. */
  const putOff = signal<ReadonlySet<string>>(new Set())
  const cues = computed(() => {
    const known = (source.pulse.value?.cues ?? []).filter((cue) => !settled.value.has(cue.id))
    const later = (cue: Cue) => putOff.value.has(cue.id) && !cue.held
    return [
      ...known.filter((cue) => !later(cue)),
      ...known.filter(later).map((cue) => ({ ...cue, held: true })),
    ]
  })
  let shown = ''
  let shownAtMs = 0
  const stop = effect(() => {
    const id = cues.value[0]?.id ?? ''
    if (id === shown) return
    shown = id
    shownAtMs = runtime.now()
  })
  const act = async (verb: CueVerb, call: string) => {
    const cue = cues.value[0]
    if (!cue || runtime.now() - shownAtMs < CUE_GUARD_MS) return
    const marks = verb === 'hold' ? putOff : settled
    marks.value = withMember(marks.value, cue.id)
    const answer =
      verb === 'announce'
        ? await source.request('cue.announce', { cue: cue.id, ...(call ? { text: call } : {}) })
        : await source.request(verb === 'hold' ? 'cue.hold' : 'cue.skip', { cue: cue.id })
    if (answer.ok) return
    if (answer.code === 'cue_gone') {
      settled.value = withMember(settled.value, cue.id)
      return
    }
    marks.value = without(marks.value, cue.id)
    tell(answer.code)
  }
  return { cues, act, stop }
}

/** Safe mode: what is wanted counts here at once and is sent until the server has it. */
function createSafety(source: HostSource, runtime: HostRuntime, tell: (code: ErrorCode) => void) {
  const wanted = signal<boolean | undefined>(undefined)
  const told = computed(() => source.room.value?.safe ?? false)
  const safe = computed(() => wanted.value ?? told.value)
  const pending = computed(() => wanted.value !== undefined && wanted.value !== told.value)
  let cancel: (() => void) | undefined
  let asking = false
  const send = async () => {
    const want = wanted.peek()
    if (asking || want === undefined) return
    if (want === told.peek()) {
      wanted.value = undefined
      return
    }
    asking = true
    const answer = await source.request('stage.setSafe', { safe: want })
    asking = false
    if (!answer.ok && answer.retry === 'never') {
      wanted.value = undefined
      tell(answer.code)
      return
    }
    // Also after a yes: the room's own pulse ends it, or it is sent again.
    cancel?.()
    cancel = runtime.after(wanted.peek() === want ? SAFE_RETRY_MS : 0, send)
  }
  const stop = effect(() => {
    // The connection came back, or the pulse confirms it: look again.
    if (source.link.value === 'online' && source.room.value) void send()
  })
  return {
    safe,
    pending,
    set: (next: boolean) => {
      wanted.value = next
      cancel?.()
      void send()
    },
    stop: () => {
      cancel?.()
      stop()
    },
  }
}
