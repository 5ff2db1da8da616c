// What the chapter on the law claims of browsers and no other file tests. Each test was seen failing with the claim broken.

import assert from 'node:assert/strict'
import fs from 'node:fs'
import path from 'node:path'
import { after, before, describe, test } from 'node:test'
import { root, startSite } from './harness/site.mjs'
import { PAGES, action, banner, chooseTheme, decide, jarSettles, openSettings, ready, storesSettle, until } from './harness/steps.mjs'
import { Visitor, storages } from './harness/visitor.mjs'

let site
before(async () => { site = await startSite() })
after(() => site.stop())

async function arrive(t, address = '/notes', options) {
  const visitor = await Visitor.arrive(t, options)
  await visitor.page.goto(site.url(address))
  await ready(visitor.page)
  return visitor
}

/** What browsers receive, all scripts of it. */
const scripts = () => {
  const dist = path.join(root, 'consent-wasm', 'dist')
  const names = fs.readdirSync(dist).filter(name => name.endsWith('.js'))
  assert.ok(names.length > 3)
  return names.map(name => fs.readFileSync(path.join(dist, name), 'utf8')).join('\n')
}

/**
 * The contrast of what shows that a control is one, and of its focus outline, against what is behind it (WCAG 2.2: 1.4.11). A
 * button is known by its border or by its ground; a browser's own checkbox is exempt.
 */
const contrasts = control => control.evaluate(element => {
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 })
  const context = canvas.getContext('2d', { willReadFrequently: true })
  const rgba = color => {
    context.clearRect(0, 0, 1, 1)
    context.fillStyle = color
    context.fillRect(0, 0, 1, 1)
    return [...context.getImageData(0, 0, 1, 1).data]
  }
  const luminance = ([red, green, blue]) => {
    const [r, g, b] = [red, green, blue].map(part => part / 255).map(part => part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const ratio = (one, other) => {
    const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b)
    return (high + 0.05) / (low + 0.05)
  }
  let behind = element.parentElement
  while (behind.parentElement && rgba(getComputedStyle(behind).backgroundColor)[3] < 255) behind = behind.parentElement
  const ground = rgba(getComputedStyle(behind).backgroundColor)
  if (ground[3] < 255) throw Error('nothing behind the control has a colour')
  const style = getComputedStyle(element)
  const own = rgba(style.backgroundColor)
  const border = parseFloat(style.borderTopWidth) > 0 && style.borderTopStyle !== 'none' ? ratio(rgba(style.borderTopColor), ground) : 1
  const filled = own[3] === 255 ? ratio(own, ground) : 1
  element.focus({ focusVisible: true })
  const focused = getComputedStyle(element)
  const outline = focused.outlineStyle === 'none' || parseFloat(focused.outlineWidth) < 2 ? 1 : ratio(rgba(focused.outlineColor), ground)
  return { known: Math.max(border, filled), outline }
})

describe('contrast of controls', () => {
  for (const colorScheme of ['light', 'dark']) {
    test(`borders and focus outlines are 3:1 and more, ${colorScheme}`, async t => {
      const { page } = await arrive(t, '/notes', { colorScheme })
      let count = 0
      const measure = async (scope, words) => {
        for (const word of words) {
          for (const control of await action(scope, word).all()) {
            const { known, outline } = await contrasts(control)
            // A link is known by its text, whose contrast axe-core measures.
            const isLink = await control.evaluate(element => element.localName === 'a')
            if (!isLink) assert.ok(known >= 3, `${word}: ${known.toFixed(2)}:1`)
            assert.ok(outline >= 3, `the focus outline of ${word}: ${outline.toFixed(2)}:1`)
            count += 1
          }
        }
      }
      await measure(banner(page), ['accept', 'refuse', 'settings'])
      await measure(await openSettings(page), ['save', 'close'])
      assert.ok(count >= 5, `only ${count} controls were measured`)
    })
  }
})

test('a saved choice is announced, and the focus goes back to where it was', async t => {
  const { page } = await arrive(t)
  const settings = await openSettings(page)
  const opener = await page.evaluateHandle(() => document.querySelector('[data-consent-action=settings]:not(dialog *, #consent-banner *)'))
  const announced = page.evaluate(() => new Promise(done => {
    new MutationObserver(() => {
      const region = [...document.querySelectorAll('[role=status]')].find(element => element.textContent.trim() && element.isConnected)
      if (region) done({ text: region.textContent, hasFocus: region.contains(document.activeElement) })
    }).observe(document, { subtree: true, childList: true, characterData: true })
  }))
  await action(settings, 'save').first().press('Enter')
  const { text, hasFocus } = await announced
  assert.match(text, /\S/)
  assert.equal(hasFocus, false, 'the focus is in the announcement')
  await until('the dialog is closed', () => page.locator('#consent-settings').evaluate(dialog => !dialog.open))
  await until('the text that says that the choice is saved', () => page.evaluate(() =>
    [...document.querySelectorAll('[role=status]')].some(element => /saved/i.test(element.textContent))))
  const focus = await page.evaluate(opener => ({
    isOpener: document.activeElement === opener,
    isStatus: !!document.activeElement.closest('[role=status]'),
    name: document.activeElement.outerHTML.slice(0, 80),
  }), opener)
  assert.deepEqual([focus.isOpener, focus.isStatus], [true, false], focus.name)
})

test('links to settings and policy have the same names and the same order on every page', async t => {
  const { page } = await arrive(t)
  const orders = new Map()
  for (const address of PAGES.filter(address => !address.startsWith('/consent') && !/30\d$/.test(address) && !address.startsWith('/embed'))) {
    await page.goto(site.url(address))
    await ready(page)
    const order = await page.evaluate(() =>
      [...document.querySelectorAll('a[href], button[data-consent-action]')]
        .filter(element => !element.closest('main, #consent-banner, dialog'))
        .map(element => element.textContent.trim()).join(' | '))
    orders.set(address, order)
  }
  assert.ok(orders.size > 6)
  assert.equal(new Set(orders.values()).size, 1, JSON.stringify([...orders], null, 1))
  assert.match([...orders.values()][0], /cookie|consent|settings|privacy/i)
})

describe('without the Cookie Store API', () => {
  const walk = async (t, isRemoved) => {
    const visitor = await Visitor.arrive(t)
    if (isRemoved) await visitor.page.addInitScript(() => { delete window.cookieStore; delete window.CookieStore })
    await visitor.page.goto(site.url('/misbehaviour'))
    await ready(visitor.page)
    await storesSettle(visitor.page)
    const seen = [await visitor.cookieNames(), await storages(visitor.page), await visitor.page.evaluate(() => typeof window.cookieStore)]
    await decide(visitor.page, 'accept')
    await chooseTheme(visitor.page, site, 'dark')
    await jarSettles(visitor, ['consent', 'theme'])
    seen.push((await visitor.cookieNames()).sort())
    return seen
  }

  test('everything is the same', async t => {
    const [before, stored, type, after] = await walk(t, true)
    assert.equal(type, 'undefined')
    const [otherBefore, otherStored, otherType, otherAfter] = await walk(t, false)
    assert.equal(otherType, 'object')
    assert.deepEqual([before, stored, after], [otherBefore, otherStored, otherAfter])
  })

  test('no script writes a cookie that only a server may write', () => {
    assert.doesNotMatch(scripts(), /__(Host-)?Http-/i)
  })
})

test('no signal of a registered platform is emitted: no TCF and no GPP', async t => {
  const { page, context } = await arrive(t)
  const found = () => page.evaluate(() => ({
    functions: ['__tcfapi', '__gpp', '__uspapi', '__cmp', 'gtag', 'dataLayer'].filter(name => name in window),
    frames: [...document.querySelectorAll('iframe')].map(frame => frame.name).filter(name => /locator/i.test(name)),
  }))
  for (const word of [undefined, 'accept']) {
    if (word) await decide(page, word)
    assert.deepEqual(await found(), { functions: [], frames: [] })
    const cookies = (await context.cookies()).map(({ name }) => name)
    assert.deepEqual(cookies.filter(name => /euconsent|gpp|usprivacy/i.test(name)), [])
  }
  assert.doesNotMatch(scripts(), /__tcfapi|__gpp|euconsent|IABTCF/)
})
