// The view of visitors in bad conditions: a slow processor, a slow or lost network, paper, a content blocker,
// an old engine.

import assert from 'node:assert/strict'
import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { root, start, startSite } from './harness/site.mjs'
import { action, banner, dialog, openSettings, until } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

let site
let stage
before(async () => {
  site = await startSite()
  stage = await start('stage')
})
after(async () => {
  await site.stop()
  await stage.stop()
})

async function arrive(t, address = site.url('/notes'), options) {
  const visitor = await Visitor.arrive(t, options)
  await visitor.page.goto(address)
  await visitor.page.waitForLoadState('networkidle')
  return visitor
}

describe('a processor that is four times slower', () => {
  for (const viewport of [{ width: 360, height: 640 }, { width: 1280, height: 800 }]) {
    for (const javaScript of [true, false]) {
      const how = javaScript ? 'with' : 'without'
      test(`nothing shifts at ${viewport.width}x${viewport.height}, ${how} scripts`, async t => {
        const visitor = await Visitor.arrive(t, { viewport })
        const { page } = visitor
        const devtools = await visitor.devtools()
        await devtools.send('Emulation.setCPUThrottlingRate', { rate: 4 })
        await page.addInitScript(() => {
          window.shiftsOfTest = []
          new PerformanceObserver(list => {
            for (const { value, sources } of list.getEntries()) {
              const isOurs = sources.some(({ node }) => (node?.parentElement ?? node)?.closest('[id^=consent-]'))
              window.shiftsOfTest.push({ value, isOurs })
            }
          }).observe({ type: 'layout-shift', buffered: true })
        })
        // The observer is a script of the test. The page's own scripts do not load.
        if (!javaScript) await page.route(/\/consent\/assets\/.*\.js$/, route => route.abort())
        for (let run = 0; run < 5; run += 1) {
          for (const address of [site.url('/notes'), `${stage.origin}/ours/inline`, `${stage.origin}/ours/linked`]) {
            await page.goto(address)
            await page.waitForLoadState('networkidle')
            assert.equal(await banner(page).isVisible(), true)
            // The columns of the demo may shift while they load. The other page has no content that could
            // shift.
            const shifts = await page.evaluate(() => window.shiftsOfTest)
            const counted = address.startsWith(stage.origin) ? shifts : shifts.filter(({ isOurs }) => isOurs)
            assert.deepEqual(counted, [], `${address}, run ${run + 1}`)
          }
        }
      })
    }
  }

  test('an incomplete banner is not painted', async t => {
    const { page } = await arrive(t)
    const painted = await page.evaluate(() => {
      const whole = document.getElementById('consent-banner')
      const seen = () => getComputedStyle(whole).visibility
      const states = [seen()]
      while (whole.lastChild) {
        whole.lastChild.remove()
        states.push(seen())
      }
      return states
    })
    assert.equal(painted[0], 'visible')
    assert.ok(painted.length > 5 && painted.slice(1).every(state => state === 'hidden'), painted.join())
  })
})

const status = page => page.evaluate(() =>
  [...document.querySelectorAll('[role=status]')].map(region => region.textContent).filter(Boolean))
/** The status that a visitor can see. */
const shownStatus = page => page.evaluate(() =>
  [...document.querySelectorAll('[role=status]:not([data-consent-quiet])')].map(region => region.textContent).filter(Boolean))
const PENDING = 'Your choice is already in effect, but could not be saved yet. We try again while this page is open.'
const UNSAVED = 'Your choice could not be saved. Nothing has changed. You can try again.'
const SAVED = 'Your choice is saved.'

describe('each press gets an immediate and true message', () => {
  /** The decision waits for the test. */
  const holding = async page => {
    let release
    const held = new Promise(done => { release = done })
    await page.route(url => url.pathname === '/consent', async route => {
      if (route.request().method() !== 'POST') return route.continue()
      await held
      return route.continue()
    })
    return release
  }
  /** Presses, and gives what stands in the page before anything else happens. */
  const press = (scope, word) => action(scope, word).evaluate(button => {
    button.focus()
    button.click()
    const regions = [...document.querySelectorAll('[role=status]')]
    return {
      busy: button.form.getAttribute('aria-busy'),
      opacity: getComputedStyle(button).opacity,
      said: regions.map(region => region.textContent).filter(Boolean),
      focused: document.activeElement === button,
    }
  })

  test('on a slow network Accept shows progress before the response', async t => {
    const { page } = await arrive(t)
    const release = await holding(page)
    const at = await press(banner(page), 'accept')
    assert.deepEqual(at, { busy: 'true', opacity: '0.6', said: ['Your choice is being saved.'], focused: true })
    release()
    await banner(page).waitFor({ state: 'hidden' })
    await until('the news', async () => (await status(page)).join() === SAVED)
  })

  test('offline Accept says that nothing has changed, and works later', async t => {
    const visitor = await arrive(t)
    const { page } = visitor
    await page.context().setOffline(true)
    const at = await press(banner(page), 'accept')
    assert.deepEqual(at.said, ['Your choice is being saved.'])
    await until('the truth', async () => (await shownStatus(page)).join() === UNSAVED)
    assert.equal(await banner(page).isVisible(), true)
    assert.equal(await action(banner(page), 'accept').evaluate(button => button.form.getAttribute('aria-busy')), 'false')
    assert.equal(await action(banner(page), 'accept').evaluate(button => button === document.activeElement), true)
    assert.deepEqual(await visitor.cookieNames(), [])
    await page.context().setOffline(false)
    await action(banner(page), 'accept').click()
    await banner(page).waitFor({ state: 'hidden' })
    await until('the news', async () => (await status(page)).join() === SAVED)
  })

  test('offline Reject takes effect, and is called saved only when it is', async t => {
    const visitor = await arrive(t)
    const { page } = visitor
    await page.context().setOffline(true)
    await action(banner(page), 'refuse').click()
    await banner(page).waitFor({ state: 'hidden' })
    await until('the truth', async () => (await shownStatus(page)).join() === PENDING)
    assert.deepEqual(await visitor.cookieNames(), [])
    await page.context().setOffline(false)
    await until('the news', async () => (await status(page)).join() === SAVED, 10_000)
    assert.match((await visitor.cookie('consent')).value, /:r$/)
  })

  test('in the dialog too', async t => {
    const { page } = await arrive(t)
    await openSettings(page)
    await page.context().setOffline(true)
    const at = await press(dialog(page), 'accept')
    assert.deepEqual(at.said, ['Your choice is being saved.'])
    await until('the truth', async () => (await shownStatus(page)).join() === UNSAVED)
    assert.equal(await dialog(page).isVisible(), true)
    await page.context().setOffline(false)
    await action(dialog(page), 'accept').click()
    await dialog(page).waitFor({ state: 'hidden' })
    await until('the news', async () => (await status(page)).join() === SAVED)
  })
})

describe('paper, blockers and search engines', () => {
  test('nothing of ours is printed', async t => {
    const { page } = await arrive(t, `${stage.origin}/ours/inline`)
    await page.emulateMedia({ media: 'print' })
    assert.equal(await banner(page).isVisible(), false)
    assert.equal(await page.locator('.consent-settings-link').isVisible(), false)
    assert.equal(await page.evaluate(() => getComputedStyle(document.documentElement).paddingBottom), '0px')
  })

  test('a rule that hides the banner leaves no empty space', async t => {
    const { page } = await arrive(t)
    const foot = () => page.evaluate(() => getComputedStyle(document.documentElement).paddingBottom)
    assert.notEqual(await foot(), '0px')
    const devtools = await page.context().newCDPSession(page)
    await devtools.send('DOM.enable')
    await devtools.send('CSS.enable')
    const { frameTree } = await devtools.send('Page.getFrameTree')
    const { styleSheetId } = await devtools.send('CSS.createStyleSheet', { frameId: frameTree.frame.id })
    await devtools.send('CSS.setStyleSheetText', { styleSheetId, text: '#consent-banner{display:none!important}' })
    await until('the foot to go', async () => (await foot()) === '0px')
    await devtools.send('CSS.setStyleSheetText', { styleSheetId, text: '' })
    await until('the foot to come back', async () => (await foot()) !== '0px')
  })

  test('the banner is no snippet of a search result', async t => {
    const { page } = await arrive(t)
    assert.equal(await banner(page).evaluate(element => element.hasAttribute('data-nosnippet')), true)
  })

  test('the link that the layer adds is in a landmark with a name', async t => {
    const { page } = await arrive(t, `${stage.origin}/ours/inline`)
    const link = page.locator('.consent-settings-link')
    assert.equal(await link.evaluate(element => `${element.localName} ${element.getAttribute('aria-label')}`), 'nav Cookie settings')
  })
})

for (const how of ['asked together', 'one asked and one told']) {
  test(`two categories, ${how}, need no scrollbar at 1200x800, and the page's end clears the banner`, async t => {
    const { page } = await arrive(t, `${stage.origin}/ours/inline`, { viewport: { width: 1200, height: 800 } })
    const seen = await page.evaluate(how => {
      const shown = document.getElementById('consent-banner')
      const list = shown.querySelector('dl')
      const more = list.cloneNode(true)
      if (how === 'asked together') list.append(...more.children)
      else list.after(shown.querySelector('p').cloneNode(true), more)
      list.parentNode.insertBefore(Object.assign(document.createElement('p'), { textContent: 'Providers: Counting Ltd.' }), shown.querySelector('form'))
      const box = shown.getBoundingClientRect()
      const room = parseFloat(getComputedStyle(document.documentElement).paddingBottom)
      return { over: shown.scrollHeight - shown.clientHeight, clear: room >= innerHeight - box.top }
    }, how)
    assert.deepEqual(seen, { over: 0, clear: true })
  })
}

test('a frame that waits has no box below its placeholder', async t => {
  const { page } = await arrive(t, site.url('/'))
  const frame = page.locator('.consent-placeholder + iframe[data-src]')
  assert.equal(await frame.count(), 1)
  assert.equal(await frame.isVisible(), false)
  await action(banner(page), 'accept').click()
  await page.locator('iframe[src]').first().waitFor({ state: 'visible' })
})

describe('browsers at the floor (Chromium 100, Firefox 100, Safari 15.4)', () => {
  const dist = path.join(root, 'consent-wasm', 'dist')
  const file = pattern => readFileSync(path.join(dist, readdirSync(dist).find(name => pattern.test(name))), 'utf8')

  for (const name of ['consent', 'page']) {
    test(`${name}.css uses unsupported features only in @supports and in separate rules`, () => {
      const css = file(new RegExp(`^${name}-\\w+\\.css$`)).replace(/@supports[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}/g, '')
      assert.doesNotMatch(css, /light-dark|@container|container-type|inline-end;|float:\s*inline|@layer|@scope|color-mix|oklch|&/)
      // If a browser does not know one selector of a list, it drops the whole rule.
      for (const [, selectors] of css.matchAll(/([^{}]+)\{/g)) {
        if (/:has\(/.test(selectors)) assert.doesNotMatch(selectors.replace(/\([^()]*(\([^()]*\)[^()]*)*\)/g, ''), /,/, selectors)
      }
    })
  }

  test('the module is instantiated asynchronously', () => {
    const js = file(/^module-\w+\.js$/)
    assert.match(js, /WebAssembly\.instantiate\(/)
    assert.doesNotMatch(js, /new WebAssembly\.(Instance|Module)/)
  })
})
