// Measures the time until the banner is visible, and until the module drives it, on a slow network and on a
// slow processor, for a page of the layer and for the same page with the banner in its own HTML. Not a test:
// it prints numbers.
//
//   cargo build -p tests --bin stage && node tests/browser/measure.mjs [RUNS]

import { chromium } from 'playwright-core'
import { start } from './harness/site.mjs'

const RUNS = Number(process.argv[2] ?? 9)
const CONDITIONS = {
  'as it is': {},
  'slow 4G (150 ms, 1.6 Mbit/s)': { latency: 150, throughput: (1.6e6 / 8) },
  '4x slower processor': { rate: 4 },
}
const PAGES = ['hand/inline', 'ours/inline', 'hand/linked', 'ours/linked']
/** The most that ours may take, in times of the hand-written page. */
const BUDGET = 1.1

/** Runs in the page: notes the first frame with the banner in view, and the moment at which a script listens to it. */
function watch() {
  const times = (window.timesOfTest = {})
  const look = () => {
    const banner = document.getElementById('consent-banner')
    const box = banner?.getBoundingClientRect()
    if (times.seen === undefined && box && box.height > 0 && box.top < innerHeight && box.bottom > 0) {
      // The next callback runs after this frame was painted.
      requestAnimationFrame(now => { times.seen ??= now })
    }
    if (times.seen === undefined) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  // Until now the forms of the banner load a new page. From here on they do not.
  const { addEventListener } = EventTarget.prototype
  EventTarget.prototype.addEventListener = function (type, ...rest) {
    if (type === 'click' || type === 'submit') times.driven ??= performance.now()
    return addEventListener.call(this, type, ...rest)
  }
}

async function once(browser, url, { latency, throughput, rate }) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } })
  try {
    const page = await context.newPage()
    const devtools = await context.newCDPSession(page)
    await devtools.send('Network.enable')
    if (latency) {
      await devtools.send('Network.emulateNetworkConditions', {
        offline: false, latency, downloadThroughput: throughput, uploadThroughput: throughput,
      })
    }
    if (rate) await devtools.send('Emulation.setCPUThrottlingRate', { rate })
    await page.addInitScript(watch)
    await page.goto(url)
    await page.waitForFunction(() => window.timesOfTest.seen !== undefined && window.timesOfTest.driven !== undefined)
    return await page.evaluate(() => window.timesOfTest)
  } finally {
    await context.close()
  }
}

const median = numbers => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)]

const stage = await start('stage')
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
})
try {
  for (const [name, condition] of Object.entries(CONDITIONS)) {
    const runs = new Map(PAGES.map(page => [page, []]))
    // In turns, so that a slow moment of the machine affects all.
    for (let run = 0; run <= RUNS; run += 1) {
      for (const page of PAGES) {
        const times = await once(browser, `${stage.origin}/${page}`, condition)
        if (run > 0) runs.get(page).push(times)
      }
    }
    const result = page => ({
      seen: median(runs.get(page).map(({ seen }) => seen)),
      driven: median(runs.get(page).map(({ driven }) => driven)),
    })
    console.log(`\n${name}; medians of ${RUNS}, in ms`)
    console.log('                 seen   driven')
    for (const page of PAGES) {
      const { seen, driven } = result(page)
      console.log(`  ${page.padEnd(12)} ${seen.toFixed(0).padStart(6)} ${driven.toFixed(0).padStart(8)}`)
    }
    for (const style of ['inline', 'linked']) {
      const ratio = result(`ours/${style}`).seen / result(`hand/${style}`).seen
      console.log(`  ${style}: seen after ${ratio.toFixed(2)} times the hand-written page's time (budget ${BUDGET})`)
    }
  }
} finally {
  await browser.close()
  await stage.stop()
}
