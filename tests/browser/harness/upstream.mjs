// Applications of other frameworks, rendered by the framework's own server and hydrated in the page.

import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { brotliDecompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { compile } from 'svelte/compiler'
import { root } from './site.mjs'

const sources = path.join(root, 'tests/browser/libraries/frameworks')
const built = path.join(root, 'tests/frameworks/built')

const svelte = generate => ({
  name: 'svelte',
  setup: bundler => bundler.onLoad({ filter: /\.svelte$/ }, ({ path: filename }) => ({
    contents: compile(fs.readFileSync(filename, 'utf8'), { generate, dev: true, filename: path.basename(filename) }).js.code,
    loader: 'js',
  })),
})

/** Bundles the development build of a framework, which says in the console what it finds wrong. */
const bundle = async (name, side, alias) => {
  const { outputFiles } = await build({
    // Aliases are resolved from here.
    absWorkingDir: path.join(root, 'tests/browser'),
    entryPoints: [path.join(sources, `${name}.${side}.js`)],
    bundle: true,
    write: false,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    platform: side === 'server' ? 'node' : 'browser',
    conditions: side === 'server' ? ['development'] : ['development', 'browser'],
    mainFields: side === 'server' ? ['module', 'main'] : ['browser', 'module', 'main'],
    banner: side === 'server' ? { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url)' } : {},
    define: {
      'process.env.NODE_ENV': '"development"',
      __VUE_OPTIONS_API__: 'true',
      __VUE_PROD_DEVTOOLS__: 'false',
      __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: 'true',
    },
    alias,
    plugins: [svelte(side)],
  })
  return Buffer.from(outputFiles[0].contents)
}

const react = version => ({ react: `react-${version}`, 'react-dom': `react-dom-${version}` })
const BUNDLES = { 'react-18': ['react', react(18)], 'react-19': ['react', react(19)], vue: ['vue', {}], svelte: ['svelte', {}] }

const document = (title, content, script) =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><link rel="icon" href="data:,"></head>`
  + `<body>${content}<script type="module" src="${script}"></script></body></html>`

/**
 * Serves the applications on a free port: `/NAME/PAGE`, and `/NAME-document/PAGE` or `/NAME-body/PAGE` where the
 * framework hydrates more than one element.
 */
export async function serveApplications() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'consent-frameworks-'))
  const servers = {}
  const clients = {}
  for (const [name, [source, alias]] of Object.entries(BUNDLES)) {
    const file = path.join(folder, `${name}.mjs`)
    fs.writeFileSync(file, await bundle(source, 'server', alias))
    servers[name] = await import(pathToFileURL(file).href)
    clients[name] = await bundle(source, 'client', alias)
  }

  const html = (response, body) => response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body)
  const script = (response, body) => response.writeHead(200, { 'content-type': 'text/javascript' }).end(body)

  /** Sends the pieces of a stream one by one, so that each of them travels by itself. */
  const pieces = async (response, list) => {
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' })
    for (const piece of list) {
      response.write(piece)
      await new Promise(resolve => setTimeout(resolve, 20))
    }
    response.end()
  }

  const application = async (name, page, response) => {
    if (page === 'client.js' && clients[name]) return script(response, clients[name])
    const files = path.join(built, name)
    if (page === 'app.js') return script(response, fs.readFileSync(path.join(files, page)))
    if (page === 'app_bg.wasm') {
      response.writeHead(200, { 'content-type': 'application/wasm' })
      return response.end(brotliDecompressSync(fs.readFileSync(path.join(files, `${page}.br`))))
    }
    const [, base, kind] = /^(.*?)(?:-(document|body))?$/.exec(name)
    const server = servers[base]
    if (server && kind === 'document') {
      response.setHeader('content-type', 'text/html; charset=utf-8')
      return server.stream(page, response, `/${base}/client.js`)
    }
    if (server) {
      const rendered = await server.render(page)
      return html(response, document(base, kind === 'body' ? rendered : `<div id="app">${rendered}</div>`, `/${base}/client.js`))
    }
    const whole = path.join(built, 'pages', `${name}-${page}.html`)
    if (fs.existsSync(whole)) return html(response, fs.readFileSync(whole))
    const streamed = path.join(built, 'pages', `${name}-${page}.json`)
    if (fs.existsSync(streamed)) return pieces(response, JSON.parse(fs.readFileSync(streamed, 'utf8')))
    response.writeHead(404).end()
  }

  const server = http.createServer((request, response) => {
    const [name, page] = new URL(request.url, 'http://localhost').pathname.slice(1).split('/')
    if (name === 'frame.html') return html(response, '<!doctype html><title>Frame</title><p>Frame')
    return application(name, page, response).catch(error => response.destroy(error))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: /** @type {import('node:net').AddressInfo} */ (server.address()).port,
    stop: () => new Promise(done => {
      fs.rmSync(folder, { recursive: true })
      server.close(done)
      server.closeAllConnections()
    }),
  }
}
