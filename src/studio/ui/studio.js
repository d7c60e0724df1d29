// Keeps the page up to date without losing the reader's place. Without it every link works all the same.

const follows = (document.body.dataset.follows ?? '').split(' ')
const status = document.querySelector('.live')
let running = Promise.resolve()
let events = null
let lost = false

if (follows.some((each) => each !== '')) {
  follow()
  // A browser keeps six connections to one address: a page nobody looks at gives its own back.
  document.addEventListener('visibilitychange', follow)
}

function follow() {
  if (document.hidden) {
    events?.close()
    events = null
    lost = true
    return
  }
  if (events !== null) return
  events = new EventSource('/events')
  events.addEventListener('change', (event) => {
    const kind = event.data.split(':')[0]
    if (follows.includes(event.data) || follows.includes(kind)) refresh(location.href)
  })
  events.addEventListener('open', () => {
    say('')
    // What changed while the connection was away was not told.
    if (lost) refresh(location.href)
    lost = false
  })
  events.addEventListener('error', () => {
    lost = true
    say('The preview is not running. Start it again and this page goes on.')
  })
}

document.addEventListener('click', (event) => {
  const link = event.target.closest?.('.toolbar a, .tabs a')
  if (!link || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
  event.preventDefault()
  history.pushState(null, '', link.href)
  refresh(link.href)
})
addEventListener('popstate', () => refresh(location.href))

/** One after the other, so that an older answer never replaces a newer one. */
function refresh(address) {
  running = running.then(() => load(address)).catch(() => say('This page could not be brought up to date.'))
}

async function load(address) {
  if (address !== location.href) return
  const answer = await fetch(address, { headers: { Accept: 'text/html' } })
  const next = new DOMParser().parseFromString(await answer.text(), 'text/html')
  const here = document.querySelector('main')
  const there = next.querySelector('main')
  if (here === null || there === null) return
  const focused = document.activeElement?.closest('main a')?.textContent ?? null
  document.title = next.title
  const keys = (main) => [...main.querySelectorAll('[data-live]')].map((each) => each.dataset.live).join()
  if (keys(here) === '' || keys(here) !== keys(there)) here.replaceChildren(...there.childNodes)
  else for (const region of there.querySelectorAll('[data-live]')) patch(here, region)
  if (focused !== null && document.activeElement === document.body) {
    const same = [...here.querySelectorAll('a')].find((link) => link.textContent === focused)
    same?.focus({ preventScroll: true })
  }
}

function patch(main, region) {
  const old = main.querySelector(`[data-live="${region.dataset.live}"]`)
  if (region.dataset.live === 'frame') return showFrame(old, region)
  if (old.outerHTML === region.outerHTML) return
  const open = [...old.querySelectorAll('details')].map((each) => each.open)
  const [left, top] = [old.scrollLeft, old.scrollTop]
  old.replaceWith(region)
  for (const [index, each] of [...region.querySelectorAll('details')].entries())
    each.open = open[index] ?? false
  region.scrollTo(left, top)
}

/** The new page loads unseen, scrolls to where the old one was, and takes its place. */
function showFrame(stage, region) {
  stage.className = region.className
  const old = stage.querySelector('iframe:not(.coming)')
  const next = region.querySelector('iframe')
  stage.querySelector('iframe.coming')?.remove()
  if (old.getAttribute('src') === next.getAttribute('src')) return
  const sameKind = new URL(old.src).pathname === new URL(next.getAttribute('src'), location.href).pathname
  next.classList.add('coming')
  next.addEventListener(
    'load',
    () => {
      if (sameKind) next.contentWindow.scrollTo(old.contentWindow.scrollX, old.contentWindow.scrollY)
      next.classList.remove('coming')
      old.remove()
    },
    { once: true },
  )
  stage.append(next)
}

function say(text) {
  status.textContent = text
  status.hidden = text === ''
}
