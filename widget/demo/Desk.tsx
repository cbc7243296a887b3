/** The demo desk beside the room: what to try, other seats in the room, and how it looks. */

import type { ComponentChildren } from 'preact'
import { PointMark, Shape } from '../ui/icons.tsx'
import { formatPoints } from '../ui/lang.ts'
import { bag, eye, mic, search, spot, x } from '../ui/shapes.ts'
import { CROWD_SIZE, type DemoModel, WELCOME_POINTS } from './model.ts'
import { STRINGS } from './strings.ts'
import { nextAddress } from './visitor.ts'

const EMBED = (origin: string) =>
  `<script src="${origin}/embed.js"\n  data-room="my-room"\n  data-ticket-url="/my/ticket"></script>`

interface Choice<T extends string> {
  name: string
  value: T
  options: readonly (readonly [value: T, label: string])[]
  choose: (value: T) => void
}

/** A few exclusive choices in a row. */
function Segments<T extends string>({ name, value, options, choose }: Choice<T>) {
  return (
    <fieldset class="segments">
      <legend>{name}</legend>
      {options.map(([option, label]) => (
        <label key={option}>
          <input
            type="radio"
            name={name}
            checked={option === value}
            onChange={() => choose(option)}
          />
          <span>{label}</span>
        </label>
      ))}
    </fieldset>
  )
}

function Seat({ d, name, what }: { d: string; name: string; what: string }) {
  return (
    <>
      <span class="sign">
        <Shape d={d} />
      </span>
      <span>
        <b>{name}</b>
        <small>{what}</small>
      </span>
    </>
  )
}

function Seats({ demo }: { demo: DemoModel }) {
  const lang = demo.lang.value
  const t = STRINGS[lang]
  const viewer = demo.viewer.value
  // Of the console, which looks this page's own viewer up.
  const go = viewer === undefined ? '' : `&go=viewers/find/${viewer}`
  const link = (href: string, seat: ComponentChildren) => (
    <a class="seat" href={href} target="_blank" rel="noreferrer">
      {seat}
      <span class="ff-sr">({t.newTab})</span>
    </a>
  )
  return (
    <div class="seats">
      {link(
        `${nextAddress(demo.visitor)}&lang=${lang}`,
        <Seat d={eye} name={t.second} what={t.secondWhat} />,
      )}
      {link(`/host#lang=${lang}`, <Seat d={mic} name={t.host} what={t.hostWhat} />)}
      <button type="button" class="seat" onClick={() => void demo.openStage()}>
        <Seat d={spot} name={t.stage} what={t.stageWhat} />
        <span class="ff-sr">({t.newTab})</span>
      </button>
      <button type="button" class="seat" onClick={() => void demo.openClerk()}>
        <Seat d={bag} name={t.clerk} what={t.clerkWhat} />
        <span class="ff-sr">({t.newTab})</span>
      </button>
      {link(
        `/operator#lang=${lang}${go}`,
        <Seat d={search} name={t.operator} what={t.operatorWhat} />,
      )}
    </div>
  )
}

function CrowdSwitch({ demo }: { demo: DemoModel }) {
  const t = STRINGS[demo.lang.value]
  const crowd = demo.crowd.value
  if (!crowd) return null
  const on = crowd.size > 0
  return (
    <div class="crowd">
      <span>
        <b id="crowd">{t.crowd}</b>
        <small role="status">
          {demo.crowdFailed.value
            ? t.crowdFailed
            : t.crowdWhat(on ? crowd.size : Math.min(CROWD_SIZE, crowd.max))}
        </small>
      </span>
      <button
        type="button"
        class="ff-switch"
        role="switch"
        aria-checked={on}
        aria-labelledby="crowd"
        onClick={() => void demo.switchCrowd(!on)}
      />
    </div>
  )
}

function Welcome({ demo }: { demo: DemoModel }) {
  const t = STRINGS[demo.lang.value]
  const state = demo.welcome.value
  return (
    <button
      type="button"
      class="ff-btn soft sm ff-hit welcome"
      disabled={state === 'taken' || demo.service.value !== 'ready'}
      onClick={() => void demo.takeWelcome()}
    >
      {state === 'taken'
        ? t.welcomed
        : state === 'failed'
          ? t.notBought
          : t.welcome(formatPoints(WELCOME_POINTS))}
    </button>
  )
}

function Embed({ demo }: { demo: DemoModel }) {
  const t = STRINGS[demo.lang.value]
  return (
    <details class="embed">
      <summary>{t.embed}</summary>
      <p>{t.embedWhat}</p>
      <pre>
        <code>{EMBED(location.origin)}</code>
      </pre>
    </details>
  )
}

export function Desk({ demo, close }: { demo: DemoModel; close: () => void }) {
  const lang = demo.lang.value
  const t = STRINGS[lang]
  return (
    <aside class="desk" aria-label={t.desk}>
      <header>
        <h1>
          <PointMark />
          Fanfare
        </h1>
        <p>{t.tagline}</p>
        <button type="button" class="shut" aria-label={t.close} onClick={close}>
          <Shape d={x} />
        </button>
      </header>
      <section>
        <h2>{t.tryIt}</h2>
        <ol>
          {t.steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </section>
      <Welcome demo={demo} />
      <CrowdSwitch demo={demo} />
      <Seats demo={demo} />
      <div class="looks">
        <Segments
          name={t.scene}
          value={demo.scene.value}
          options={[
            ['bright', t.scenes.bright],
            ['dark', t.scenes.dark],
            ['busy', t.scenes.busy],
          ]}
          choose={(scene) => {
            demo.scene.value = scene
          }}
        />
        <Segments
          name={t.theme}
          value={demo.theme.value}
          options={[
            ['dark', t.themes.dark],
            ['light', t.themes.light],
          ]}
          choose={(theme) => {
            demo.theme.value = theme
          }}
        />
        <Segments
          name={t.language}
          value={lang}
          options={[
            ['zh', '中文'],
            ['en', 'English'],
          ]}
          choose={(next) => {
            demo.lang.value = next
          }}
        />
      </div>
      <Embed demo={demo} />
      <p class="who">
        {t.visitor} <b>{demo.visitor.name}</b>
      </p>
    </aside>
  )
}
