// Browsers that block cookies, scripts or the module. The site works, and does not nag.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startSite } from './harness/site.mjs'
import { action, banner, chooseTheme, decide, decisionOf, press } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

describe('cookies blocked by the browser', () => {
  let site
  before(async () => { site = await startSite() })
  after(() => site.stop())

  for (const javaScript of [true, false]) {
    for (const word of ['accept', 'refuse']) {
      test(`${word} ${javaScript ? 'with' : 'without'} scripts: no loop, no nagging, no error`, async t => {
        const visitor = await Visitor.arrive(t, { javaScript, cookiesBlocked: true })
        let documents = 0
        visitor.page.on('request', request => { if (request.isNavigationRequest()) documents += 1 })
        await visitor.page.goto(site.url('/notes'))
        assert.equal(await banner(visitor.page).isVisible(), true)
        await decide(visitor.page, word)
        // Without scripts: the page, the form, and the page that the response redirects to.
        assert.equal(documents, javaScript ? 1 : 3)
        assert.equal(await banner(visitor.page).isVisible(), false, 'the banner came back on the same page')
        assert.equal(new URL(visitor.page.url()).pathname, '/notes')
        assert.deepEqual(await visitor.cookieNames(), [])
        // The rest of the site works.
        await chooseTheme(visitor.page, site, 'dark')
        assert.equal(await visitor.page.locator('html').getAttribute('data-theme'), 'dark')
        assert.deepEqual(await visitor.cookieNames(), [])
      })
    }
  }
})

describe('our scripts do not load', () => {
  let site
  before(async () => { site = await startSite() })
  after(() => site.stop())

  const WAYS = {
    'the module is blocked': route => route.abort('blockedbyclient'),
    'the module is 404': route => route.fulfill({ status: 404, body: '' }),
    'the module is no script': route => route.fulfill({ status: 200, contentType: 'text/javascript', body: ')(' }),
  }
  for (const [name, way] of Object.entries(WAYS)) {
    for (const file of [/\/assets\/.*\.js$/, /\/assets\/.*\.wasm$/]) {
      test(`${name.replace('module', file.source.includes('wasm') ? 'wasm' : 'script')}: forms decide`, async t => {
        const visitor = await Visitor.arrive(t)
        await visitor.page.route(file, way)
        await visitor.page.goto(site.url('/notes'))
        await press(visitor.page, action(banner(visitor.page), 'refuse'), { navigates: true })
        await banner(visitor.page).waitFor({ state: 'hidden' })
        assert.deepEqual(await visitor.cookieNames(), ['consent'])
        assert.match(await visitor.cookieValue('consent'), /:r$/)
        await visitor.page.goto(site.url('/notes'))
        await visitor.page.locator('footer [data-consent-action="settings"]').first().click()
        await visitor.page.waitForURL(/\/consent/)
        assert.equal(await visitor.page.locator('button[value="save"]').first().isVisible(), true)
        // An invalid script is an error in itself.
        visitor.reports = visitor.reports.filter(report => !/uncaught/.test(report))
      })
    }
  }

  test('the module loads late: a press before that counts', async t => {
    const visitor = await Visitor.arrive(t)
    const decision = decisionOf(visitor.page)
    await visitor.page.route(/\/assets\/(module|consent).*\.(js|wasm)$/, async route => {
      await decision
      // The request ends with its page.
      await route.continue().catch(() => {})
    })
    await visitor.page.goto(site.url('/notes'), { waitUntil: 'commit' })
    await action(banner(visitor.page), 'accept').click()
    await decision
    assert.deepEqual(await visitor.cookieNames(), ['consent'])
    assert.match(await visitor.cookieValue('consent'), /:g$/)
    await banner(visitor.page).waitFor({ state: 'hidden' })
  })
})
