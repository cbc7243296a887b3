/** The script tag: `<script src=".../embed.js" data-room="..." data-ticket-url="..." async></script>`. */

import { load } from './loader.ts'

const script = document.currentScript
if (script instanceof HTMLScriptElement) load(window, script)
