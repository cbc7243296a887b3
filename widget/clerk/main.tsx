/** The clerk's page: `/clerk#<key>`. Opens without network once it was open with one. */

import { signal } from '@preact/signals'
import { render } from 'preact'
import '../ui/tokens.css'
import '../ui/components.css'
import './clerk.css'
import { systemRuntime, wallMs } from '../client/runtime.ts'
import { htmlLang, pageLang } from '../ui/lang.ts'
import { pageTheme } from '../ui/looks.ts'
import { App, Sorry } from './App.tsx'
import type { Camera } from './desk.ts'
import { openKept } from './kept.ts'
import { readSettings, scopeOf } from './key.ts'
import { SAME_CODE_MS } from './limits.ts'
import { createClerk } from './model.ts'
import { cameraFault, type Scanner, startScanner } from './scan.ts'
import { pickupService } from './service.ts'
import { keepShell } from './shell.ts'
import { STRINGS } from './strings.ts'
import { verifyCode } from './verify.ts'

const storage = () => localStorage
const { key, lang = pageLang() } = readSettings(location.hash, storage)
const t = STRINGS[lang]
const root = document.documentElement
root.lang = htmlLang(lang)
root.dataset.ffTheme = pageTheme()
document.title = t.title

function createCamera(found: (text: string) => void): Camera {
  const state = signal<Camera['state']['value']>('off')
  let scanner: Scanner | undefined
  let scanned = false
  let last = { text: '', atMs: Number.NEGATIVE_INFINITY }
  const once = (text: string) => {
    const atMs = systemRuntime.now()
    const same = text === last.text && atMs - last.atMs < SAME_CODE_MS
    if (same) return
    last = { text, atMs }
    scanned = true
    found(text)
  }
  const stop = () => {
    scanner?.stop()
    scanner = undefined
    state.value = 'off'
  }
  let begun: HTMLVideoElement | undefined
  return {
    state,
    start: () => {
      state.value = 'on'
    },
    stop,
    again: () => {
      if (scanned) state.value = 'on'
      scanned = false
    },
    show(video) {
      if (!video) begun = undefined
      if (!video || video === begun) return
      begun = video
      startScanner(video, once, systemRuntime).then(
        (started) => {
          scanner = started
          if (state.value !== 'on') stop()
        },
        (error: unknown) => {
          state.value = cameraFault(error)
        },
      )
    },
  }
}

function start(secret: string): void {
  const model = createClerk({
    service: pickupService((url, init) => fetch(url, init), secret),
    kept: openKept(storage, scopeOf(secret)),
    verify: (qr, point) =>
      verifyCode(qr, point, { nowMs: wallMs(), subtle: globalThis.crypto?.subtle }),
    runtime: systemRuntime,
    nowMs: wallMs,
  })
  const camera = createCamera((text) => {
    camera.stop()
    navigator.vibrate?.(60)
    void model.hand(text)
  })
  const desk = { model, lang, t, nowMs: wallMs, camera }
  render(<App desk={desk} />, document.body)
  void model.wake()
  addEventListener('online', () => void model.wake())
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void model.wake()
    else camera.stop()
  })
  void keepShell()
}

if (key) start(key)
else render(<Sorry text={t.noKey} />, document.body)
