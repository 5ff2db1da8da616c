// Pages that change without loading: Turbo 8, htmx 2, HTML that scripts insert, and a page that removes the
// banner.

import assert from 'node:assert/strict'
import { createRequire } from 'node:module'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { start } from './harness/site.mjs'
import { action, banner, decide, dialog, isMarked, jarSettles, mark, until } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

const VISITS = 20

const require = createRequire(import.meta.url)
const LIBRARIES = {
  'Turbo 8': path.join(path.dirname(require.resolve('@hotwired/turbo/package.json')), 'dist/turbo.es2017-umd.js'),
  'htmx 2': require.resolve('htmx.org/dist/htmx.min.js'),
}

/** Makes one visit in the page and resolves when the new page is shown. */
const VISIT = {
  'Turbo 8': number => new Promise(resolve => {
    document.addEventListener('turbo:load', resolve, { once: true })
    window.Turbo.visit(`/page?${number}`)
  }),
  'htmx 2': number => new Promise(resolve => {
    document.addEventListener('htmx:afterSettle', resolve, { once: true })
    const link = Object.assign(document.createElement('a'), { href: `/page?${number}` })
    document.body.setAttribute('hx-boost', 'true')
    document.body.append(link)
    window.htmx.process(document.body)
    link.click()
  }),
}

const settingsLinks = page =>
  page.locator('[data-consent-action="settings"]:not(#consent-banner *, dialog *)')

const ready = page => page.evaluate(async () => {
  const { default: init, consent } = await import('/consent/assets/consent.js')
  await init()
  window.consentOfTest = consent
})

describe('visits without a page load', () => {
  let site
  before(async () => { site = await start('cached') })
  after(() => site.stop())

  for (const [library, file] of Object.entries(LIBRARIES)) {
    const arrive = async t => {
      const visitor = await Visitor.arrive(t)
      await visitor.page.goto(site.url('/page'))
      await ready(visitor.page)
      await visitor.page.addScriptTag({ path: file })
      await mark(visitor.page)
      return visitor
    }
    const visit = async (page, number) => {
      await page.evaluate(VISIT[library], number)
      assert.equal(await isMarked(page), true, 'the page was loaded')
      assert.equal(new URL(page.url()).search, `?${number}`)
    }

    test(`${library}: the banner is there after each of ${VISITS} visits, and decides`, async t => {
      const visitor = await arrive(t)
      for (let number = 1; number <= VISITS; number += 1) {
        await visit(visitor.page, number)
        await banner(visitor.page).waitFor({ state: 'visible', timeout: 3000 })
        assert.equal(await banner(visitor.page).count(), 1)
      }
      await decide(visitor.page, 'accept')
      await jarSettles(visitor, ['consent'])
      await visit(visitor.page, VISITS + 1)
      assert.equal(await banner(visitor.page).count(), 0)
    })

    test(`${library}: after Accept every visit has a way to the settings`, async t => {
      const visitor = await arrive(t)
      await decide(visitor.page, 'accept')
      for (let number = 1; number <= VISITS; number += 1) {
        await visit(visitor.page, number)
        await until('a link to the settings', async () => (await settingsLinks(visitor.page).count()) === 1)
      }
      await settingsLinks(visitor.page).click()
      await dialog(visitor.page).waitFor({ state: 'visible' })
      assert.equal(await isMarked(visitor.page), true)
    })
  }

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
