// Accessibility of banner and dialog: axe-core, the keyboard, equal buttons, small screens.

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { after, before, describe, test } from 'node:test'
import { startSite } from './harness/site.mjs'
import { action, banner, decide, decisionOf, dialog, jarSettles, openSettings, ready, storesSettle, until } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

let site
before(async () => { site = await startSite() })
after(() => site.stop())

async function arrive(t, path = '/notes', options) {
  const visitor = await Visitor.arrive(t, options)
  await visitor.page.goto(site.url(path))
  await ready(visitor.page)
  return visitor
}

/** The violations of axe-core, in the whole page or in one part of it; as short lines. */
async function violations(page, part) {
  // The DevTools protocol runs it, so the page's own content security policy does not block it.
  await page.evaluate(AXE)
  return page.evaluate(async ({ part, rules }) => {
    const { violations } = await window.axe.run(part ?? document, { runOnly: rules })
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`))
  }, { part, rules: RULES })
}

const describeFocus = page => page.evaluate(() => {
  const element = document.activeElement
  return element?.dataset?.consentAction ?? element?.getAttribute('name') ?? element?.id ?? element?.tagName
})

describe('axe-core', () => {
  for (const width of [320, 1280]) {
    for (const colorScheme of ['light', 'dark']) {
      for (const as of ['dialog', 'page']) {
        test(`banner and settings at ${width} px, ${colorScheme}, as a ${as}`, async t => {
          const visitor = await arrive(t, '/', { viewport: { width, height: 800 }, colorScheme })
          assert.equal(await banner(visitor.page).isVisible(), true)
          assert.deepEqual(await violations(visitor.page, '#consent-banner'), [])
          if (as === 'dialog') {
            await openSettings(visitor.page)
            assert.deepEqual(await violations(visitor.page, '#consent-settings'), [])
          } else {
            await visitor.page.goto(site.url('/consent'))
            assert.deepEqual(await violations(visitor.page), [])
          }
        })
      }
    }
  }

  test('it finds planted faults: the check can fail', async t => {
    const visitor = await arrive(t)
    await visitor.page.evaluate(() => {
      document.querySelector('#consent-banner').append(document.createElement('button'))
    })
    assert.match((await violations(visitor.page, '#consent-banner')).join(), /button-name/)
  })

  test('the policy page and every page of the demo', async t => {
    for (const colorScheme of ['light', 'dark']) {
      const visitor = await arrive(t, '/', { colorScheme })
      for (const path of ['/', '/notes', '/notes/one-press', '/preferences', '/sign-in', '/misbehaviour', '/nowhere', '/consent/policy']) {
        await visitor.page.goto(site.url(path))
        assert.deepEqual(await violations(visitor.page), [], `${path}, ${colorScheme}`)
      }
    }
  })
})

describe('the keyboard', () => {
  test('reaches the banner after the page, or first with Shift+Tab, and decides', async t => {
    const visitor = await arrive(t)
    const { page } = visitor
    const inBanner = () => page.evaluate(() => Boolean(document.activeElement.closest('#consent-banner')))
    const isShown = () => page.evaluate(() => {
      const style = getComputedStyle(document.activeElement)
      return style.outlineStyle !== 'none' || style.boxShadow !== 'none'
    })
    const controls = await page.locator('body a[href], body button, body input:not([type=hidden]), body summary').count()
    const walked = []
    for (let step = 0; step < controls + 2 && walked.filter(({ own }) => own).length < 4; step += 1) {
      await page.keyboard.press('Tab')
      walked.push({ name: await describeFocus(page), own: await inBanner() })
      assert.ok(await isShown(), `no visible focus on ${walked.at(-1).name}`)
    }
    const first = walked.findIndex(({ own }) => own)
    assert.ok(first > 0 && walked.slice(first).every(({ own }) => own), 'the banner comes after the page, as a whole')
    assert.deepEqual(walked.slice(first, first + 3).map(({ name }) => name), ['accept', 'refuse', 'settings'])
    assert.equal(walked.length - first, 4, 'two buttons and two links')

    await page.reload()
    await page.keyboard.press('Shift+Tab')
    assert.equal(await inBanner(), true, 'backwards from the beginning, the banner is first')

    const named = await banner(page).evaluate(element => {
      const title = document.getElementById(element.getAttribute('aria-labelledby'))
      return { element: element.localName, title: title.localName, text: title.textContent }
    })
    assert.deepEqual(named, { element: 'section', title: 'h2', text: 'We use cookies' }, 'a region with a heading')

    await action(banner(page), 'refuse').focus()
    await page.keyboard.press('Enter')
    await banner(page).waitFor({ state: 'hidden' })
    await jarSettles(visitor, ['consent'])
  })

  test('is not trapped by the banner', async t => {
    const { page } = await arrive(t)
    let left = false
    for (let step = 0; step < 12 && !left; step += 1) {
      await page.keyboard.press('Tab')
      left = await page.evaluate(() => !document.activeElement.closest('#consent-banner') && document.activeElement !== document.body)
        && step > 3
    }
    assert.ok(left)
  })

  test('enters the dialog, stays in it, and returns to the opener', async t => {
    const visitor = await arrive(t)
    const { page } = visitor
    for (const opener of ['#consent-banner [data-consent-action="settings"]', 'footer [data-consent-action="settings"]']) {
      await page.locator(opener).first().focus()
      await page.keyboard.press('Enter')
      await dialog(page).waitFor({ state: 'visible' })
      const inside = () => page.evaluate(() => {
        const active = document.activeElement
        // Tab also visits the browser's own controls. The document then has no focus.
        return active === document.body || Boolean(active.closest('dialog#consent-settings'))
      })
      assert.ok(await page.evaluate(() => Boolean(document.activeElement.closest('dialog#consent-settings'))), 'focus goes in')
      for (const key of ['Tab', 'Shift+Tab']) {
        for (let step = 0; step < 15; step += 1) {
          await page.keyboard.press(key)
          assert.ok(await inside(), `${key} left the dialog`)
        }
      }
      await page.keyboard.press('Escape')
      await dialog(page).waitFor({ state: 'hidden' })
      assert.ok(await page.locator(opener).first().evaluate(element => element === document.activeElement), 'focus comes back')
      assert.deepEqual(await visitor.cookieNames(), [], 'Escape decided something')
      assert.equal(await banner(page).isVisible(), true)
    }
  })

  test('operates the box and the buttons of the dialog', async t => {
    const visitor = await arrive(t)
    const { page } = visitor
    await openSettings(page)
    await page.locator('dialog#consent-settings input[name="category"]').first().focus()
    await page.keyboard.press('Space')
    await page.locator('dialog#consent-settings button[value="save"]').first().focus()
    await Promise.all([decisionOf(page), page.keyboard.press('Enter')])
    await dialog(page).waitFor({ state: 'hidden' })
    assert.match(await visitor.cookieValue('consent'), /:g$/)
  })

  test('the dialog has its name from its title', async t => {
    const { page } = await arrive(t)
    await openSettings(page)
    const named = await page.evaluate(() => {
      const dialog = document.querySelector('dialog#consent-settings')
      const title = document.getElementById(dialog.getAttribute('aria-labelledby') ?? '')
      return { modal: dialog.matches(':modal'), title: title?.textContent?.trim() ?? '' }
    })
    assert.equal(named.modal, true)
    assert.ok(named.title.length > 0)
  })
})

describe('actions that decide nothing', () => {
  test('scrolling, Escape, the backdrop, leaving the page and waiting grant nothing', async t => {
    const visitor = await arrive(t, '/')
    const { page } = visitor
    await page.mouse.move(900, 300)
    await page.mouse.wheel(0, 2000)
    await until('the page to scroll while the banner is there', () => page.evaluate(() => scrollY > 0))
    await page.keyboard.press('Escape')
    await page.locator('h1').first().click({ force: true })
    await openSettings(page)
    await page.mouse.click(2, 2)
    await page.keyboard.press('Escape')
    await page.goto(site.url('/notes'))
    await page.goBack()
    await ready(page)
    await storesSettle(page)
    assert.deepEqual(await visitor.cookieNames(), [])
    assert.equal(await banner(page).isVisible(), true)
  })

  test('no box is ticked beforehand', async t => {
    const { page } = await arrive(t)
    const settings = await openSettings(page)
    for (const box of await settings.locator('input[type="checkbox"]:not([disabled])').all()) {
      assert.equal(await box.isChecked(), false)
    }
  })
})

describe('Accept and Reject', () => {
  for (const [width, colorScheme] of [[320, 'light'], [1280, 'light'], [1280, 'dark']]) {
    test(`have the same weight at ${width} px, ${colorScheme}`, async t => {
      const { page } = await arrive(t, '/notes', { viewport: { width, height: 800 }, colorScheme })
      const look = word => action(banner(page), word).evaluate(element => {
        const style = getComputedStyle(element)
        const box = element.getBoundingClientRect()
        const looks = ['fontSize', 'fontWeight', 'fontFamily', 'color', 'backgroundColor', 'borderTopColor',
          'borderTopWidth', 'borderTopStyle', 'paddingTop', 'opacity', 'textDecorationLine', 'boxShadow', 'display']
        return {
          element: element.tagName,
          type: element.type,
          height: Math.round(box.height),
          width: Math.round(box.width),
          style: Object.fromEntries(looks.map(name => [name, style[name]])),
        }
      })
      const [accept, refuse] = [await look('accept'), await look('refuse')]
      assert.ok(Math.abs(accept.width - refuse.width) <= 1, `${accept.width} and ${refuse.width} px wide`)
      assert.deepEqual({ ...accept, width: 0 }, { ...refuse, width: 0 })
      assert.ok(accept.height >= 24 && accept.width >= 24)
      const words = [await action(banner(page), 'accept').innerText(), await action(banner(page), 'refuse').innerText()]
      assert.deepEqual(words.map(word => word.trim()), ['Accept all', 'Reject all'])
    })
  }

  test('have names that automatic clients know, in light DOM and at a fixed position', async t => {
    const { page } = await arrive(t)
    const position = await banner(page).evaluate(element => getComputedStyle(element).position)
    assert.ok(['fixed', 'sticky'].includes(position), position)
    assert.ok(await banner(page).evaluate(element => element.getRootNode() === document))
  })
})

describe('small screens and settings of the visitor', () => {
  test('every control is 24 px and more, and can be pressed', async t => {
    for (const width of [320, 1280]) {
      const { page } = await arrive(t, '/notes', { viewport: { width, height: 640 } })
      const small = scope => scope.locator('button:visible, a:visible, input:visible, summary:visible, select:visible').evaluateAll(elements =>
        elements
          .filter(element => !(element.tagName === 'A' && element.closest('p, li, td, dd') && getComputedStyle(element).display === 'inline'))
          .map(element => {
            const label = element.closest('label')
            const box = (label ?? element).getBoundingClientRect()
            return { what: element.outerHTML.slice(0, 80), width: box.width, height: box.height }
          })
          .filter(({ width, height }) => width < 24 || height < 24))
      assert.deepEqual(await small(banner(page)), [], `banner at ${width} px`)
      await openSettings(page)
      assert.deepEqual(await small(dialog(page)), [], `dialog at ${width} px`)
    }
  })

  test('at 320 by 256 px, with text twice as large, both buttons can be reached', async t => {
    const visitor = await arrive(t, '/notes', { viewport: { width: 320, height: 256 } })
    const { page } = visitor
    // Does the same as the browser's setting for larger text. The page's policy does not apply to the
    // DevTools.
    const devtools = await visitor.devtools()
    await devtools.send('Page.setFontSizes', { fontSizes: { standard: 32, fixed: 26 } })
    await page.reload()
    for (const word of ['accept', 'refuse']) {
      await action(banner(page), word).scrollIntoViewIfNeeded()
      const hit = await action(banner(page), word).evaluate(element => {
        const box = element.getBoundingClientRect()
        const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        return at === element || element.contains(at)
      })
      assert.ok(hit, `${word} is covered or off the screen`)
    }
    const wide = await page.evaluate(() => {
      const banner = document.getElementById('consent-banner')
      return banner.scrollWidth - banner.clientWidth
    })
    assert.ok(wide <= 0, `the banner is ${wide} px too wide`)
    await decide(page, 'refuse')
  })

  test('the focused element is not hidden behind the banner', async t => {
    for (const viewport of [{ width: 320, height: 640 }, { width: 1280, height: 800 }]) {
      const { page } = await arrive(t, '/', { viewport })
      for (let step = 0; step < 30; step += 1) {
        await page.keyboard.press('Tab')
        const hidden = await page.evaluate(() => {
          const element = document.activeElement
          if (!element || element === document.body || element.closest('#consent-banner') || element.tagName === 'IFRAME') return ''
          const box = element.getBoundingClientRect()
          const banner = document.getElementById('consent-banner').getBoundingClientRect()
          const covered = box.top >= banner.top && box.bottom <= banner.bottom && box.left >= banner.left && box.right <= banner.right
          return covered ? element.outerHTML.slice(0, 100) : ''
        })
        assert.equal(hidden, '', `behind the banner at ${viewport.width} px`)
      }
    }
  })

  test('nothing moves if the visitor prefers reduced motion', async t => {
    const { page } = await arrive(t, '/notes', { reducedMotion: 'reduce' })
    const moving = () => page.evaluate(() => document.getAnimations().length)
    assert.equal(await moving(), 0)
    await openSettings(page)
    assert.equal(await moving(), 0)
  })

  test('forced colours keep borders and focus', async t => {
    const { page } = await arrive(t, '/notes', { forcedColors: 'active' })
    for (const word of ['accept', 'refuse']) {
      // axe-core reads the page's own colours, not the forced ones.
      const { edge, text, ground } = await action(banner(page), word).evaluate(element => {
        const style = getComputedStyle(element)
        return { edge: style.borderTopWidth, text: style.color, ground: style.backgroundColor }
      })
      assert.notEqual(edge, '0px', `${word} has no edge`)
      assert.notEqual(text, ground, `${word} cannot be read`)
      await action(banner(page), word).focus()
      assert.notEqual(await action(banner(page), word).evaluate(element => getComputedStyle(element).outlineStyle), 'none')
    }
  })

  test('a German page has a German banner and dialog', async t => {
    const { page } = await arrive(t, '/notes', { locale: 'de-DE' })
    assert.equal(await banner(page).evaluate(element => element.closest('[lang]').lang), 'de')
    assert.match(await banner(page).innerText(), /ablehnen/i)
    const settings = await openSettings(page)
    assert.match(await settings.innerText(), /Einstellungen|Speichern/i)
  })

  test('a saved decision is announced', async t => {
    const { page } = await arrive(t, '/notes')
    await decide(page, 'refuse')
    await until('a status message', () => page.evaluate(() =>
      [...document.querySelectorAll('[role="status"], [aria-live="polite"]')].some(element => element.textContent.trim())))
  })
})
