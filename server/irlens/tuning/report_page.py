"""Style and script of the report: written into the page, so that it needs no network."""

from __future__ import annotations

STYLE = """
:root{--bg:#fff;--fg:#1c2024;--dim:#5b6470;--line:#d8dde3;--soft:#f4f6f8;--good:#0b6e3a;--warn:#a13d00;
--a:#2563a8;--b:#9aa4b0;--c:#c2410c}
@media(prefers-color-scheme:dark){:root{--bg:#14171a;--fg:#e4e7ea;--dim:#9aa4ae;--line:#333a41;--soft:#1d2226;
--good:#5fcf92;--warn:#ffa366;--a:#6aa9ea;--b:#5d6770;--c:#ff9a5c}}
*{box-sizing:border-box}
body{margin:0 auto;padding:1.5rem;max-width:90rem;background:var(--bg);color:var(--fg);
font:15px/1.5 system-ui,sans-serif}
h1{font-size:1.5rem;margin:0 0 .5rem}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.lead{font-size:1.1rem;max-width:60rem}.note{color:var(--dim);font-size:.875rem;margin:.25rem 0;max-width:60rem}
.warn{color:var(--warn)}.good{color:var(--good)}
.scroll{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:.4rem .6rem;border-bottom:1px solid var(--line);text-align:left;vertical-align:top}
th{background:var(--soft);font-weight:600;vertical-align:bottom}
.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
th.n{white-space:normal}
td.path{overflow-wrap:anywhere;min-width:8rem}td.list{min-width:16rem;max-width:34rem}td.check{min-width:11rem}
th button{all:unset;cursor:pointer}th button:focus-visible,.copy:focus-visible{outline:2px solid var(--a)}
th[aria-sort=ascending] button::after{content:" \\2191"}th[aria-sort=descending] button::after{content:" \\2193"}
code{font:.85rem/1.4 ui-monospace,monospace;overflow-wrap:anywhere;display:block}
.copy{font:inherit;font-size:.8rem;color:var(--a);background:none;border:1px solid var(--line);border-radius:4px;
padding:.05rem .4rem;margin-top:.25rem;cursor:pointer}
.plots{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1.5rem;margin-top:1.5rem}
figure{margin:0;min-width:0}figcaption{font-weight:600;margin-bottom:.5rem}
svg{width:100%;height:auto;display:block}
svg text{fill:var(--dim);font:11px system-ui,sans-serif}svg .axis{stroke:var(--line)}svg .base{stroke:var(--dim)}
svg .best{fill:var(--a)}svg .before{fill:var(--b)}svg .worse{fill:var(--c)}
svg .one{stroke:var(--b);fill:none;stroke-width:1}svg .mean{stroke:var(--a);fill:none;stroke-width:2.5}
svg .key{fill:var(--fg)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem;font-size:.9rem}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
@media(max-width:62rem){body{padding:1rem}table.sort{font-size:.8rem}table.sort :is(th,td){padding:.4rem .3rem}
td.path{min-width:6rem}td.list{min-width:9rem}td.check{min-width:7rem}}
@media(max-width:38rem){table.sort thead{display:none}table.sort tr{display:block;padding:.5rem 0;
border-bottom:2px solid var(--line)}table.sort td{display:flex;gap:1rem;justify-content:space-between;border:0;
max-width:none;min-width:0;white-space:normal}table.sort td::before{content:attr(data-l);color:var(--dim);flex:none}
table.sort td:is(.list,.check){display:block}dl{grid-template-columns:1fr}dt{margin-top:.4rem}}
@media print{.copy{display:none}.scroll{overflow:visible}}
"""

SCRIPT = """
'use strict';
for (const table of document.querySelectorAll('table.sort')) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, at) => head.firstElementChild.addEventListener('click', () => {
    const up = head.getAttribute('aria-sort') !== 'ascending';
    for (const each of heads) each.setAttribute('aria-sort', 'none');
    head.setAttribute('aria-sort', up ? 'ascending' : 'descending');
    const value = row => row.cells[at].dataset.v;
    const number = head.classList.contains('n');
    const order = (a, b) => number ? value(a) - value(b) : value(a).localeCompare(value(b));
    const rows = [...table.tBodies[0].rows].sort((a, b) => up ? order(a, b) : order(b, a));
    table.tBodies[0].append(...rows);
  }));
}
for (const button of document.querySelectorAll('button.copy')) {
  button.addEventListener('click', async () => {
    const words = button.textContent;
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      const area = document.createElement('textarea');
      area.value = button.dataset.copy;
      button.after(area);
      area.select();
      document.execCommand('copy');
      area.remove();
    }
    button.textContent = 'copied';
    setTimeout(() => { button.textContent = words; }, 1500);
  });
}
"""
