/** The demo page: a live room as a merchant would have it, with the overlay loaded as they would load it. */

import { effect, signal } from '@preact/signals'
import { render } from 'preact'
import { systemRuntime } from '../client/browser.ts'
import '../ui/tokens.css'
import '../ui/components.css'
import './picture.css'
import './demo.css'
import { Shape } from '../ui/icons.tsx'
import { htmlLang } from '../ui/lang.ts'
import { gear } from '../ui/shapes.ts'
import { Desk } from './Desk.tsx'
import { createDemo } from './model.ts'
import { Room } from './Room.tsx'
import { STRINGS } from './strings.ts'

const demo = createDemo({
  get: (url, init) => fetch(url, init),
  after: systemRuntime.after,
  storage: () => localStorage,
  search: location.search,
  open: window,
})
/** On phones the desk is a sheet. */
const deskOpen = signal(false)

effect(() => {
  const lang = demo.lang.value
  document.documentElement.lang = htmlLang(lang)
  document.title = STRINGS[lang].title
})

const script = document.createElement('script')
script.src = '/fanfare-overlay.js'
document.head.append(script)

const close = () => {
  deskOpen.value = false
}
addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') close()
})

function Page() {
  const t = STRINGS[demo.lang.value]
  return (
    <div class={`page${deskOpen.value ? ' open' : ''}`}>
      <Room demo={demo} />
      <button
        type="button"
        class="deskbutton"
        aria-label={t.open}
        aria-expanded={deskOpen.value}
        onClick={() => {
          deskOpen.value = true
        }}
      >
        <Shape d={gear} />
      </button>
      <Desk demo={demo} close={close} />
    </div>
  )
}
render(<Page />, document.body)
