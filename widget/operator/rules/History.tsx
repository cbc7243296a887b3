/** All versions: who, when, why, what changed between any two, and the way back. */

import { useSignal } from '@preact/signals'
import { useCallback, useEffect } from 'preact/hooks'
import type { PublishedRulebook, Rulebook } from '../../../shared/rulebook/schema.ts'
import { valueCut } from '../../../shared/rulebook/warnings.ts'
import { wallMs } from '../../client/runtime.ts'
import { hrefOf } from '../address.ts'
import { Dialog, type Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { momentOf } from '../time.ts'
import { differences } from './compare.ts'
import { HISTORY, wordsOf } from './context.ts'
import { Diff } from './Diff.tsx'
import { Refusal } from './Publish.tsx'
import { useVersions, type Version, VersionLine } from './Versions.tsx'
import { effectiveAt, useZone, When } from './When.tsx'

interface HistoryProps {
  force: PublishedRulebook
  coming: readonly Version[]
  look: () => Promise<void>
  rest: string[]
}

export function HistoryPage({ force, coming, look, rest }: HistoryProps) {
  const { lang, t } = useDesk()
  const w = wordsOf(lang)
  const newest = useVersions(force.version, coming)
  const older = useOlder(newest.data?.versions)
  const all = [...(newest.data?.versions ?? []), ...older.versions]
  const chosen = Number(rest[0] ?? force.version)
  const other = Number(rest[1] ?? before(all, chosen))
  return (
    <>
      <div class="head">
        <h1>{w.historyTitle}</h1>
        <span class="sp" />
        <a class="ff-btn" href={hrefOf('rules')}>
          {w.back}
        </a>
      </div>
      <Unread polled={newest} />
      <div class="hb">
        <div class="ff-card">
          <ul class="ver all">
            {all.map((one) => (
              <li key={one.version}>
                <a
                  href={hrefOf('rules', HISTORY, String(one.version))}
                  aria-current={one.version === chosen ? 'true' : undefined}
                >
                  <VersionLine of={one} />
                  {one.version === force.version && <span class="ff-chip on">{w.current}</span>}
                  {coming.some(({ version }) => version === one.version) && (
                    <span class="ff-chip">{w.coming}</span>
                  )}
                </a>
              </li>
            ))}
          </ul>
          {older.more && (
            <button type="button" class="ff-btn more" onClick={older.next}>
              {w.older}
            </button>
          )}
          {all.length === 0 && !newest.failure && <Quiet>{t.loading}</Quiet>}
        </div>
        <Comparison
          key={`${chosen}/${other}`}
          chosen={chosen}
          other={other}
          versions={all}
          force={force}
          coming={coming}
          look={look}
        />
      </div>
    </>
  )
}

/** The version below it that is still kept; 0 where there is none. */
const before = (all: readonly Version[], chosen: number): number =>
  all.find(({ version }) => version < chosen)?.version ?? 0

const PAGE = 50

function useOlder(newest: Version[] | undefined) {
  const { api } = useDesk()
  const older = useSignal<Version[]>([])
  const more = useSignal(true)
  const last = older.value.at(-1)?.version ?? newest?.at(-1)?.version
  return {
    versions: older.value.filter(({ version }) => version < (newest?.at(-1)?.version ?? 0)),
    more: more.value && newest !== undefined && newest.length === PAGE,
    next: () => {
      void api
        .get<{ versions: Version[] }>(`/v1/rulebook/versions?before=${last}`)
        .then((answer) => {
          if (!answer.ok) return
          older.value = [...older.value, ...answer.versions]
          more.value = answer.versions.length === PAGE
        })
    },
  }
}

interface ComparisonProps {
  chosen: number
  other: number
  versions: readonly Version[]
  force: PublishedRulebook
  coming: readonly Version[]
  look: () => Promise<void>
}

function Comparison({ chosen, other, versions, force, coming, look }: ComparisonProps) {
  const { lang, nav, say } = useDesk()
  const w = wordsOf(lang)
  const asking = useSignal(false)
  const books = useBooks(chosen, other, force)
  const [older, newer] = chosen < other ? [books.chosen, books.other] : [books.other, books.chosen]
  const said = older && newer ? differences(older, newer, lang) : []
  const [from, to] = [Math.min(chosen, other), Math.max(chosen, other)]
  return (
    <div class="ff-card">
      <h2 class="ff-h rule">
        <span class="ff-n">{other > 0 ? w.toVersion(from, to) : `v${chosen}`}</span>
        <label class="cmp">
          {w.compare}
          <select
            value={String(other)}
            onChange={({ currentTarget }) =>
              nav.go('rules', HISTORY, String(chosen), currentTarget.value)
            }
          >
            {other === 0 && <option value="0">—</option>}
            {versions
              .filter(({ version }) => version !== chosen)
              .map(({ version }) => (
                <option key={version} value={String(version)}>
                  v{version}
                </option>
              ))}
          </select>
        </label>
      </h2>
      {other === 0 ? (
        <p class="ff-quiet none">{w.first}</p>
      ) : older && newer ? (
        said.length === 0 ? (
          <p class="ff-quiet none">{w.sameBooks}</p>
        ) : (
          <Diff changes={said} lang={lang} />
        )
      ) : (
        <Unread polled={{ data: undefined, failure: books.failure, again: books.again }} />
      )}
      {chosen !== force.version && (
        <p class="acts">
          <button
            type="button"
            class="ff-btn dan"
            onClick={() => {
              asking.value = true
            }}
          >
            {w.rollBack(chosen)}
          </button>
        </p>
      )}
      {asking.value && (
        <RollBack
          version={chosen}
          force={force}
          coming={coming}
          book={books.chosen}
          close={() => {
            asking.value = false
          }}
          done={async (said) => {
            say(said)
            await look()
            nav.go('rules', HISTORY)
          }}
        />
      )}
    </div>
  )
}

/** Both books; the one in force is there already. */
function useBooks(chosen: number, other: number, force: PublishedRulebook) {
  const { api } = useDesk()
  const found = useSignal<Record<number, Rulebook>>({ [force.version]: force.book })
  const failure = useSignal<Parameters<typeof Refused>[0]['failure']>(undefined)
  const turn = useSignal(0)
  useEffect(() => {
    for (const version of [chosen, other]) {
      if (version === 0 || found.peek()[version]) continue
      void api.get<PublishedRulebook>(`/v1/rulebook?version=${version}`).then((answer) => {
        if (answer.ok) found.value = { ...found.peek(), [version]: answer.book }
        else failure.value = answer
      })
    }
  }, [chosen, other, turn.value, api])
  return {
    chosen: found.value[chosen],
    other: found.value[other],
    failure: failure.value,
    again: () => {
      failure.value = undefined
      turn.value += 1
    },
  }
}

interface RollBackProps {
  version: number
  force: PublishedRulebook
  coming: readonly Version[]
  book: Rulebook | undefined
  close: () => void
  done: (said: string) => Promise<void>
}

function RollBack({ version, force, coming, book, close, done }: RollBackProps) {
  const { api, lang } = useDesk()
  const w = wordsOf(lang)
  const doing = useDoing()
  const leave = useCallback(close, [])
  const timeZone = useZone()
  const from = useSignal('')
  const run = async () => {
    const effectiveAtMs = effectiveAt(from.value, timeZone)
    const body = { version, ...(effectiveAtMs !== undefined && { effectiveAtMs }) }
    const answer = await doing.run(`${version} ${from.value}`, (key) =>
      api.post<{ version: number }>('/v1/rulebook/rollback', body, key),
    )
    if (!answer) return
    const to = answer.version
    await done(
      effectiveAtMs === undefined
        ? w.rolledBack(version, to)
        : w.scheduled(to, momentOf(effectiveAtMs, wallMs(), { lang, timeZone })),
    )
  }
  return (
    <Dialog
      title={w.rollBack(version)}
      close={leave}
      wide
      act={{
        label: w.rollBack(version),
        run: () => void run(),
        danger: true,
        disabled: doing.busy,
      }}
    >
      <p class="what">{w.rollBackWhat(version)}</p>
      {book && (
        <div class="scroll">
          <Diff changes={differences(force.book, book, lang)} lang={lang} />
        </div>
      )}
      <When
        from={from}
        coming={coming}
        noticeDays={book && valueCut(book, force.book) ? force.book.redemption.noticeDays : 0}
      />
      <Refusal failure={doing.failure} />
    </Dialog>
  )
}
