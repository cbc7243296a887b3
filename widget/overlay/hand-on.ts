/** Hands the page's address on, from which it is known by whom it was handed on. */

/** Names the viewer by whose link somebody came. */
const VIA = 'via'

/** `false` where the viewer thought better of it. A page that listens to `fanfare-share` and prevents it does it itself. */
export async function handOn(
  { root, shareUrl }: { root: ShadowRoot; shareUrl(): string | undefined },
  { via, team, copied }: { via: string | undefined; team: string | undefined; copied: () => void },
): Promise<boolean> {
  const asked = new CustomEvent('fanfare-share', {
    bubbles: true,
    composed: true,
    cancelable: true,
    detail: { via, team },
  })
  if (!root.host.dispatchEvent(asked)) return true
  const address = new URL(shareUrl() ?? location.href, location.href)
  if (via) address.searchParams.set(VIA, via)
  if (team) address.searchParams.set('team', team)
  const url = address.href
  try {
    if ('share' in navigator && matchMedia('(pointer: coarse)').matches) {
      await navigator.share({ url })
    } else {
      await navigator.clipboard.writeText(url)
      copied()
    }
  } catch (error) {
    // The viewer closed the share sheet. A clipboard that is not allowed is no reason to refuse.
    return !(error instanceof DOMException && error.name === 'AbortError')
  }
  return true
}
