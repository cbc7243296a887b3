/** What OBS tells a browser source; in a plain browser nothing of it exists. */

interface ObsStatus {
  streaming: boolean
  recording: boolean
}
interface ObsStudio {
  getStatus?(tell: (status: ObsStatus) => void): void
}

declare global {
  interface Window {
    obsstudio?: ObsStudio
  }
  interface WindowEventMap {
    obsSourceVisibleChanged: CustomEvent<{ visible: boolean }>
  }
}

/** Calls `changed` whenever OBS shows or hides the source; the answer stops it. */
export function watchVisible(page: Window, changed: (visible: boolean) => void): () => void {
  const heard = (event: WindowEventMap['obsSourceVisibleChanged']) => changed(event.detail.visible)
  page.addEventListener('obsSourceVisibleChanged', heard)
  return () => page.removeEventListener('obsSourceVisibleChanged', heard)
}

/** Calls `tell` with whether a setup message may stand in the picture: never while OBS streams or records. */
export function mayComplain(page: Window, tell: (may: boolean) => void): void {
  const studio = page.obsstudio
  if (studio?.getStatus) studio.getStatus((status) => tell(!status.streaming && !status.recording))
  else tell(!studio)
}
