/** Shape of a quest as viewers see it. */

import { z } from 'zod'
import type { QuestView } from '../../../shared/quests.ts'
import { QUEST_PERIODS } from '../../../shared/rulebook/schema.ts'
import { ActionName, Count, Ms } from './basics.ts'

const Both = z.object({ zh: z.string(), en: z.string() })

export const QuestShape = z.object({
  id: z.string(),
  title: Both,
  period: z.enum(QUEST_PERIODS),
  action: ActionName,
  progress: Count.describe('Times, minutes of watching, yuan of purchases, days of a streak'),
  goal: Count.describe('Of the next step; of a streak its last day'),
  state: z
    .enum(['open', 'done', 'locked'])
    .describe('`done`: nothing more for now; `locked`: another one comes first'),
  steps: z
    .array(
      z.object({
        goal: Count,
        points: Count,
        growth: Count,
        rungs: Count.describe('Tiers it raises by'),
        state: z.enum(['done', 'today', 'next']),
      }),
    )
    .describe('Of a streak the days around today'),
  needs: Both.exactOptional().describe('What has to be done first'),
  resetsAtMs: Ms.exactOptional().describe('When it begins anew, or the next day counts'),
  likely: Both.exactOptional().describe('Of one at most: why the viewer will likely finish it'),
}) satisfies z.ZodType<QuestView>
