// Pages that change without loading: Turbo 8, htmx 2, HTML that scripts insert, and a page that removes the
// banner.

import assert from 'node:assert/strict'
import fs from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { start } from './harness/site.mjs'
import { action, banner, decide, dialog, ready, until } from './harness/steps.mjs'
import { TABS, untilIn } from './harness/tabs.mjs'
import { Visitor } from './harness/visitor.mjs'

const VISITS = 20

const require = createRequire(import.meta.url)
const LIBRARIES = {
  'Turbo 8': path.join(path.dirname(require.resolve('@hotwired/turbo/package.json')), 'dist/turbo.es2017-umd.js'),
  'htmx 2': require.resolve('htmx.org/dist/htmx.min.js'),
}

/** Makes one visit in the page and resolves when the new page is shown. */
const VISIT = {
  'Turbo 8': address => new Promise(resolve => {
    document.addEventListener('turbo:load', () => resolve(), { once: true })
    window.Turbo.visit(address)
  }),
  'htmx 2': address => new Promise(resolve => {
    document.addEventListener('htmx:afterSettle', () => resolve(), { once: true })
    const link = Object.assign(document.createElement('a'), { href: address })
    document.body.setAttribute('hx-boost', 'true')
    document.body.append(link)
    window.htmx.process(document.body)
    link.click()
  }),
}

const load = text => document.head.append(Object.assign(document.createElement('script'), { text }))
const driven = () => import('/consent/assets/consent.js').then(({ default: init }) => init()).then(() => true)
const isShown = () => document.getElementById('consent-banner')?.checkVisibility() ?? false
const press = selector => document.querySelector(selector).click()
const accepts = async tab => {
  await tab.evaluate(press, '#consent-banner [data-consent-action="accept"]')
  await untilIn(tab, 'the grant', () => /consent=[^;]*functionality:g/.test(document.cookie) && !document.getElementById('consent-banner'))
}

/** What the page of the visits below holds besides its heading. */
const GATED = '<iframe title=Film data-consent=functionality data-src=/gated/film></iframe>'
  + '<script type=text/plain data-consent=functionality>window.ran = (window.ran ?? 0) + 1</script>'

for (const [browser, open] of Object.entries(TABS)) {
  describe(`visits without a page load, in ${browser}`, () => {
    let site, readings
    before(async () => {
      site = await start('cached')
      readings = await start('readings')
    })
    after(async () => {
      await site.stop()
      await readings.stop()
    })

    for (const [library, file] of Object.entries(LIBRARIES)) {
      const arrive = async (t, url) => {
        const tab = await open(t)
        await tab.show(url)
        await tab.evaluate(driven)
        await tab.evaluate(load, fs.readFileSync(file, 'utf8'))
        await tab.evaluate(() => { window.markedByTest = true })
        return tab
      }
      const visit = async (tab, address) => {
        await tab.evaluate(VISIT[library], address)
        const seen = await tab.evaluate(() => ({ isMarked: window.markedByTest, address: location.pathname + location.search }))
        assert.deepEqual(seen, { isMarked: true, address }, 'the page was loaded')
      }

      test(`${library}: the banner is there after each of ${VISITS} visits, and decides`, async t => {
        const tab = await arrive(t, site.url('/page'))
        for (let number = 1; number <= VISITS; number += 1) {
          await visit(tab, `/page?${number}`)
          await untilIn(tab, 'the banner', isShown)
          assert.equal(await tab.evaluate(() => document.querySelectorAll('#consent-banner').length), 1)
        }
        await accepts(tab)
        await untilIn(tab, 'the gated script', () => document.documentElement.dataset.awake === 'yes')
        await visit(tab, `/page?${VISITS + 1}`)
        assert.equal(await tab.evaluate(isShown), false)
      })

      test(`${library}: after Accept every visit has a way to the settings`, async t => {
        const tab = await arrive(t, site.url('/page'))
        await accepts(tab)
        for (let number = 1; number <= VISITS; number += 1) {
          await visit(tab, `/page?${number}`)
          await untilIn(tab, 'a link to the settings', () =>
            [...document.querySelectorAll('[data-consent-action="settings"]')].filter(link => !link.closest('#consent-banner, dialog')).length === 1)
        }
        await tab.evaluate(press, '[data-consent-action="settings"]')
        await untilIn(tab, 'the settings', () => document.querySelector('dialog#consent-settings')?.open)
        assert.equal(await tab.evaluate(() => window.markedByTest), true)
      })

      test(`${library}: what waits on the page of a visit has a placeholder, and loads once after Accept`, async t => {
        const page = html => `/page?html=${encodeURIComponent(`<!doctype html><title>Visit</title><body><h1>Visit</h1>${html}</body>`)}`
        const tab = await arrive(t, readings.url(page('')))
        await visit(tab, page(GATED))
        const waiting = () => {
          const frame = document.querySelector('iframe[data-consent]')
          return [frame?.getAttribute('src'), frame?.previousElementSibling?.matches('[data-consent-placeholder]'), window.ran ?? 0]
        }
        assert.deepEqual(await tab.evaluate(waiting), [null, true, 0])
        await accepts(tab)
        await untilIn(tab, 'the frame', () => document.querySelector('iframe[data-consent]').contentDocument?.body?.textContent === 'loaded')
        await untilIn(tab, 'the script', () => window.ran === 1)
        assert.deepEqual(await tab.evaluate(waiting), ['/gated/film', false, 1])
      })
    }
  })
}

describe('pages that change by themselves', () => {
  let site
  before(async () => { site = await start('cached') })
  after(() => site.stop())

  test('if a page removes the banner again and again, the module stops, and puts it back after the page stops', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    await page.goto(site.url('/page'))
    await ready(page)
    const returns = await page.evaluate(() => new Promise(resolve => {
      let count = 0
      const observer = new MutationObserver(() => {
        const found = document.getElementById('consent-banner')
        if (!found) return
        count += 1
        found.remove()
      })
      observer.observe(document, { childList: true, subtree: true })
      document.getElementById('consent-banner').remove()
      setTimeout(() => { observer.disconnect(); resolve(count) }, 500)
    }))
    assert.ok(returns >= 1 && returns <= 20, `${returns} times in half a second`)
    await banner(page).waitFor({ state: 'visible', timeout: 5000 })
  })

  test('gated scripts in innerHTML wait, and run once after a grant', async t => {
    const visitor = await Visitor.arrive(t)
    const { page } = visitor
    await page.goto(site.url('/page'))
    await ready(page)
    await page.evaluate(() => {
      window.ran = []
      const div = document.createElement('div')
      div.innerHTML = `
        <script type="text/plain" data-consent="functionality" id="classic">window.ran.push('classic ' + document.currentScript.id)</script>
        <script type="text/plain" data-consent="functionality" data-src="/awake.js" src="/awake.js" id="fetched"></script>
        <script type="text/plain" data-consent="functionality" data-type="module">window.ran.push('module')</script>`
      document.body.append(div)
      const made = document.createElement('script')
      made.type = 'text/plain'
      made.dataset.consent = 'functionality'
      made.textContent = 'window.ran.push("made")'
      document.body.append(made)
    })
    const types = () => page.evaluate(() => [...document.querySelectorAll('div script[data-consent]')].map(script => script.type))
    assert.deepEqual(await types(), ['text/plain', 'text/plain', 'text/plain'])
    assert.deepEqual(await page.evaluate(() => window.ran), [])
    await decide(page, 'accept')
    await until('the scripts', async () => (await page.evaluate(() => window.ran.length)) >= 3)
    assert.deepEqual((await page.evaluate(() => window.ran)).sort(), ['classic classic', 'made', 'module'])
    await until('the fetched script', () => page.evaluate(() => document.documentElement.dataset.awake === 'yes'))
    assert.deepEqual(await types(), ['', '', 'module'])
  })
})

describe('without_banner', () => {
  let site
  before(async () => { site = await start('cached', { WITHOUT_BANNER: '1' }) })
  after(() => site.stop())

  test('the module neither fetches nor shows a banner', async t => {
    const visitor = await Visitor.arrive(t)
    const asked = []
    visitor.page.on('request', request => asked.push(new URL(request.url()).pathname))
    await visitor.page.goto(site.url('/page'))
    await ready(visitor.page)
    await visitor.page.evaluate(() => document.body.append(document.createElement('p')))
    await visitor.page.waitForLoadState('networkidle')
    assert.equal(await banner(visitor.page).count(), 0)
    await visitor.page.evaluate(() => window.consentOfTest.accept())
    await visitor.page.reload()
    await ready(visitor.page)
    assert.equal(await banner(visitor.page).count(), 0)
    assert.deepEqual(asked.filter(path => path.endsWith('/banner')), [])
    assert.ok(asked.includes('/consent'), 'the API works')
    await action(visitor.page.locator('body'), 'settings').click()
    await dialog(visitor.page).waitFor({ state: 'visible' })
  })
})
