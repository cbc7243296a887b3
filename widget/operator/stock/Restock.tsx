/** New pieces have come. */

import { useSignal } from '@preact/signals'
import { formatPoints } from '../../ui/index.ts'
import { type Answer, path } from '../api.ts'
import { Dialog, Refused, useDoing } from '../Dialog.tsx'
import { useDesk } from '../desk.ts'
import type { Listed } from './listed.ts'
import { WORDS } from './words.ts'

/** As the service takes it. */
const PIECES_MAX = 1_000_000

export function RestockDialog({ reward, close }: { reward: Listed; close: () => void }) {
  const { api, lang, house, say } = useDesk()
  const w = WORDS[lang]
  const pieces = useSignal('')
  const doing = useDoing()
  const title = reward.doc.title[lang]
  const left = reward.stock.left ?? 0
  const count = Number(pieces.value)
  const good = count > 0 && count <= PIECES_MAX
  const deliver = async () => {
    const done = await doing.run(
      `${count}`,
      // The key is the id of the delivery: the same again moves nothing.
      (id): Promise<Answer<{ left?: number }>> =>
        api.post(path('rewards', reward.id, 'deliveries'), { id, pieces: count }),
    )
    if (!done) return
    say(w.didRestock(title, formatPoints(done.left ?? left + count)))
    house.shelf.again()
    close()
  }
  return (
    <Dialog
      title={w.restockTitle(title)}
      close={close}
      act={{
        label: w.addPieces(good ? formatPoints(count) : '0'),
        run: () => void deliver(),
        disabled: !good || doing.busy,
      }}
    >
      <label class="fld">
        {w.pieces}
        <input
          data-first
          name="pieces"
          inputMode="numeric"
          autocomplete="off"
          value={pieces.value}
          onInput={({ currentTarget }) => {
            pieces.value = currentTarget.value.replaceAll(/\D/g, '').slice(0, 7)
          }}
        />
      </label>
      <p class="ff-muted what">
        {w.willBe(formatPoints(left), formatPoints(left + (good ? count : 0)))}
      </p>
      <Refused failure={doing.failure} />
    </Dialog>
  )
}
