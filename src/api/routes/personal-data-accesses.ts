import { z } from 'zod'
import { Instant } from '../../domain/values/calendar.js'
import { DivisionCode } from '../../domain/values/division.js'
import { ActorId, PersonId } from '../../domain/values/identifiers.js'
import type { PersonalDataAccessLog } from '../ports.js'
import { listRoute } from './list-route.js'
import { noBody, nothing, type Route } from './route.js'

const Access = z.strictObject({
  accessId: z.int(),
  accessedAt: Instant,
  actor: ActorId,
  division: DivisionCode,
  persons: z.array(PersonId),
  purpose: z.string(),
  route: z.string(),
  requestId: z.string(),
})

const Query = z.strictObject({
  actor: ActorId.optional(),
  person: PersonId.optional(),
})

/** Who read whose personal data, when and why; newest first. */
export function personalDataAccessRoutes(log: PersonalDataAccessLog): readonly Route[] {
  return [
    listRoute({
      method: 'GET',
      url: '/v1/personal-data-accesses',
      tag: '审计 Audit',
      summary: { zh: '个人信息查阅记录', en: 'Accesses to personal data' },
      roles: ['auditor'],
      params: nothing,
      query: Query,
      body: noBody,
      row: Access,
      titleZh: '个人信息查阅记录',
      columns: [
        { key: 'accessedAt', headerZh: '时间（UTC）', headerEn: 'Accessed at', kind: 'text' },
        { key: 'actor', headerZh: '查阅人', headerEn: 'Actor', kind: 'text' },
        { key: 'division', headerZh: '授权区划', headerEn: 'Scope', kind: 'text' },
        { key: 'persons', headerZh: '被查阅人', headerEn: 'Persons', kind: 'text' },
        { key: 'purpose', headerZh: '事由', headerEn: 'Purpose', kind: 'text' },
        { key: 'route', headerZh: '接口', headerEn: 'Route', kind: 'text' },
        { key: 'requestId', headerZh: '请求编号', headerEn: 'Request id', kind: 'text' },
      ],
      scope: () => [],
      page: async ({ query, actor }, { after, limit }) => {
        const before = typeof after?.[0] === 'number' ? after[0] : null
        const rows = await log.list({ ...query, before, limit, within: actor.division })
        const last = rows.at(-1)
        return { rows, next: last && rows.length === limit ? [last.accessId] : null }
      },
    }),
  ]
}
