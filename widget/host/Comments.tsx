/** The comments of the room, newest at the bottom, with the pick that pays its author. */

import { signal } from '@preact/signals'
import { useMemo, useRef } from 'preact/hooks'
import type { CommentLine } from '../../shared/room-state.ts'
import { Icon, TierBadge } from '../ui/index.ts'
import { useConsole } from './console.ts'

/** Where the list counts as scrolled to its end, px. */
const AT_END_PX = 24

export function Comments() {
  const { model, t } = useConsole()
  const { frozen, onlyQuestions } = useMemo(
    () => ({
      frozen: signal<CommentLine[] | undefined>(undefined),
      onlyQuestions: signal(false),
    }),
    [],
  )
  const list = useRef<HTMLDivElement>(null)
  const all = model.comments.value
  const shown = (frozen.value ?? all).filter((c) => !onlyQuestions.value || c.question)
  const lastShown = frozen.value?.at(-1)?.id ?? Number.POSITIVE_INFINITY
  const fresh = all.filter((c) => c.id > lastShown).length
  // A row must not move away under a finger that is about to press it.
  const freeze = () => {
    frozen.value ??= model.comments.peek()
  }
  const thaw = () => {
    frozen.value = undefined
    list.current?.scrollTo({ top: 0 })
  }
  const atEnd = () => Math.abs(list.current?.scrollTop ?? 0) < AT_END_PX
  return (
    <div class="ff-card spot">
      <h2 class="ff-h">
        <span>{t.comments}</span>
        <span class="ff-quiet bonus">{t.authorBonus}</span>
        <label class="auto">
          <input
            type="checkbox"
            checked={onlyQuestions.value}
            onChange={() => {
              onlyQuestions.value = !onlyQuestions.value
            }}
          />
          {t.onlyQuestions}
        </label>
      </h2>
      <div
        class="list"
        ref={list}
        onPointerEnter={(event) => event.pointerType === 'mouse' && freeze()}
        onPointerLeave={(event) => event.pointerType === 'mouse' && atEnd() && thaw()}
        onFocusIn={freeze}
        onFocusOut={(event) => {
          const next = event.relatedTarget
          if (!(next instanceof Node && list.current?.contains(next)) && atEnd()) thaw()
        }}
        onScroll={() => {
          if (!atEnd()) freeze()
        }}
      >
        {shown.length === 0 && <p class="ff-quiet none">{t.commentsEmpty}</p>}
        <ul>
          {shown.map((comment) => (
            <CommentRow key={comment.id} comment={comment} />
          ))}
        </ul>
      </div>
      {fresh > 0 && (
        <button type="button" class="ff-btn sm pill" onClick={thaw}>
          <Icon name="down" />
          {t.newOnes(fresh)}
        </button>
      )}
    </div>
  )
}

function CommentRow({ comment }: { comment: CommentLine }) {
  const { model, t, lang } = useConsole()
  const picked = model.spotlit.value.has(comment.id)
  return (
    <li data-question={comment.question}>
      <TierBadge rung={comment.rung} />
      <span class="m">
        <b>
          <bdi dir="auto">{comment.name}</bdi>
        </b>{' '}
        {comment.club && <span class="ff-chip club">♥ {comment.club[lang]}</span>}{' '}
        {comment.star && <span class="ff-chip star">★ {comment.star[lang]}</span>}{' '}
        {comment.question && <span class="ff-chip ask">{t.question}</span>}{' '}
        <span dir="auto">{comment.text}</span>
      </span>
      {picked ? (
        <span class="ff-chip on">
          <Icon name="check" />
          {t.picked}
        </span>
      ) : (
        <button type="button" class="ff-btn sm ff-hit" onClick={() => model.spotlight(comment.id)}>
          <Icon name="spot" />
          {t.pick}
        </button>
      )}
    </li>
  )
}
