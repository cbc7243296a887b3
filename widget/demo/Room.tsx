/** The live room: the picture, the host's name, the product, and the overlay over all of it. */

import { Shape } from '../ui/icons.tsx'
import { right } from '../ui/shapes.ts'
import { Held } from './Food.tsx'
import { type DemoModel, PRICES } from './model.ts'
import { Head, Picture } from './Picture.tsx'
import { STRINGS } from './strings.ts'

function HostChip({ demo }: { demo: DemoModel }) {
  const t = STRINGS[demo.lang.value]
  return (
    <div class="hostchip">
      <svg viewBox="656 96 288 360" aria-hidden="true">
        <Head />
      </svg>
      <span>
        <b>{t.shop}</b>
        <small>
          <i />
          {t.live}
        </small>
      </span>
    </div>
  )
}

function ProductCard({ demo }: { demo: DemoModel }) {
  const t = STRINGS[demo.lang.value]
  const product = demo.product.value
  const name = t.products[product]
  const said = { none: t.buy, buying: t.buying, bought: t.bought, failed: t.notBought }
  return (
    <section class="product ff-glass" data-ff-theme={demo.theme.value} aria-label={name}>
      <svg viewBox="846 352 188 262" aria-hidden="true">
        <Held product={product} />
      </svg>
      <div>
        <small>{t.talkingOf}</small>
        <h2>{name}</h2>
        <p class="ff-n">¥{PRICES[product] / 100}</p>
      </div>
      <button
        type="button"
        class="ff-btn pri sm ff-hit buy"
        disabled={demo.service.value !== 'ready' || demo.order.value === 'buying'}
        onClick={() => void demo.buy()}
      >
        {said[demo.order.value]}
      </button>
      <button type="button" class="nextone ff-hit" aria-label={t.next} onClick={demo.nextProduct}>
        <Shape d={right} />
      </button>
    </section>
  )
}

export function Room({ demo }: { demo: DemoModel }) {
  const t = STRINGS[demo.lang.value]
  const overlay = (element: HTMLElement | null) => {
    if (element) Object.assign(element, { getTicket: demo.ticket })
  }
  return (
    <main class="room" aria-label={t.room}>
      <Picture scene={demo.scene.value} product={demo.product.value} />
      <HostChip demo={demo} />
      <ProductCard demo={demo} />
      {demo.service.value === 'ready' ? (
        <fanfare-overlay
          ref={overlay}
          data-room="demo"
          lang={demo.lang.value === 'zh' ? 'zh-CN' : 'en'}
          data-ff-theme={demo.theme.value}
        />
      ) : (
        <p class="away ff-glass" data-ff-theme="dark" role="status">
          {demo.service.value === 'waiting' ? t.away : t.noDemo}
        </p>
      )}
    </main>
  )
}
