/** Inviting as a script of its own, `/fanfare-friends.js`: where nobody is paid for it nobody downloads it. */

import { createFriends } from './create-friends.tsx'
import { friendsScript } from './late-friends.ts'

friendsScript.announce({ create: createFriends })
