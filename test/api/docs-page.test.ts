import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import t from 'tap'
import { startService } from './service.js'

/** Where Debian and others put it; CHROMIUM names another place. */
const places = [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome']
const executablePath = places.find((place) => place !== undefined && existsSync(place))

t.test(
  'the API page works in a browser and asks nobody else for anything',
  {
    skip: executablePath ? false : 'there is no Chromium here; apt-get install chromium',
  },
  async (t) => {
    const { origin } = await startService(t)
    const browser = await chromium.launch({
      executablePath: executablePath ?? '',
      args: ['--no-sandbox', '--disable-gpu'],
    })
    t.teardown(() => browser.close())
    const page = await browser.newPage()
    const elsewhere: string[] = []
    const broken: string[] = []
    page.on('request', (request) => {
      const { protocol } = new URL(request.url())
      const isOwn = request.url().startsWith(origin) || protocol === 'data:' || protocol === 'blob:'
      if (!isOwn) elsewhere.push(request.url())
    })
    page.on('response', (answer) => {
      if (answer.status() >= 400) broken.push(`${answer.status()} ${answer.url()}`)
    })
    page.on('pageerror', (error) => broken.push(error.message))

    await page.goto(`${origin}/docs`)
    await page.locator('.opblock-tag', { hasText: 'Test' }).click({ timeout: 20_000 })
    const operation = page.locator('.opblock-summary-path', { hasText: '/v1/accounts' }).first()
    await operation.waitFor({ timeout: 20_000 })
    await operation.click()
    await page.getByText('Idempotency-Key').first().waitFor({ timeout: 10_000 })

    t.same(elsewhere, [], 'no request leaves the service')
    t.same(broken, [], 'no answer fails, no script breaks')
  },
)
