/** The page that answers "where are my points?": one account, its history, a sentence to send, what can be done. */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { wallMs } from '../../client/runtime.ts'
import { Icon } from '../../ui/index.ts'
import { Press } from '../../ui/press.tsx'
import { Copy } from '../Copy.tsx'
import { useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import { Quiet, Unread } from '../Strip.tsx'
import { failureText } from '../words.ts'
import { Actions } from './Actions.tsx'
import { Belongs } from './Belongs.tsx'
import { Card } from './Card.tsx'
import { Choice } from './Choice.tsx'
import { type Choice as Found, find, isNumber } from './find.ts'
import { History } from './History.tsx'
import { type Line, type LineReader, linesOf } from './lines.ts'
import { Merged } from './Merges.tsx'
import { Redemptions } from './Redemptions.tsx'
import { type Person, useViewer } from './read.ts'
import { replyOf } from './reply.ts'
import { StatementButton } from './Statement.tsx'
import { type ViewerWords, WORDS } from './words.ts'

/** In the address: `#/viewers/find/TEXT` looks for it, `#/viewers/NUMBER` shows the account, `#/viewers/ID` looks for it as well. */
const FIND = 'find'

export function Viewers({ rest: [first = '', wanted = ''] }: { rest: string[] }) {
  const { api, nav, lang, t } = useDesk()
  const w = WORDS[lang]
  const sought = first === FIND ? wanted : isNumber(first) ? '' : first
  const number = sought || first === FIND ? '' : first
  const text = useSignal('')
  const missed = useSignal('')
  const choice = useSignal<Found | undefined>(undefined)
  const doing = useDoing()
  const look = async (what: string) => {
    const trimmed = what.trim()
    if (!trimmed) return
    missed.value = ''
    choice.value = undefined
    const answer = await doing.run(trimmed, () => find(api, trimmed))
    const [one, ...others] = answer?.all ?? []
    if (one && others.length === 0) {
      if (what === sought) nav.replace('viewers', one.number)
      else nav.go('viewers', one.number)
    } else if (one) choice.value = answer
    else if (answer) missed.value = trimmed
  }
  useEffect(() => {
    choice.value = undefined
    if (!sought) return
    text.value = sought
    void look(sought)
  }, [first, wanted])
  return (
    <>
      <div class="head">
        <h1>{w.title}</h1>
        <form
          class="find"
          onSubmit={(event) => {
            event.preventDefault()
            void look(text.value)
          }}
        >
          <Icon name="search" />
          <input
            type="search"
            aria-label={w.search}
            placeholder={w.hint}
            autocomplete="off"
            spellcheck={false}
            value={text.value}
            onInput={({ currentTarget }) => {
              text.value = currentTarget.value
            }}
          />
          <Press type="submit" class="ff-btn" off={doing.busy || !text.value.trim()}>
            {w.search}
          </Press>
        </form>
        <span class="sp" />
        {number && <StatementButton number={number} />}
      </div>
      {doing.failure && (
        <p class="note w" role="alert">
          {failureText(doing.failure, t)}
        </p>
      )}
      {missed.value && (
        <p class="note w" role="alert">
          <span>
            <b>{w.none(missed.value)}</b> {w.noneWhy}
          </span>
        </p>
      )}
      {choice.value ? (
        <Choice
          text={text.value.trim()}
          choice={choice.value}
          made={() => {
            choice.value = undefined
          }}
        />
      ) : number ? (
        <Account key={number} number={number} />
      ) : (
        <Quiet>{w.intro}</Quiet>
      )}
    </>
  )
}

function Account({ number }: { number: string }) {
  const { lang, house } = useDesk()
  const viewer = useViewer(number)
  const chosen = useSignal<string | undefined>(undefined)
  const person = viewer.person.data
  const titles = new Map(
    (house.shelf.data.value?.rewards ?? []).map(({ id, doc }) => [id, doc.title]),
  )
  const nowMs = wallMs()
  const reader: LineReader = {
    lang,
    nowMs,
    timeZone: house.facts.data.value?.timeZone,
    reward: (id) => titles.get(id)?.[lang],
    redeemed: (hold) => redeemedText(person, hold, WORDS[lang]),
  }
  const entries = viewer.past.data?.entries
  const lines = person && entries ? linesOf(entries, person.wallet.balance, reader) : []
  const about = lines.find(({ id }) => id === chosen.value)
  if (!person) return <Unread polled={viewer.person} />
  return (
    <>
      {viewer.person.failure && <Unread polled={viewer.person} />}
      <div class="vw">
        <div class="col">
          <Card person={person} number={number} nowMs={nowMs} />
          <Reply line={about ?? puzzle(lines)} reader={reader} person={person} />
          <Actions person={person} number={number} changed={viewer.changed} />
          <Belongs number={number} />
          <Merged merges={person.merges} changed={viewer.changed} />
        </div>
        <div class="col">
          <History
            viewer={viewer}
            lines={lines}
            reader={reader}
            chosen={chosen.value}
            choose={(id) => {
              chosen.value = chosen.peek() === id ? undefined : id
            }}
          />
          <Redemptions person={person} number={number} reader={reader} changed={viewer.changed} />
        </div>
      </div>
    </>
  )
}

/** What a viewer most likely asks about: the newest zero, else the newest line. */
const puzzle = (lines: readonly Line[]): Line | undefined =>
  lines.find(({ entry }) => entry.kind === 'receipt' && entry.points + entry.growth === 0) ??
  lines[0]

/** Holds of redemptions are named after them. */
const HOLD = 'r-'

function redeemedText(
  person: Person | undefined,
  hold: string,
  w: ViewerWords,
): string | undefined {
  const found = person?.redeemed.items.find(({ id }) => `${HOLD}${id}` === hold)
  if (!found) return undefined
  const { code, state } = found
  return code === undefined ? w.states[state] : w.codeOf(code, w.states[state])
}

interface ReplyProps {
  line: Line | undefined
  reader: LineReader
  person: Person
}

function Reply({ line, reader, person }: ReplyProps) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  if (!line) return null
  const facts = { account: person.account, daily: house.facts.data.value?.daily ?? [] }
  const text = replyOf(line, reader, facts)
  return (
    <section class="ff-card" aria-label={w.replyTitle}>
      <h2 class="ff-h">{w.replyTitle}</h2>
      <p class="reply" dir="auto">
        {text}
      </p>
      <div class="acts">
        <Copy text={text} />
        <span class="ff-quiet">{w.replyHint}</span>
      </div>
    </section>
  )
}
