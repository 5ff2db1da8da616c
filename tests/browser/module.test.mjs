// The module: everything without a reload, in every tab, over back and forward.

import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { startSite } from './harness/site.mjs'
import {
  action, banner, decide, dialog, isMarked, jarSettles, mark, openSettings, until, withdraw,
} from './harness/steps.mjs'
import { NOTHING_STORED, Visitor, storages } from './harness/visitor.mjs'

let site
before(async () => { site = await startSite() })
after(() => site.stop())

async function arrive(t, path = '/', options) {
  const visitor = await Visitor.arrive(t, options)
  await visitor.page.goto(site.url(path))
  await ready(visitor.page)
  return visitor
}

/** The module has loaded: its own API answers. */
const ready = page => page.evaluate(async () => {
  const { default: init, consent } = await import('/consent/assets/consent.js')
  await init()
  window.consentOfTest = consent
})

const map = page => page.frames().find(frame => frame.url().includes('/embed/office-map'))

describe('decisions without a reload', () => {
  test('accept and reject leave the page where it is, and write the same cookie as the forms', async t => {
    for (const [word, letter] of [['accept', 'g'], ['refuse', 'r']]) {
      const visitor = await arrive(t)
      await mark(visitor.page)
      await decide(visitor.page, word)
      await jarSettles(visitor, ['consent'])
      assert.match((await visitor.cookie('consent')).value, new RegExp(`^\\d+-\\d{8}\\.functionality:${letter}$`))
      assert.equal(await isMarked(visitor.page), true, `${word} loaded the page again`)
      assert.equal(await banner(visitor.page).count(), 0, 'hidden is not gone')
    }
  })

  test('the settings open as a dialog, show the state, and save it', async t => {
    // No gated script runs here that only a reload would end.
    const visitor = await arrive(t, '/notes')
    await mark(visitor.page)
    for (const granted of [true, false, true]) {
      const settings = await openSettings(visitor.page)
      const box = settings.locator('input[name="category"][value="functionality"]')
      assert.equal(await box.isChecked(), granted ? false : true, 'the box shows the state')
      await box.setChecked(granted, { force: true })
      await settings.locator('button[value="save"]').click()
      await dialog(visitor.page).waitFor({ state: 'hidden' })
      await until('the decision', async () =>
        (await visitor.cookie('consent').catch(() => ({ value: '' }))).value.endsWith(granted ? ':g' : ':r'))
    }
    assert.equal(await isMarked(visitor.page), true)
  })

  test('closing the settings decides nothing', async t => {
    const visitor = await arrive(t)
    const settings = await openSettings(visitor.page)
    await settings.locator('input[name="category"]').first().setChecked(true, { force: true })
    await action(settings, 'close').first().click()
    await dialog(visitor.page).waitFor({ state: 'hidden' })
    assert.deepEqual(await visitor.cookieNames(), [])
    assert.equal(await banner(visitor.page).isVisible(), true)
    const again = await openSettings(visitor.page)
    assert.equal(await again.locator('input[name="category"]').first().isChecked(), false, 'edits are discarded')
  })

  test('withdrawing takes no more presses than granting', async t => {
    const visitor = await arrive(t)
    let presses = 0
    await visitor.page.exposeFunction('pressed', () => { presses += 1 })
    await visitor.page.evaluate(() => document.addEventListener('click', () => window.pressed(), true))
    await openSettings(visitor.page)
    await action(dialog(visitor.page), 'accept').first().click()
    await jarSettles(visitor, ['consent'])
    const granting = presses
    await until('the dialog', async () => !(await dialog(visitor.page).isVisible()))
    await withdraw(visitor.page)
    await until('the withdrawal', async () => (await visitor.cookie('consent')).value.endsWith(':r'))
    assert.ok(presses - granting <= granting, `${presses - granting} presses to withdraw, ${granting} to grant`)
  })
})

describe('what waits for consent', () => {
  test('the embed and the scripts wake on Accept, and are gone after Withdraw', async t => {
    const visitor = await arrive(t)
    const requests = []
    visitor.page.on('request', request => requests.push(new URL(request.url()).pathname))
    await visitor.page.locator('.map').scrollIntoViewIfNeeded()
    assert.equal(map(visitor.page), undefined)
    assert.equal(await visitor.page.locator('#visits[data-awake]').count(), 0)

    await decide(visitor.page, 'accept')
    await visitor.page.locator('.map').scrollIntoViewIfNeeded()
    await until('the map', async () => map(visitor.page))
    await visitor.page.locator('#visits[data-awake]').waitFor()
    await visitor.page.locator('#last-read[data-awake]').waitFor()
    const visits = requests.indexOf('/static/visits.js')
    const lastRead = requests.indexOf('/static/last-read.js')
    assert.ok(visits >= 0 && visits < lastRead, 'scripts wake in document order')
    assert.deepEqual((await storages(visitor.page)).local, ['visits'])

    await withdraw(visitor.page)
    await until('the map to go', async () => !map(visitor.page))
    await jarSettles(visitor, ['consent'])
    await until('the storage to be cleared', async () => (await storages(visitor.page)).local.length === 0)
    await visitor.page.goto(site.url('/'))
    await visitor.page.waitForTimeout(300)
    assert.equal(map(visitor.page), undefined)
    assert.deepEqual(await storages(visitor.page), NOTHING_STORED)
  })

  test('the button before the embed grants, and a refusal is not asked again there', async t => {
    const visitor = await arrive(t)
    await visitor.page.locator('.map').scrollIntoViewIfNeeded()
    await visitor.page.locator('.map button').click()
    await until('the map', async () => map(visitor.page))
    await jarSettles(visitor, ['consent'])

    const refusing = await arrive(t)
    await decide(refusing.page, 'refuse')
    await refusing.page.goto(site.url('/'))
    assert.equal(await refusing.page.locator('.map button').count(), 0)
    assert.ok(await refusing.page.locator('.map [data-consent-action="settings"]').count() > 0)
  })

  test('what the page inserts later is gated too, and wakes once', async t => {
    const visitor = await arrive(t, '/notes')
    await visitor.page.evaluate(() => {
      const frame = document.createElement('iframe')
      frame.dataset.consent = 'functionality'
      frame.dataset.src = '/embed/office-map'
      frame.id = 'late'
      document.querySelector('main').append(frame)
    })
    await visitor.page.waitForTimeout(200)
    assert.equal(map(visitor.page), undefined)
    await decide(visitor.page, 'accept')
    await until('the late map', async () => map(visitor.page))
  })
})

describe('tabs and history', () => {
  test('a second tab follows within a second, both ways', async t => {
    const visitor = await arrive(t, '/notes')
    const other = await visitor.newTab()
    await other.goto(site.url('/notes'))
    await ready(other)
    await mark(other)
    await decide(visitor.page, 'accept')
    await until('the other tab', async () => (await banner(other).count()) === 0, 1000)
    await until('the other tab', () => other.evaluate(() => window.consentOfTest.allows('functionality')), 1000)
    await withdraw(visitor.page)
    await until('the other tab', () => other.evaluate(() => !window.consentOfTest.allows('functionality')), 1000)
    assert.equal(await isMarked(other), true)
    await jarSettles(visitor, ['consent'])
  })

  test('back and forward show the current state', async t => {
    const visitor = await arrive(t, '/notes')
    await visitor.page.goto(site.url('/preferences'))
    await ready(visitor.page)
    await decide(visitor.page, 'refuse')
    await jarSettles(visitor, ['consent'])
    await visitor.page.goBack()
    await until('the page before', async () => !(await banner(visitor.page).isVisible()))
    await openSettings(visitor.page)
    await visitor.page.locator('dialog#consent-settings button[value="accept"]').first().click()
    await until('the decision', async () => (await visitor.cookie('consent')).value.endsWith(':g'))
    await visitor.page.goForward()
    await ready(visitor.page)
    await until('the page after', () => visitor.page.evaluate(() => window.consentOfTest.allows('functionality')))
  })

  test('a decision by form reaches an open tab when the visitor comes back to it', async t => {
    const visitor = await arrive(t)
    const other = await visitor.newTab()
    await other.goto(site.url('/consent'))
    await other.locator('button[value="refuse"]').first().click()
    await jarSettles(visitor, ['consent'])
    // What a person's return to the tab raises; in a headless browser every tab is in view.
    await visitor.page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')))
    await until('the first tab', async () => (await banner(visitor.page).count()) === 0, 1000)
  })
})

describe('the API', () => {
  test('answers, tells of changes, and refuses what it does not know', async t => {
    const visitor = await arrive(t)
    const seen = await visitor.page.evaluate(async () => {
      const consent = window.consentOfTest
      const events = []
      document.addEventListener('consent:change', () => events.push('event'))
      const stop = consent.onChange(() => events.push('listener'))
      const before = [consent.state('functionality'), consent.allows('functionality')]
      await consent.save({ functionality: true })
      const granted = [consent.state('functionality'), consent.allows('functionality')]
      await consent.withdraw()
      const withdrawn = [consent.state('functionality'), consent.allows('functionality')]
      const count = events.length
      if (typeof stop === 'function') stop()
      const errors = []
      for (const call of [
        () => consent.state('marketing'),
        () => consent.allows('marketing'),
        () => consent.save({ marketing: true }),
      ]) {
        try {
          await call()
          errors.push('none')
        } catch (error) {
          errors.push('thrown')
        }
      }
      return { before, granted, withdrawn, count, kinds: [...new Set(events)].sort(), errors }
    })
    assert.deepEqual(seen.before, ['undecided', false])
    assert.deepEqual(seen.granted, ['granted', true])
    assert.deepEqual(seen.withdrawn, ['refused', false])
    assert.equal(seen.count, 4)
    assert.deepEqual(seen.kinds, ['event', 'listener'])
    assert.deepEqual(seen.errors, ['thrown', 'thrown', 'thrown'])
    assert.match((await visitor.cookie('consent')).value, /:r$/)
  })

  test('preferences stay in memory until granted, persist then, and go on withdrawal', async t => {
    const visitor = await arrive(t, '/notes/one-press')
    const preferences = (method, ...given) => visitor.page.evaluate(
      ([method, given]) => window.consentOfTest.preferences[method](...given), [method, given])
    await preferences('set', 'reading-size', 'large')
    assert.equal(await preferences('get', 'reading-size'), 'large', 'in memory')
    assert.deepEqual(await storages(visitor.page), NOTHING_STORED)
    await decide(visitor.page, 'accept')
    await until('what was in memory', async () => (await storages(visitor.page)).local.includes('reading-size'))

    await visitor.page.reload()
    await ready(visitor.page)
    assert.equal(await preferences('get', 'reading-size'), 'large', 'persisted')
    await withdraw(visitor.page)
    await until('the erasure', async () => !(await storages(visitor.page)).local.includes('reading-size'))
    await visitor.page.reload()
    await ready(visitor.page)
    assert.ok((await preferences('get', 'reading-size')) == null, 'erased')
  })

  test('blocked and full storage never throws', async t => {
    const blocked = await arrive(t, '/notes/one-press', { cookiesBlocked: true })
    const value = await blocked.page.evaluate(async () => {
      const { preferences } = window.consentOfTest
      preferences.set('reading-size', 'large')
      await window.consentOfTest.accept().catch(() => {})
      preferences.set('reading-size', 'small')
      return preferences.get('reading-size')
    })
    assert.equal(value, 'small')

    const full = await arrive(t, '/notes/one-press')
    await decide(full.page, 'accept')
    const kept = await full.page.evaluate(() => {
      const setItem = Storage.prototype.setItem
      Storage.prototype.setItem = () => { throw new DOMException('full', 'QuotaExceededError') }
      try {
        window.consentOfTest.preferences.set('reading-size', 'large')
        return window.consentOfTest.preferences.get('reading-size')
      } finally {
        Storage.prototype.setItem = setItem
      }
    })
    assert.equal(kept, 'large')
  })
})

describe('a decision that does not arrive', () => {
  const failing = async (visitor, how) =>
    visitor.page.route(url => url.pathname === '/consent', route =>
      route.request().method() === 'POST' ? how(route) : route.continue())
  const WAYS = {
    'the network fails': route => route.abort('failed'),
    'the server answers 500': route => route.fulfill({ status: 500, body: '' }),
  }

  for (const [name, way] of Object.entries(WAYS)) {
    test(`${name}: a grant changes nothing and rejects`, async t => {
      const visitor = await arrive(t)
      await failing(visitor, way)
      const result = await visitor.page.evaluate(() =>
        window.consentOfTest.accept().then(() => 'resolved', () => 'rejected'))
      assert.equal(result, 'rejected')
      assert.equal(await visitor.page.evaluate(() => window.consentOfTest.allows('functionality')), false)
      assert.deepEqual(await visitor.cookieNames(), [])
      assert.equal(await visitor.page.locator('#visits[data-awake]').count(), 0)
    })

    test(`${name}: a withdrawal takes effect in the page at once, and is sent again`, async t => {
      const visitor = await arrive(t)
      await decide(visitor.page, 'accept')
      await visitor.page.locator('#visits[data-awake]').waitFor()
      let posts = 0
      await failing(visitor, route => {
        posts += 1
        return posts <= 1 ? way(route) : route.continue()
      })
      await visitor.page.evaluate(() => void window.consentOfTest.withdraw().catch(() => {}))
      await until('the page', () => visitor.page.evaluate(() => !window.consentOfTest.allows('functionality')), 1000)
      await until('the storage', async () => (await storages(visitor.page)).local.length === 0, 3000)
      await until('the retry', async () => {
        // Coming back to the page is one of the occasions.
        await visitor.page.evaluate(() => {
          window.dispatchEvent(new Event('online'))
          document.dispatchEvent(new Event('visibilitychange'))
        }).catch(() => {})
        return (await visitor.cookie('consent')).value.endsWith(':r')
      }, 15_000)
    })
  }
})

describe('the banner in the page', () => {
  test('a second banner goes', async t => {
    const visitor = await Visitor.arrive(t)
    await visitor.page.route(site.url('/notes'), async route => {
      const response = await route.fetch()
      const html = await response.text()
      const [section] = /<section[^>]*id="consent-banner"[\s\S]*?<\/section>/.exec(html)
      await route.fulfill({ response, body: html.replace('</main>', `</main>${section}`) })
    })
    await visitor.page.goto(site.url('/notes'))
    await ready(visitor.page)
    await until('one banner', async () => (await banner(visitor.page).count()) === 1)
    await decide(visitor.page, 'refuse')
    await jarSettles(visitor, ['consent'])
    assert.equal(await banner(visitor.page).count(), 0)
  })

  test('removed by the page while a decision is due, it comes back, and decides', async t => {
    const visitor = await arrive(t, '/notes')
    await visitor.page.evaluate(() => document.getElementById('consent-banner').remove())
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'refuse')
    await visitor.page.waitForTimeout(300)
    assert.equal(await banner(visitor.page).count(), 0, 'after a decision it stays away')
    await jarSettles(visitor, ['consent'])
  })

  test('a body that is exchanged keeps the banner and its buttons', async t => {
    const visitor = await arrive(t, '/notes')
    await visitor.page.evaluate(() => {
      const body = document.createElement('body')
      const main = document.createElement('main')
      main.textContent = 'another page'
      body.append(main)
      document.body.replaceWith(body)
    })
    await banner(visitor.page).waitFor({ state: 'visible' })
    await mark(visitor.page)
    await decide(visitor.page, 'accept')
    await jarSettles(visitor, ['consent'])
    assert.equal(await isMarked(visitor.page), true)
  })

  test('what visitors write into a page is neither rules nor in the way', async t => {
    const visitor = await Visitor.arrive(t)
    const asked = []
    visitor.page.on('request', request => asked.push(request.url()))
    // A comment on a page that loads the module by itself: elements and attributes that store nothing, and no script.
    const comment = `<data data-consent-rules="consent https://elsewhere.example/consent 1 180 @functionality:g:1"></data>
      <form data-consent="functionality"><input name="matches"></form>
      <iframe data-consent="functionality" data-src="/embed/office-map"></iframe>`
    await visitor.page.route(site.url('/notes'), async route => {
      const response = await route.fetch()
      const html = await response.text()
      const written = html.replace(/<script[^>]*data-consent-rules=[\s\S]*?<\/script>/, '').replace('</main>', `${comment}</main>`)
      assert.ok(written.length < html.length + comment.length && written.includes(comment))
      await route.fulfill({ response, body: written })
    })
    await visitor.page.goto(site.url('/notes'))
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'accept')
    await until('the map', async () => map(visitor.page))
    await jarSettles(visitor, ['consent'])
    assert.deepEqual(asked.filter(address => !address.startsWith(site.origin)), [])
  })

  test('a page that came without it gets it', async t => {
    const visitor = await Visitor.arrive(t)
    await visitor.page.route(site.url('/notes'), async route => {
      const response = await route.fetch()
      const html = await response.text()
      await route.fulfill({
        response,
        body: html.replace(/<section[^>]*id="consent-banner"[\s\S]*?<\/section>/, ''),
      })
    })
    await visitor.page.goto(site.url('/notes'))
    await banner(visitor.page).waitFor({ state: 'visible' })
    await decide(visitor.page, 'refuse')
    await jarSettles(visitor, ['consent'])
  })
})
