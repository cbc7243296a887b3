/** The process's Prometheus registry. Modules declare their own metrics on it; labels never carry ids. */

import { Registry } from 'prom-client'

export const registry = new Registry()
