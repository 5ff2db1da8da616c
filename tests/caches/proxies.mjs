// Real shared caches, each with its own port and folder, until the test is over.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { get } from '../browser/harness/fetch.mjs'
import { LIMIT } from '../browser/harness/steps.mjs'

/** Debian keeps servers where only root's path leads. */
const PATH = `${process.env.PATH}:/usr/local/sbin:/usr/sbin`

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  await once(server, 'close')
  return port
}

/**
 * Starts a server in the foreground and waits until it responds. Another program may take the free port first: then the
 * server ends, and this function tries another port.
 *
 * @param {import('node:test').TestContext} t
 * @param {(folder: string, port: number) => [string, string[]]} command writes what the server reads, and returns how it
 *   starts
 */
async function start(t, name, command) {
  const failures = []
  while (failures.length < 3) {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `consent-${name}-`))
    const port = await freePort()
    const [program, args] = command(folder, port)
    const child = spawn(program, args, { cwd: folder, env: { ...process.env, PATH }, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    for (const stream of [child.stdout, child.stderr]) stream.on('data', data => { output += data })
    let hasEnded = false
    child.once('error', error => { output += error; hasEnded = true })
    child.once('exit', () => { hasEnded = true })
    t.after(async () => {
      if (!hasEnded && child.kill()) await once(child, 'exit')
      fs.rmSync(folder, { recursive: true, force: true })
    })
    const origin = `http://127.0.0.1:${port}`
    const end = Date.now() + LIMIT
    while (!hasEnded) {
      assert.ok(Date.now() < end, `${name} does not respond: ${output}`)
      try {
        await get(`${origin}/made`)
      } catch {
        await sleep(50)
        continue
      }
      if (!hasEnded) return { origin, url: address => new URL(address, origin).href }
    }
    failures.push(output)
  }
  assert.fail(`${name} does not run: ${failures.join('\n')}`)
}

/**
 * nginx as a cache that keeps what it may, and more: `Set-Cookie` does not hold it back, and what says nothing of caching
 * is kept too.
 */
export const nginx = (t, backend) => start(t, 'nginx', (folder, port) => {
  fs.writeFileSync(path.join(folder, 'nginx.conf'), `
    daemon off;
    master_process off;
    pid nginx.pid;
    error_log stderr;
    events {}
    http {
      access_log off;
      ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(kind => `${kind}_temp_path ${kind};`).join(' ')}
      proxy_cache_path cache keys_zone=shared:4m;
      server {
        listen 127.0.0.1:${port};
        location / {
          proxy_pass ${backend};
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
          proxy_cache shared;
          proxy_cache_valid any 10m;
          proxy_cache_revalidate on;
          proxy_ignore_headers Set-Cookie;
          add_header X-Cache $upstream_cache_status always;
        }
      }
    }
  `)
  return ['nginx', ['-p', folder, '-c', path.join(folder, 'nginx.conf'), '-e', 'stderr']]
})

/**
 * Varnish as sites run it that want hits although everybody has cookies: it looks everything up, and only the answer says
 * what may be kept.
 */
export const varnish = (t, backend) => start(t, 'varnish', (folder, port) => {
  const { hostname, port: backendPort } = new URL(backend)
  fs.writeFileSync(path.join(folder, 'shared.vcl'), `
    vcl 4.1;
    backend default { .host = "${hostname}"; .port = "${backendPort}"; }
    sub vcl_recv {
      if (req.method == "GET" || req.method == "HEAD") { return (hash); }
      return (pass);
    }
    sub vcl_backend_response {
      # A line that sets a cookie does not hold it back: what else does is the answer's own to say.
      if (beresp.http.Set-Cookie && beresp.http.Surrogate-Control !~ "no-store"
          && beresp.http.Cache-Control !~ "private|no-store|no-cache") {
        return (deliver);
      }
    }
    sub vcl_deliver {
      if (obj.hits > 0) { set resp.http.X-Cache = "HIT"; } else { set resp.http.X-Cache = "MISS"; }
    }
  `)
  return ['varnishd', [
    '-F', '-n', folder, '-f', path.join(folder, 'shared.vcl'), '-a', `127.0.0.1:${port}`, '-T', 'none', '-j', 'none',
    '-s', 'malloc,16m', '-p', 'default_keep=600', '-p', 'default_grace=0', '-p', 'vsl_space=1m',
  ]]
})
