import { hydrate } from 'svelte'
import App from './App.svelte'

hydrate(App, {
  target: document.getElementById('app') ?? document.body,
  props: { page: location.pathname.split('/').pop() },
})
