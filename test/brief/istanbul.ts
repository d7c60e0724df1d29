/** A brief that uses all of the format but `:::correction`, which has a test of its own. */
export const istanbul = `---
title: Istanbul talks end without agreement
standfirst: The truce of 19 October holds on paper; the question that broke it is untouched.
date: 2025-11-10
authors: [Desk]
tags: [south-asia, diplomacy]
waivers:
  - rule: DC503
    on: paktika-toll
    reason: "UN count due on 5 January"
corrections:
  - date: 2025-11-12
    text: "An earlier version misdated the first session."
---

The third round ended on 7 November [@caliber-1108]. Both sides
[@arab-news; @cna] keep the truce, at 10:30 local time, Reuters:Kabul says.

@dawn-1011 reports that the talks stalled [@un-mt-15, p. 18]. Kabul blames
Islamabad [@caliber-1108, "There is a complete deadlock, [sic]; no
text."] {scope=para} and **says so** [@moe; via @ledger]{key}. Write to desk@example.org.

## What happened

<!-- desk-ok DC503: UN count due on 5 January -->
A ~~toll~~ count of 346 [@moe] {id=paktika-toll}.

| Party | Says |
| --- | ---: |
| Kabul | 12 [@moe] |

:::timeline
- 2025-11-06/2025-11-07: the third round [@cna]
- 2025-10-19: the ceasefire [@cna]
:::

:::figures
- **346** injured [@moe]
- **6,000–6,500** fighters [@un-mt-15]
:::

:::positions
### Kabul

It keeps the truce. [@arab-news]

### Islamabad

It does too. [@cna]
:::

:::pullquote
> There is a complete deadlock. [@caliber-1108]
:::

::::members{teaser="Why economic interdependence fails"}
## Trade

The secret of trade [@un-mt-15].

:::note
The desk’s own judgement.
:::
::::

:::scenarios
- **Managed instability** (likely): the truce frays [@cna].
- **An external shock** (very unlikely): a third party acts.
:::

::button[Read on]{href="https://example.org/a?b=c"}
`
