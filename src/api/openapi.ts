import swagger from '@fastify/swagger'
import swaggerUi from '@fastify/swagger-ui'
import type { FastifyInstance } from 'fastify'
import { createJsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod'

/** The page's own files and nothing else: no font, no validator, no script from outside. */
const pagePolicy = {
  'default-src': "'self'",
  'img-src': "'self' data:",
  'style-src': "'self' 'unsafe-inline'",
  'script-src': "'self'",
  'frame-ancestors': "'none'",
}

/** The OpenAPI 3.1 description, made from the routes' own schemas, and its page at `/docs`. */
export async function registerOpenApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: '民政待遇台账 Benefits ledger',
        description:
          '社会救助与福利资金台账。写入须带 Idempotency-Key；每个答复都说明截至哪个序号（asOf）。\n\n' +
          'Ledger of social assistance and pension-type benefits. Writes take an ' +
          'Idempotency-Key; every answer says as of which ordinal it is.',
        version: '1',
      },
      components: {
        securitySchemes: { token: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' } },
      },
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig: { unrepresentable: 'any' } }),
    transformObject: jsonSchemaTransformObject,
  })
  await app.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: pagePolicy,
    uiConfig: { validatorUrl: null, docExpansion: 'none', persistAuthorization: false },
  })
}
