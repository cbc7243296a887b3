/** What the platform may still issue: the cap and its use, the brown-out that holds, and setting one by hand. */

import { useSignal } from '@preact/signals'
import { wallMs } from '../../client/runtime.ts'
import { formatPoints, Icon } from '../../ui/index.ts'
import type { Answer } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { ISSUANCE_EVERY_MS } from '../limits.ts'
import { usePolled } from '../poll.ts'
import { Unread } from '../Strip.tsx'
import { yuan } from '../stock/prices.ts'
import { dateOf, momentOf } from '../time.ts'
import './issuance.css'
import { ISSUANCE_WORDS } from './issuance-words.ts'
import { percent } from './read.ts'

interface Standing {
  sinceMs: number
  salesFen: number
  /** Absent while nothing bounds the platform. */
  cap?: number
  bindsAtMs?: number
  used: number
  left?: number
  /** Of the brown-out; 0 is none. */
  level: number
  /** Thousandths. */
  factor: number
  levels: { from: number; factor: number }[]
  set: { source: 'operator' | 'alarm'; level: number; by: string; why: string; atMs: number }[]
}

const WHY_MAX = 200

export function Issuance() {
  const { api, lang, house } = useDesk()
  const w = ISSUANCE_WORDS[lang]
  const setting = useSignal(false)
  const read = usePolled(
    'issuance',
    () => api.get<Standing>('/v1/governance/issuance'),
    ISSUANCE_EVERY_MS,
  )
  const { data } = read
  if (!data) return <Unread polled={read} />
  const { cap, used, left, sinceMs, salesFen } = data
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  return (
    <section class="ff-card cap" aria-label={w.title}>
      <h2 class="ff-h">
        {w.title}
        <span class="ff-muted">{w.since(dateOf(sinceMs, reader), yuan(salesFen))}</span>
        <button type="button" class="ff-btn" onClick={() => (setting.value = true)}>
          {w.set}
        </button>
      </h2>
      <div class="of-cap">
        <p class="v">{formatPoints(used)}</p>
        <p class="ff-muted">
          {cap === undefined ? w.open : w.of(formatPoints(cap), formatPoints(left ?? 0))}
        </p>
      </div>
      {cap !== undefined && <Use used={used} cap={cap} levels={data.levels} />}
      <Holding standing={data} reader={reader} />
      {setting.value && (
        <SetLevel
          levels={data.levels}
          level={data.set.find(({ source }) => source === 'operator')?.level ?? 0}
          close={() => {
            setting.value = false
            read.again()
          }}
        />
      )}
    </section>
  )
}

/** The bar, with a mark where each level of the brown-out begins. */
function Use({ used, cap, levels }: Pick<Standing, 'used' | 'levels'> & { cap: number }) {
  const { lang } = useDesk()
  const w = ISSUANCE_WORDS[lang]
  const share = cap > 0 ? Math.min(1, used / cap) : 1
  const reached = levels.filter(({ from }) => share >= from).length
  return (
    <div class="use" data-tone={share >= 1 ? 'bad' : reached > 0 ? 'warn' : 'ok'}>
      <div
        class="rail"
        role="progressbar"
        aria-label={w.title}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={Math.round(100 * share)}
      >
        <i style={{ width: `${100 * share}%` }} />
        {levels.map(({ from }) => (
          <u key={from} style={{ left: `${100 * from}%` }} />
        ))}
      </div>
      <p class="ff-muted">
        <b class="ff-n">{percent(share)}</b>
        {' · '}
        {levels.map(({ from, factor }) => w.shrinks(percent(from), factor)).join(' · ')}
      </p>
    </div>
  )
}

/** What holds now, and who wanted it. */
function Holding({
  standing: { level, factor, set, bindsAtMs, cap },
  reader,
}: {
  standing: Standing
  reader: Parameters<typeof momentOf>[2]
}) {
  const { lang } = useDesk()
  const w = ISSUANCE_WORDS[lang]
  const nowMs = wallMs()
  const asked = set.filter((one) => one.level > 0)
  return (
    <>
      {cap !== undefined && bindsAtMs !== undefined && bindsAtMs > nowMs && (
        <p class="note k" role="status">
          {w.binds(momentOf(bindsAtMs, nowMs, reader))}
        </p>
      )}
      {level > 0 && (
        <p class="note w" role="status">
          <Icon name="warn" />
          <span>
            <b>{w.level(level)}</b> · {w.leaves(factor / 1000)}
            {asked.map(({ source, by, why, atMs }) => (
              <span key={source} class="asked" dir="auto">
                {source === 'alarm' ? w.alarm : by} · {momentOf(atMs, nowMs, reader)} · {why}
              </span>
            ))}
            {asked.length === 0 && <span class="asked">{w.byUse}</span>}
          </span>
        </p>
      )}
    </>
  )
}

interface SetLevelProps {
  levels: Standing['levels']
  /** What was last set by hand. */
  level: number
  close: () => void
}

function SetLevel({ levels, level, close }: SetLevelProps) {
  const { api, lang, say } = useDesk()
  const w = ISSUANCE_WORDS[lang]
  const chosen = useSignal(level)
  const why = useSignal('')
  const doing = useDoing()
  const run = async () => {
    const body = { level: chosen.value, why: why.value.trim() }
    const done = await doing.run(
      JSON.stringify(body),
      (key): Promise<Answer<unknown>> => api.post('/v1/governance/brownout', body, key),
    )
    if (!done) return
    say(chosen.value === 0 ? w.didEnd : w.didSet(chosen.value))
    close()
  }
  return (
    <Dialog
      title={w.set}
      close={close}
      act={{
        label: chosen.value === 0 ? w.end : w.sure(chosen.value),
        run: () => void run(),
        disabled: doing.busy || why.value.trim() === '',
        danger: chosen.value > 0,
      }}
    >
      <fieldset class="filt">
        <legend class="ff-sr">{w.set}</legend>
        {[0, ...levels.map((_, i) => i + 1)].map((one) => (
          <button
            key={one}
            type="button"
            aria-pressed={one === chosen.value}
            onClick={() => {
              chosen.value = one
            }}
          >
            {one === 0 ? w.none : w.choice(one, levels[one - 1]?.factor ?? 1)}
          </button>
        ))}
      </fieldset>
      <label class="fld">
        {w.why}
        <input
          data-first
          name="why"
          autocomplete="off"
          maxLength={WHY_MAX}
          value={why.value}
          onInput={({ currentTarget }) => {
            why.value = currentTarget.value
          }}
        />
        <small>{w.everywhere}</small>
      </label>
      <Refused failure={doing.failure} />
    </Dialog>
  )
}
