/** Line icons on a box of 24, one path each; separate names, so that a bundle carries only what it draws. */

export const share = 'M14 5l6 6-6 6v-4c-5 0-8 1.5-10 5 0-6 4-10 10-10z'
export const like =
  'M12 20s-7.5-4.6-7.5-10A4.3 4.3 0 0 1 12 7.5 4.3 4.3 0 0 1 19.5 10c0 5.4-7.5 10-7.5 10z'
export const chat =
  'M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z'
export const eye =
  'M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM9.2 12a2.8 2.8 0 1 0 5.6 0a2.8 2.8 0 1 0-5.6 0z'
export const check = 'M5 12.5l4.5 4.5L19 7.5'
export const x = 'M6 6l12 12M18 6L6 18'
export const bag = 'M6 8h12l1 12H5L6 8zM9 8V7a3 3 0 0 1 6 0v1'
export const gift =
  'M4 10h16v10H4zM3 7h18v3H3zM12 7v13M12 7c-2-4-6-3.5-5-1 .4 1 3 1 5 1zm0 0c2-4 6-3.5 5-1-.4 1-3 1-5 1z'
export const clock = 'M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0zM12 7.5V12l3 2'
export const user =
  'M8.2 8a3.8 3.8 0 1 0 7.6 0a3.8 3.8 0 1 0-7.6 0zM4.5 20c1-4 4-5.5 7.5-5.5s6.5 1.5 7.5 5.5'
export const lock =
  'M7 11h10a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2h-10a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2zM8 11V8a4 4 0 0 1 8 0v3'
export const gear =
  'M9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0zM12 3v3m0 12v3M3 12h3m12 0h3M5.6 5.6l2.1 2.1m8.6 8.6l2.1 2.1m0-12.8l-2.1 2.1m-8.6 8.6l-2.1 2.1'
export const down = 'M6 9l6 6 6-6'
export const right = 'M9 6l6 6-6 6'
export const plug = 'M9 3v5m6-5v5M6 8h12v3a6 6 0 0 1-12 0V8zm6 9v4'
export const shield = 'M12 3l7.5 3v5.5c0 5-3.2 8-7.5 9.5-4.3-1.5-7.5-4.5-7.5-9.5V6z'
export const mic =
  'M12 3h0a3 3 0 0 1 3 3v5a3 3 0 0 1-3 3h-0a3 3 0 0 1-3-3v-5a3 3 0 0 1 3-3zM5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3'
export const pause = 'M9 6v12M15 6v12'
export const skip = 'M6 6l8 6-8 6zM18 6v12'
export const bolt = 'M13 3L5 13.5h6L10 21l8-10.5h-6z'
export const vote = 'M5 20V11m7 9V4m7 16v-6'
export const star = 'M12 4l2.4 5 5.6.8-4 3.9.9 5.5-4.9-2.6-4.9 2.6.9-5.5-4-3.9 5.6-.8z'
export const dice =
  'M7 4h10a3 3 0 0 1 3 3v10a3 3 0 0 1-3 3h-10a3 3 0 0 1-3-3v-10a3 3 0 0 1 3-3zM8.5 8.5h.01M15.5 15.5h.01M12 12h.01'
export const tag = 'M4 12V4h8l8 8-8 8zM8.5 8.5h.01'
export const search = 'M4.5 11a6.5 6.5 0 1 0 13 0a6.5 6.5 0 1 0-13 0zM16 16l4.5 4.5'
export const book = 'M5 4h11a3 3 0 0 1 3 3v13H8a3 3 0 0 1-3-3zM9 8.5h6M9 12h6'
export const chart = 'M4 4v16h16M8 15l4-4 3 2 5-6'
export const cal =
  'M6 5.5h12a2 2 0 0 1 2 2v10.5a2 2 0 0 1-2 2h-12a2 2 0 0 1-2-2v-10.5a2 2 0 0 1 2-2zM4 10h16M8 3v4m8-4v4'
export const coin =
  'M3.5 12a8.5 8.5 0 1 0 17 0a8.5 8.5 0 1 0-17 0zM9 12a3 3 0 1 0 6 0a3 3 0 1 0-6 0z'
export const warn = 'M12 4l9 16H3zM12 10v4m0 3h.01'
export const log = 'M5 5h14M5 10h14M5 15h9M5 20h6'
export const hook = 'M8 4a4 4 0 0 1 4 4v6a4 4 0 1 0 4-4M7 4a1 1 0 1 0 2 0a1 1 0 1 0-2 0z'
export const team =
  'M6 9a3 3 0 1 0 6 0a3 3 0 1 0-6 0zM14.7 10a2.3 2.3 0 1 0 4.6 0a2.3 2.3 0 1 0-4.6 0zM3 19c.6-3.5 3-5 6-5s5.4 1.5 6 5m1-4.5c2.5-.3 4.5.8 5 3.5'
export const up = 'M12 19V6m-6 5l6-6 6 6'
export const spot =
  'M12 3v3m6.4-.4l-2.1 2.1M21 12h-3M5.6 5.6l2.1 2.1M3 12h3M9 20v-4a3 3 0 1 1 6 0v4z'
