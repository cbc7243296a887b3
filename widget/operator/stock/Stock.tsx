/** Rewards and their stock: what runs out first, the whole shelf, and one reward with who redeemed it. */

import { useSignal } from '@preact/signals'
import { useCallback } from 'preact/hooks'
import { formatPoints, Icon } from '../../ui/index.ts'
import { hrefOf } from '../address.ts'
import { useDesk } from '../desk.ts'
import { AddingHead } from '../Head.tsx'
import { WANTING_SHOWN } from '../limits.ts'
import type { Badge } from '../pages.ts'
import { polledOf } from '../poll.ts'
import { bears, Choices, LONG, useSome, WordField } from '../Sift.tsx'
import { Quiet, Unread } from '../Strip.tsx'
import { dayOf } from '../time.ts'
import {
  byNeed,
  isIn,
  type Listed,
  SHELF_PARTS,
  type ShelfPart,
  shelvedOf,
  wanting,
} from './listed.ts'
import { One } from './One.tsx'
import { Left, Price, RestockButton, ShelveButton, StateChip } from './Parts.tsx'
import { RewardForm } from './RewardForm.tsx'
import { ValueChip } from './Value.tsx'
import { WORDS } from './words.ts'

/** How many rewards are nearly or quite gone. */
export function useStockBadge(): Badge | undefined {
  const { house, lang } = useDesk()
  const count = wanting(house.shelf.data.value?.rewards ?? []).length
  if (count === 0) return undefined
  return { text: formatPoints(count), tone: 'warn', label: WORDS[lang].badge }
}

export function Stock({ rest: [id] }: { rest: string[] }) {
  const { house, lang } = useDesk()
  const w = WORDS[lang]
  const shelf = polledOf(house.shelf)
  const creating = useSignal(false)
  const close = useCallback(() => {
    creating.value = false
  }, [creating])
  const one = shelf.data?.rewards.find((reward) => reward.id === id)
  if (one) return <One reward={one} />
  const rewards = [...(shelf.data?.rewards ?? [])].sort(byNeed)
  return (
    <>
      <AddingHead
        title={w.title}
        add={w.add}
        open={() => {
          creating.value = true
        }}
      />
      <Unread polled={shelf} />
      <div class="col">
        <Wanting rewards={wanting(rewards)} />
        {shelf.data && rewards.length === 0 && <Quiet>{w.none}</Quiet>}
        {rewards.length > 0 && <Shelf rewards={rewards} />}
      </div>
      {creating.value && <RewardForm close={close} />}
    </>
  )
}

function Wanting({ rewards }: { rewards: Listed[] }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const all = useSignal(false)
  if (rewards.length === 0) return null
  const shown = all.value ? rewards : rewards.slice(0, WANTING_SHOWN)
  return (
    <section class="ff-card wanting" aria-label={w.wanting}>
      <h2 class="ff-h">
        {w.wanting}
        <span class="ff-chip warn ff-n">{rewards.length}</span>
      </h2>
      <ul>
        {shown.map((reward) => (
          <li key={reward.id}>
            <Icon name="warn" />
            <span class="m">
              <b>
                {shelvedOf(reward) === 'sold_out'
                  ? w.soldOut(reward.doc.title[lang])
                  : w.low(reward.doc.title[lang], formatPoints(reward.stock.left ?? 0))}
              </b>
              <LowNote reward={reward} />
            </span>
            <RestockButton reward={reward} />
          </li>
        ))}
      </ul>
      {shown.length < rewards.length && (
        <button
          type="button"
          class="ff-btn ghost"
          onClick={() => {
            all.value = true
          }}
        >
          {w.wantingAll(formatPoints(rewards.length))}
        </button>
      )}
    </section>
  )
}

function LowNote({ reward: { doc, stock } }: { reward: Listed }) {
  const { lang, house } = useDesk()
  const w = WORDS[lang]
  const reader = { lang, timeZone: house.facts.data.value?.timeZone }
  const notes = [
    doc.lowStock > 0 ? w.threshold(formatPoints(doc.lowStock)) : '',
    stock.restocksAtMs === undefined ? '' : w.restocks(dayOf(stock.restocksAtMs, reader)),
  ].filter(Boolean)
  return notes.length > 0 ? <small>{notes.join(' · ')}</small> : null
}

function Shelf({ rewards }: { rewards: Listed[] }) {
  const { lang, t } = useDesk()
  const w = WORDS[lang]
  const word = useSignal('')
  const shelf = useSignal<ShelfPart>('all')
  const found = rewards.filter(
    (reward) =>
      isIn(reward, shelf.value) &&
      bears(word.value, reward.id, reward.doc.title.zh, reward.doc.title.en),
  )
  const { some, more } = useSome(found, `${shelf.value} ${word.value}`)
  return (
    <section class="ff-card shelf" aria-label={w.title}>
      {rewards.length > LONG && (
        <div class="sift">
          <WordField label={w.find} word={word} />
          <Choices label={w.which} all={SHELF_PARTS} names={w.parts} chosen={shelf} />
          <span class="ff-muted" role="status">
            {w.found(formatPoints(found.length))}
          </span>
        </div>
      )}
      {found.length === 0 && <Quiet>{t.noneSuch}</Quiet>}
      <table hidden={found.length === 0}>
        <thead>
          <tr>
            {w.head.map((name, i) => (
              <th key={name} scope="col" class={i === 1 || i === 2 || i === 3 ? 'r' : ''}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {some.map((reward) => (
            <Row key={reward.id} reward={reward} />
          ))}
        </tbody>
      </table>
      {more}
    </section>
  )
}

function Row({ reward }: { reward: Listed }) {
  const { lang } = useDesk()
  const w = WORDS[lang]
  const { id, doc, value } = reward
  return (
    <tr data-reward={id}>
      <td class="n">
        <a href={hrefOf('stock', id)}>{doc.title[lang]}</a>
        <small>
          {w.kinds[doc.kind]} · <span class="mono">{id}</span>
        </small>
      </td>
      <td class="r p">
        <Price doc={doc} />
      </td>
      <td class="r v">
        <ValueChip value={value} />
      </td>
      <td class="r ff-n s">
        <Left reward={reward} />
      </td>
      <td class="c">
        <StateChip reward={reward} />
      </td>
      <td class="r b">
        <span class="acts">
          <RestockButton reward={reward} />
          <ShelveButton reward={reward} />
        </span>
      </td>
    </tr>
  )
}
