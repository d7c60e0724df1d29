// Shows what a citation rests on beside it: on hover, on focus, or with a tap. Without this file `[3]` leads to the
// list of sources and back. The box is a copy of the list's line, so that it can say nothing that the page does not.
const list = document.getElementById('sources')
const marks = list === null ? [] : document.querySelectorAll('main a.c[href^="#s"]')
let box = null
let owner = null
let waiting = 0
let pointer = 'mouse'

function open(mark) {
  clearTimeout(waiting)
  if (owner === mark) return
  close()
  const number = mark.hash.slice(2)
  const line = document.getElementById(`s${number}`)
  if (line === null) return
  box = document.createElement('div')
  box.className = 'cite'
  box.id = 'cite'
  box.setAttribute('role', 'note')
  box.setAttribute('aria-label', `Source ${number}`)
  const head = document.createElement('span')
  head.className = 'cite-number'
  head.textContent = `[${number}]`
  const shut = document.createElement('button')
  shut.type = 'button'
  shut.className = 'cite-close'
  shut.textContent = 'Close'
  shut.addEventListener('click', () => close(true))
  const copy = line.cloneNode(true)
  for (const each of copy.querySelectorAll('.cited-at')) each.remove()
  const way = document.createElement('a')
  way.href = mark.hash
  way.textContent = 'In the list'
  way.addEventListener('click', () => close())
  copy.querySelector('.way')?.append(' · ', way)
  copy.querySelector('.work')?.prepend(head)
  box.append(shut, ...copy.childNodes)
  box.addEventListener('pointerenter', () => clearTimeout(waiting))
  box.addEventListener('pointerleave', leave)
  box.addEventListener('focusout', blur)
  owner = mark
  owner.setAttribute('aria-expanded', 'true')
  owner.setAttribute('aria-controls', box.id)
  mark.after(box)
  place()
}

function close(back = false) {
  clearTimeout(waiting)
  if (owner === null) return
  const mark = owner
  const inside = box.contains(document.activeElement)
  owner = null
  mark.removeAttribute('aria-expanded')
  mark.removeAttribute('aria-controls')
  box.remove()
  box = null
  if (back && inside) mark.focus({ preventScroll: true })
  // The focus would open it again.
  if (back) close()
}

/** Under its mark, or above where there is more room; on a phone the style sheet lays it along the bottom. */
function place() {
  if (owner === null || matchMedia('(max-width: 40rem)').matches) return
  const at = owner.getBoundingClientRect()
  // What has the focus is on its way into view.
  const gone = at.bottom < 0 || at.top > innerHeight
  if (gone && document.activeElement !== owner) return close()
  const { offsetWidth: width, offsetHeight: height } = box
  const below = at.bottom + height + 16 < innerHeight || at.top < height + 16
  box.style.top = `${below ? at.bottom + 6 : at.top - height - 6}px`
  box.style.left = `${Math.max(12, Math.min(at.left - 24, document.documentElement.clientWidth - width - 12))}px`
}

function leave(event) {
  if (event.pointerType !== 'mouse' || box?.contains(document.activeElement)) return
  clearTimeout(waiting)
  waiting = setTimeout(close, 300)
}

function blur(event) {
  const to = event.relatedTarget
  if (to !== null && to !== owner && !box?.contains(to)) close()
}

for (const mark of marks) {
  mark.removeAttribute('title')
  mark.addEventListener('pointerenter', (event) => {
    if (event.pointerType !== 'mouse') return
    clearTimeout(waiting)
    waiting = setTimeout(() => open(mark), 150)
  })
  mark.addEventListener('pointerleave', leave)
  mark.addEventListener('focus', () => {
    if (mark.matches(':focus-visible')) open(mark)
  })
  mark.addEventListener('blur', blur)
  mark.addEventListener('click', (event) => {
    if (pointer === 'mouse') return close()
    event.preventDefault()
    if (owner === mark) close()
    else open(mark)
  })
}
addEventListener('pointerdown', (event) => {
  pointer = event.pointerType
  if (owner !== null && !box.contains(event.target) && event.target !== owner) close()
})
addEventListener('keydown', (event) => {
  pointer = 'mouse'
  if (event.key === 'Escape') close(true)
})
addEventListener('scroll', place, { passive: true })
addEventListener('resize', place, { passive: true })
addEventListener('beforeprint', () => close())
