// Pages that a framework renders on the server and hydrates in the browser, with the layer between the two.
//
// The applications of Leptos and Yew are in `tests/frameworks`, and what is built of them is committed there.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { start } from './harness/site.mjs'
import { TABS, untilIn } from './harness/tabs.mjs'
import { serveApplications } from './harness/upstream.mjs'

/** Each application, and what it hydrates. */
const APPLICATIONS = {
  'React 18, an element': 'react-18/plain',
  'React 18, document': 'react-18-document/plain',
  'React 18, document, streamed': 'react-18-document/streamed',
  'React 19, an element': 'react-19/plain',
  'React 19, document': 'react-19-document/plain',
  'React 19, document, streamed': 'react-19-document/streamed',
  'Vue 3, an element': 'vue/plain',
  'Svelte 5, an element': 'svelte/plain',
  'Svelte 5, body': 'svelte-body/plain',
  'Leptos 0.8, body': 'leptos/plain',
  'Leptos 0.8, body, streamed': 'leptos/streamed',
  'Leptos 0.8, islands': 'leptos-islands/plain',
  'Yew 0.23, an element': 'yew-app/plain',
  'Yew 0.23, body': 'yew/plain',
}

/** React 18 compares the children of `head` from the first on, finds ours, and renders the whole document again. */
const RENDERS_AGAIN = new Set(['react-18-document/plain', 'react-18-document/streamed'])

/** Keeps what the page says is wrong, and the first of the elements that hydration must keep. */
const watch = () => {
  if (window.top !== window) return
  const complaints = []
  const first = {}
  Object.assign(window, { complaints, firstOfTest: first })
  for (const level of ['error', 'warn']) {
    const native = console[level]
    console[level] = (...words) => {
      complaints.push(`${level}: ${words.map(String).join(' ').slice(0, 300)}`)
      native.apply(console, words)
    }
  }
  addEventListener('error', event => complaints.push(`uncaught: ${event.message}`))
  addEventListener('unhandledrejection', event => complaints.push(`rejected: ${event.reason}`))
  new MutationObserver(() => {
    for (const selector of ['html', 'body', 'header', 'main', 'h1', '#count']) first[selector] ??= document.querySelector(selector)
  }).observe(document, { childList: true, subtree: true })
}

/** What is seen of a page. */
const look = () => ({
  complaints: window.complaints,
  replaced: Object.entries(window.firstOfTest).filter(([selector, element]) => element !== document.querySelector(selector)).map(([selector]) => selector),
  banners: document.querySelectorAll('#consent-banner').length,
  isBannerShown: document.getElementById('consent-banner')?.checkVisibility() ?? false,
  consent: /consent=[^;]*functionality:(\w)/.exec(document.cookie)?.[1] ?? '',
  settingsLinks: [...document.querySelectorAll('[data-consent-action="settings"]')].filter(link => !link.closest('#consent-banner, dialog, .consent-placeholder')).length,
  placeholders: document.querySelectorAll('[data-consent-placeholder]').length,
})

const count = () => document.getElementById('count')?.textContent
const press = selector => document.querySelector(selector).click()

/** Presses the counter until it counts: the page is hydrated then. One press more counts one. */
async function counts(tab) {
  await untilIn(tab, 'a counter that counts', () => {
    const button = document.getElementById('count')
    const before = button?.textContent
    button?.click()
    return new Promise(resolve => setTimeout(() => resolve(document.getElementById('count')?.textContent !== before), 20))
  })
  const before = Number((await tab.evaluate(count)).replace('Count ', ''))
  await tab.evaluate(press, '#count')
  await untilIn(tab, 'one press', expected => document.getElementById('count').textContent === expected, `Count ${before + 1}`)
}

/** Waits until the module drives the page: a press before would send the form, and the page would go. */
const ready = () => import('/consent/assets/consent.js').then(({ default: init }) => init()).then(() => true)

/**
 * The page works, is as it was sent, and says nothing is wrong. `consent` is the letter in the consent cookie. A page
 * that `rendersAgain` works as well, but has other elements now, and says so.
 */
async function isWhole(tab, consent, rendersAgain = false) {
  await counts(tab)
  await tab.evaluate(ready)
  const asks = consent === ''
  // What is put back is put back before the next frame is drawn.
  await untilIn(tab, asks ? 'the banner' : 'no banner', asked => !!document.getElementById('consent-banner')?.checkVisibility() === asked, asks)
  await untilIn(tab, 'a link to the settings', () => [...document.querySelectorAll('[data-consent-action="settings"]')].some(link => link.checkVisibility()))
  const { settingsLinks, placeholders, ...seen } = await tab.evaluate(look)
  if (rendersAgain) {
    for (const complaint of seen.complaints.splice(0)) assert.match(complaint, /hydrat|Expected server HTML/i)
    assert.ok(seen.replaced.splice(0).length, 'nothing was rendered again')
    if (tab.visitor) tab.visitor.reports = tab.visitor.reports.filter(report => !/hydrat/i.test(report))
  }
  assert.deepEqual(seen, { complaints: [], replaced: [], banners: asks ? 1 : 0, isBannerShown: asks, consent })
  // A placeholder has such a link, too.
  if (!asks && !placeholders) assert.equal(settingsLinks, 1)
}

const decides = (tab, letter) =>
  untilIn(tab, 'the decision', expected => document.cookie.includes(`functionality:${expected}`) && !document.getElementById('consent-banner')?.checkVisibility(), letter)

/** Presses Tab until the focus is on the control of that decision, and returns what had the focus. */
async function tabTo(tab, action) {
  const way = []
  while (!way.includes(action)) {
    assert.ok(way.length < 20, `Tab reaches ${way.join(', ')}`)
    await tab.press('Tab')
    way.push(await tab.evaluate(() => {
      const { dataset, id, localName } = document.activeElement
      return dataset.consentAction ?? (id || localName)
    }))
  }
  return way
}

let upstream, site
before(async () => {
  upstream = await serveApplications()
  site = await start('proxied', { UPSTREAM: String(upstream.port) })
})
after(async () => {
  await site?.stop()
  await upstream?.stop()
})

for (const [browser, open] of Object.entries(TABS)) {
  describe(browser, () => {
    for (const [name, address] of Object.entries(APPLICATIONS)) {
      const rendersAgain = RENDERS_AGAIN.has(address)
      test(`${name}: undecided, granted, withdrawn, refused${rendersAgain ? ', rendered again' : ''}`, async t => {
        const whole = (tab, consent) => isWhole(tab, consent, rendersAgain)
        const tab = await open(t, { preload: watch })
        await tab.show(site.url(`/${address}`))
        await whole(tab, '')
        const way = await tabTo(tab, 'accept')
        // If a framework removed the banner and the link, the module may put back the link first.
        assert.deepEqual(way.filter(step => step !== 'settings'), ['a', 'count', 'accept'])
        await tab.press('Enter')
        await decides(tab, 'g')
        await whole(tab, 'g')
        await tab.reload()
        await whole(tab, 'g')
        await tab.evaluate(press, '[data-consent-action="settings"]')
        await untilIn(tab, 'the settings', () => document.querySelector('dialog#consent-settings')?.open)
        await tab.evaluate(press, '#consent-settings button[value="withdraw"]')
        await decides(tab, 'r')
        await whole(tab, 'r')
        await tab.reload()
        await whole(tab, 'r')

        const other = await open(t, { preload: watch })
        await other.show(site.url(`/${address}`))
        await whole(other, '')
        await other.evaluate(press, '#consent-banner [data-consent-action="refuse"]')
        await decides(other, 'r')
        await whole(other, 'r')
        await other.reload()
        await whole(other, 'r')
      })
    }
  })
}

/** The pages with a frame and a script that wait, in an element whose content the framework does not read. */
const WRAPPED = ['react-18', 'react-19', 'vue', 'svelte', 'leptos', 'leptos-islands', 'yew']

/** The pages with a frame and a script that wait, between the elements of the framework. */
const BETWEEN = ['react-18', 'react-19', 'vue', 'svelte']

/** What has become of the frame and the script that wait. */
const waiting = () => {
  const frame = document.querySelector('iframe[data-consent]')
  return {
    isLoaded: frame?.contentDocument?.title === 'Frame',
    hasPlaceholder: frame?.previousElementSibling?.matches('[data-consent-placeholder]') ?? false,
    hasRun: document.documentElement.dataset.awake === 'yes',
  }
}
const WAITS = { isLoaded: false, hasPlaceholder: true, hasRun: false }
const IS_LIVE = { isLoaded: true, hasPlaceholder: false, hasRun: true }

async function accept(tab) {
  await tab.evaluate(ready)
  await tab.evaluate(press, '#consent-banner [data-consent-action="accept"]')
  await decides(tab, 'g')
}

for (const [browser, open] of Object.entries(TABS)) {
  describe(`what waits for consent, in ${browser}`, () => {
    for (const name of WRAPPED) {
      test(`${name}: in an element of its own, it loads and goes`, async t => {
        const tab = await open(t, { preload: watch })
        await tab.show(site.url(`/${name}/wrapped`))
        await isWhole(tab, '')
        assert.deepEqual(await tab.evaluate(waiting), WAITS)
        await accept(tab)
        await untilIn(tab, 'the frame', () => document.querySelector('iframe').contentDocument?.title === 'Frame')
        await untilIn(tab, 'the script', () => document.documentElement.dataset.awake)
        assert.deepEqual(await tab.evaluate(waiting), IS_LIVE)
        await isWhole(tab, 'g')
        await tab.reload()
        await isWhole(tab, 'g')
        assert.deepEqual(await tab.evaluate(waiting), IS_LIVE)
        await tab.evaluate(() => {
          window.frameOfTest = document.querySelector('iframe')
          document.addEventListener('consent:reload', event => event.preventDefault())
        })
        await tab.evaluate(press, '[data-consent-action="settings"]')
        await untilIn(tab, 'the settings', () => document.querySelector('dialog#consent-settings')?.open)
        await tab.evaluate(press, '#consent-settings button[value="withdraw"]')
        await decides(tab, 'r')
        await counts(tab)
        const { isLoaded } = await tab.evaluate(waiting)
        const isSame = await tab.evaluate(() => window.frameOfTest === document.querySelector('iframe'))
        assert.deepEqual({ isLoaded, isSame }, { isLoaded: false, isSame: true })
        await tab.reload()
        await isWhole(tab, 'r')
        assert.deepEqual(await tab.evaluate(waiting), WAITS)
      })
    }

    for (const name of BETWEEN) {
      test(`${name}: between its elements and without a placeholder, it waits and loads`, async t => {
        const tab = await open(t, { preload: watch })
        await tab.show(site.url(`/${name}/gated`))
        await isWhole(tab, '')
        assert.deepEqual(await tab.evaluate(waiting), { ...WAITS, hasPlaceholder: false })
        await accept(tab)
        await untilIn(tab, 'the frame', () => document.querySelector('iframe').contentDocument?.title === 'Frame')
        await untilIn(tab, 'the script', () => !document.querySelector('script[data-consent]') || document.documentElement.dataset.awake)
        await isWhole(tab, 'g')
        await tab.reload()
        await counts(tab)
        // Development builds compare attributes, and those of what is live are others. They change nothing.
        const others = text => /attribute|did not match|contains mismatches/.test(text)
        const { complaints, placeholders, ...seen } = await tab.evaluate(look)
        assert.equal(placeholders, 0)
        assert.deepEqual({ ...seen, complaints: complaints.filter(text => !others(text)) },
          { complaints: [], replaced: [], banners: 0, isBannerShown: false, consent: 'g', settingsLinks: 1 })
      })
    }

    for (const name of ['react-18', 'react-19', 'vue']) {
      test(`${name}: a placeholder between its elements makes it render again, and the page works`, async t => {
        const tab = await open(t, { preload: watch })
        await tab.show(site.url(`/${name}/placed`))
        await counts(tab)
        const { complaints, replaced } = await tab.evaluate(look)
        assert.ok(replaced.includes('#count'))
        assert.ok(complaints.some(text => /hydrat/i.test(text)))
        await accept(tab)
        await untilIn(tab, 'the frame', () => document.querySelector('iframe').contentDocument?.title === 'Frame')
        await untilIn(tab, 'the script', () => document.documentElement.dataset.awake)
        await counts(tab)
        if (tab.visitor) tab.visitor.reports.length = 0
      })
    }
  })
}

describe('an early banner', () => {
  let early
  before(async () => { early = await start('proxied', { UPSTREAM: String(upstream.port), EARLY_BANNER: '1' }) })
  after(() => early.stop())

  // Also shows that the tests above can fail.
  test('stops what hydrates the body', async t => {
    const tab = await TABS.Chromium(t, { preload: watch })
    for (const address of ['leptos/plain', 'yew/plain']) {
      await tab.show(early.url(`/${address}`))
      const complaints = await untilIn(tab, 'the panic', () => window.complaints.length && window.complaints)
      assert.match(complaints.join(), /unreachable|panicked/)
      await tab.evaluate(press, '#count')
      assert.equal(await tab.evaluate(count), 'Count 0', address)
    }
    tab.visitor.reports.length = 0
  })
})
