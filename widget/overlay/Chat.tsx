/** Comments of the room, which others may like, and what a viewer can do: say something, share, like. */

import { TierBadge } from '../ui/tier-badge.tsx'
import { Icon } from './icons.tsx'
import { CHAT_SHOWN, COMMENT_CHARS_MAX } from './limits.ts'
import type { View } from './view.ts'

export function Chat({ view: { model, t, lang } }: { view: View }) {
  const { room, me, status } = model.state.value
  const comments = room?.comments.slice(-CHAT_SHOWN) ?? []
  return (
    <ul class="chat" part="chat" aria-label={t.comments}>
      {comments.map((comment) => (
        <li key={comment.id} dir="auto">
          <span>
            <TierBadge rung={comment.rung} />
            {comment.club && <i class="club">♥ {comment.club[lang]}</i>}
            <bdi>
              <b>{comment.name}</b>
            </bdi>{' '}
            {comment.star && (
              <b class="star" role="img" aria-label={comment.star[lang]} title={comment.star[lang]}>
                ★
              </b>
            )}
            <bdi data-colour={comment.colour}>{comment.text}</bdi>
          </span>
          {me && comment.handle !== me.handle && status.phase === 'online' && (
            <button
              type="button"
              class="heart"
              aria-label={`${t.like} ${comment.name}`}
              aria-pressed={model.likes(comment.id)}
              onClick={() => model.likeComment(comment.id)}
            >
              <Icon name="like" />
            </button>
          )}
        </li>
      ))}
    </ul>
  )
}

export function Bar({ view, share }: { view: View; share(): void }) {
  const { model, t, tell, draft, box, panel } = view
  const text = draft.value
  const ended = model.state.value.status.phase === 'ended'
  const thumb = model.thumb.value
  const send = async (event: Event) => {
    event.preventDefault()
    const said = text.trim()
    if (!said) return
    draft.value = ''
    const answer = await model.comment(said)
    if (answer.ok) return
    // Given back, unless the viewer is writing the next one.
    draft.value ||= said
    tell(t.notSent)
  }
  return (
    <div class="bar" part="bar">
      <form onSubmit={send}>
        <input
          ref={box}
          dir="auto"
          value={text}
          disabled={ended}
          maxLength={COMMENT_CHARS_MAX}
          enterkeyhint="send"
          autocomplete="off"
          placeholder={ended ? t.ended : t.say}
          aria-label={t.comment}
          onInput={(event) => {
            draft.value = event.currentTarget.value
          }}
        />
        {text.trim() && (
          <button type="submit" class="ff-btn pri sm">
            {t.send}
          </button>
        )}
      </form>
      <span class="sp" />
      <button
        type="button"
        class="ic"
        aria-label={t.rewards}
        onClick={() => {
          panel.value = 'rewards'
        }}
      >
        <Icon name="gift" />
      </button>
      <button type="button" class="ic" aria-label={t.share} disabled={ended} onClick={share}>
        <Icon name="share" />
      </button>
      <button
        type="button"
        class="ic like"
        aria-label={t.like}
        disabled={ended}
        onClick={() => model.like()}
      >
        <Icon name="like" />
        {thumb && (
          <span key={thumb.key} class={`thumb ff-n${thumb.paid ? ' paid' : ''}`} aria-hidden="true">
            {thumb.paid ? thumb.text : `♥ ${thumb.text}`}
          </span>
        )}
      </button>
    </div>
  )
}
