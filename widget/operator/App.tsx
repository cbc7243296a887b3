/** The frame of the console: navigation at the side, on phones above, and the page beside it. */

import type { ReadonlySignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { Icon, PointMark } from '../ui/index.ts'
import { useKeptFocus } from '../ui/keep-focus.ts'
import { hrefOf } from './address.ts'
import { useDesk } from './desk.ts'
import { type Badge, GROUPS, PAGES, type PageSpec } from './pages.ts'

export function App({ said }: { said: ReadonlySignal<string | undefined> }) {
  const { nav, me, lang, t } = useDesk()
  const open = PAGES.filter(({ platform }) => !platform || me.platform)
  const { page, rest } = nav.place.value
  const shown = open.find(({ id }) => id === page) ?? open[0]
  const title = shown && `${shown.name[lang]} · ${t.title}`
  useEffect(() => {
    if (title) document.title = title
  }, [title])
  const app = useRef<HTMLDivElement>(null)
  const content = useRef<HTMLElement>(null)
  useKeptFocus(app)
  if (!shown) return null
  return (
    <div class="app" ref={app}>
      <button type="button" class="ff-btn pri skip" onClick={() => content.current?.focus()}>
        {t.skip}
      </button>
      <Side open={open} shown={shown} />
      <main class="page" tabIndex={-1} key={shown.id} ref={content}>
        <shown.Page rest={rest} />
      </main>
      <p class="said" role="status">
        {said.value && <span class="ff-chip on">{said.value}</span>}
      </p>
    </div>
  )
}

function Side({ open, shown }: { open: PageSpec[]; shown: PageSpec }) {
  const { lang, t } = useDesk()
  const groups = Object.entries(GROUPS).flatMap(([group, name]) => {
    const pages = open.filter((page) => page.group === group)
    return pages.length > 0 ? [{ group, name, pages }] : []
  })
  return (
    <nav class="side" aria-label={t.nav}>
      <p class="brand">
        <PointMark />
        Fanfare
      </p>
      {groups.map(({ group, name, pages }) => (
        <div class="group" key={group}>
          {name && <h2>{name[lang]}</h2>}
          {pages.map((page) => (
            <Entry key={page.id} page={page} current={page === shown} />
          ))}
        </div>
      ))}
      <Foot />
    </nav>
  )
}

function Entry({ page, current }: { page: PageSpec; current: boolean }) {
  const { lang } = useDesk()
  const { useBadge = noBadge } = page
  const badge = useBadge()
  const link = useRef<HTMLAnchorElement>(null)
  // On a phone the navigation is one row that may be longer than the screen.
  useEffect(() => {
    if (current) link.current?.scrollIntoView({ block: 'nearest', inline: 'center' })
  }, [current])
  return (
    <a href={hrefOf(page.id)} aria-current={current ? 'page' : undefined} ref={link}>
      <Icon name={page.icon} />
      <span>{page.name[lang]}</span>
      {badge && (
        <span class={`ff-chip ff-n ${badge.tone}`}>
          {badge.text}
          <span class="ff-sr">{badge.label}</span>
        </span>
      )}
    </a>
  )
}

const noBadge = (): Badge | undefined => undefined

function Foot() {
  const { me, t, lang, theme, setLang, setTheme, leave } = useDesk()
  return (
    <div class="me">
      <p>
        <b class="ff-cut" dir="auto">
          {me.name}
        </b>
        <span class="ff-cut">{t.brandOf(me.brand)}</span>
      </p>
      <span class="looks">
        <button
          type="button"
          class="ff-btn ghost"
          lang={lang === 'zh' ? 'en' : 'zh-CN'}
          onClick={() => setLang(lang === 'zh' ? 'en' : 'zh')}
        >
          {lang === 'zh' ? 'English' : '中文'}
        </button>
        <button
          type="button"
          class="ff-btn ghost"
          onClick={() => setTheme(theme === 'dark' ? 'light' : 'dark')}
        >
          {theme === 'dark' ? t.light : t.dark}
        </button>
        <button type="button" class="ff-btn ghost" onClick={leave}>
          {t.leave}
        </button>
      </span>
    </div>
  )
}
