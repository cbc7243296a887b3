/** The operators' page: signs in and shows the console. */

import { effect, signal } from '@preact/signals'
import { render } from 'preact'
import { pageStorage, systemRuntime } from '../client/index.ts'
import '../ui/tokens.css'
import '../ui/components.css'
import './operator.css'
import './overview/overview.css'
import './viewers/viewers.css'
import './stock/stock.css'
import './webhooks/webhooks.css'
import { pageLang } from '../ui/lang.ts'
import { createLooks, pageTheme } from '../ui/looks.ts'
import { App } from './App.tsx'
import { createNav, readOpening } from './address.ts'
import { type Desk, WithDesk } from './desk.ts'
import { createHouse, type House } from './house.ts'
import { SAID_MS } from './limits.ts'
import { Behind, SignIn, Waiting } from './SignIn.tsx'
import { createDoorman } from './session.ts'
import { WORDS } from './words.ts'

const { ticket, lang, theme, place } = readOpening(location.hash)
const looks = createLooks({
  key: 'ff:operator:looks',
  given: { ...(lang && { lang }), ...(theme && { theme }) },
  otherwise: { lang: pageLang(), theme: pageTheme() },
  storage: () => localStorage,
})
const nav = createNav(window, place)
const doorman = createDoorman({
  fetch: (url, init) => fetch(url, init),
  runtime: systemRuntime,
  storage: pageStorage(),
  ticket,
})

const said = signal<string | undefined>(undefined)
let unsay = () => {}
const say = (text: string) => {
  unsay()
  said.value = text
  unsay = systemRuntime.after(SAID_MS, () => {
    said.value = undefined
  })
}

/** Of the brand that is signed in. */
let known: { brand: string; house: House } | undefined
function houseOf(brand: string): House {
  if (known?.brand === brand) return known.house
  known?.house.stop()
  known = { brand, house: createHouse(doorman.api, systemRuntime) }
  return known.house
}
/** Nobody is there: nothing is read. */
effect(() => {
  if (doorman.who.value.state !== 'out') return
  known?.house.stop()
  known = undefined
})

function Page() {
  const t = WORDS[looks.lang.value]
  const who = doorman.who.value
  const enter = (text: string) => void doorman.enter(text)
  if (who.state === 'waiting') return <Waiting t={t} />
  if (who.state === 'out') return <SignIn why={who.why} t={t} enter={enter} />
  const { me, lapsed } = who
  const desk: Desk = {
    api: doorman.api,
    me,
    nav,
    lang: looks.lang.value,
    t,
    theme: looks.theme.value,
    house: houseOf(me.brand),
    runtime: systemRuntime,
    setLang: (next) => {
      looks.lang.value = next
    },
    setTheme: (next) => {
      looks.theme.value = next
    },
    say,
    leave: doorman.leave,
  }
  return (
    <>
      {lapsed === 'waiting' && <Waiting t={t} />}
      {lapsed && lapsed !== 'waiting' && <SignIn why={lapsed} t={t} enter={enter} kept={me.name} />}
      <Behind shut={lapsed !== undefined}>
        <WithDesk value={desk} key={`${me.brand}/${me.id}`}>
          <App said={said} />
        </WithDesk>
      </Behind>
    </>
  )
}
render(<Page />, document.body)
