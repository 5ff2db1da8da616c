// Takes screenshots into artifacts/, and checks that nothing is cut off.

import assert from 'node:assert/strict'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import { startSite } from './harness/site.mjs'
import { banner, decide, openSettings, ready, storesSettle } from './harness/steps.mjs'
import { Visitor } from './harness/visitor.mjs'

const artifacts = fileURLToPath(new URL('artifacts/', import.meta.url))
const PAGES = ['/', '/notes', '/notes/one-press', '/preferences', '/sign-in', '/misbehaviour', '/nowhere', '/consent', '/consent/policy', '/consent/policy/1']

let site
before(async () => {
  site = await startSite()
  mkdirSync(artifacts, { recursive: true })
})
after(() => site.stop())

for (const width of [320, 1440]) {
  for (const colorScheme of ['light', 'dark']) {
    test(`${width} px, ${colorScheme}`, async t => {
      const visitor = await Visitor.arrive(t, { viewport: { width, height: width < 500 ? 640 : 900 }, colorScheme })
      const { page } = visitor
      const shoot = async (name, options) => {
        await page.screenshot({ path: `${artifacts}${name}-${width}-${colorScheme}.png`, ...options })
        const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)
        assert.ok(over <= 0, `${name} is ${over} px too wide`)
      }
      await page.goto(site.url('/'))
      await ready(page)
      await shoot('banner')
      await openSettings(page)
      await shoot('dialog')
      await page.keyboard.press('Escape')
      await decide(page, 'accept')
      await page.locator('#visits[data-awake]').waitFor()
      await page.locator('#last-read[data-awake]').waitFor()
      await shoot('home-granted', { fullPage: true })
      await openSettings(page)
      await shoot('dialog-granted')
      await page.keyboard.press('Escape')
      await page.locator('footer [data-consent-action="settings"]').first().waitFor()
      await page.context().clearCookies()
      await page.goto(site.url('/'))
      await decide(page, 'refuse')
      for (const path of PAGES) {
        await page.goto(site.url(path))
        await ready(page)
        await storesSettle(page)
        await shoot(`page${path.replaceAll('/', '-')}`, { fullPage: true })
      }
    })
  }

  test(`${width} px, right to left and in German`, async t => {
    const visitor = await Visitor.arrive(t, { viewport: { width, height: 800 }, locale: 'de-DE' })
    const { page } = visitor
    await page.goto(site.url('/notes'))
    await banner(page).waitFor({ state: 'visible' })
    await page.screenshot({ path: `${artifacts}banner-${width}-german.png` })
    await page.evaluate(() => { document.documentElement.dir = 'rtl' })
    await page.screenshot({ path: `${artifacts}banner-${width}-rtl.png` })
    const boxes = await banner(page).evaluate(element => {
      const own = element.getBoundingClientRect()
      return [...element.querySelectorAll('button, a')].map(button => {
        const box = button.getBoundingClientRect()
        return box.left >= own.left - 1 && box.right <= own.right + 1
      })
    })
    assert.ok(boxes.every(Boolean), 'a control leaves the banner')
    await openSettings(page)
    await page.screenshot({ path: `${artifacts}dialog-${width}-rtl.png` })
  })
}
