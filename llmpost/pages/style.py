"""The one style sheet of all pages: light and dark, on paper too, and nothing fetched from anywhere.

Every tone is a colour of at least 4.5 : 1 on what it stands on, with a kind of line of its own under marked text.
"""

STYLE = """
:root {
  --paper: #f6f7f9; --card: #ffffff; --ink: #1b2430; --soft: #56616f; --line: #dde2e8; --track: #e9edf1;
  --plain: #53606f; --good: #17734a; --noted: #1f62ad; --changed: #8f5600; --again: #6b46b0; --stopped: #b3261e;
  --good-wash: #e1f4ea; --noted-wash: #e4eefa; --changed-wash: #fdf0d3; --again-wash: #eee7fb;
  --stopped-wash: #fce5e3; --plain-wash: #eef1f4;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #11161c; --card: #19202a; --ink: #e4e9ef; --soft: #a3afbd; --line: #2e3947; --track: #2a3441;
    --plain: #a8b4c2; --good: #69d29d; --noted: #82b7f5; --changed: #f0bb57; --again: #c1a3fa; --stopped: #ff9d94;
    --good-wash: #15372a; --noted-wash: #18314f; --changed-wash: #432f0b; --again-wash: #33264f;
    --stopped-wash: #4c1f1d; --plain-wash: #252e39;
  }
}
* { box-sizing: border-box; }
html { background: var(--paper); color: var(--ink); -webkit-text-size-adjust: 100%; }
body { overflow-wrap: anywhere; margin: 0 auto; max-width: 74rem; padding: 2rem 1.25rem 3rem;
  font: 0.9375rem/1.5 system-ui, "Segoe UI", "Liberation Sans", sans-serif; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0; }
h2 { font-size: 1.0625rem; margin: 0 0 0.75rem; }
h3 { font-size: 0.875rem; margin: 0 0 0.5rem; color: var(--soft); font-weight: 600; }
p { margin: 0 0 0.75rem; } p:last-child { margin-bottom: 0; }
a { color: inherit; text-decoration-thickness: 1px; text-underline-offset: 2px; }
a:focus-visible, .scroll:focus-visible { outline: 2px solid var(--noted); outline-offset: 2px; }
header { margin-bottom: 1.5rem; } .lead { margin: 0.5rem 0 0; color: var(--soft); font-size: 1rem; }
section { background: var(--card); border: 1px solid var(--line); border-radius: 0.625rem; padding: 1.125rem 1.25rem;
  margin-bottom: 1rem; }
footer { color: var(--soft); font-size: 0.8125rem; margin-top: 1.5rem; }
.note { color: var(--soft); font-size: 0.8125rem; }
.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.scroll { overflow-x: auto; }
.scroll + p { margin-top: 1.25rem; }
table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
caption { text-align: left; color: var(--soft); padding-bottom: 0.375rem; }
th { text-align: left; color: var(--soft); font-weight: 600; font-size: 0.8125rem; white-space: nowrap; }
th.number { text-align: right; }
td, th { padding: 0.375rem 0.75rem 0.375rem 0; vertical-align: baseline; border-bottom: 1px solid var(--line); }
td:last-child, th:last-child { padding-right: 0; } tbody tr:last-child td { border-bottom: 0; }
td:not(.number) { min-width: 8.5rem; } tr:target td { background: var(--changed-wash); }
.wide { width: 45%; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(13rem, 45%), 1fr)); gap: 0.75rem 1.25rem;
  margin: 0; }
dt { color: var(--soft); font-size: 0.8125rem; } dd { margin: 0; }
code, .text { font-family: ui-monospace, "Cascadia Mono", "Liberation Mono", "DejaVu Sans Mono", monospace; }
code { font-size: 0.8125rem; }
.badge { display: inline-block; border-radius: 0.375rem; padding: 0.0625rem 0.5rem; font-weight: 600;
  font-size: 0.8125rem; border: 1px solid currentColor; white-space: nowrap; }
.badge, mark, .ruler { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
.side-by-side { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(22rem, 100%), 1fr));
  gap: 1rem; }
.side-by-side > * { min-width: 0; }
.text { white-space: pre-wrap; font-size: 0.8125rem; line-height: 1.7;
  padding: 0.75rem 0.875rem; border: 1px solid var(--line); border-radius: 0.5rem; background: var(--paper);
  unicode-bidi: plaintext; }
.empty { color: var(--soft); font-style: italic; }
mark { border-radius: 0.1875rem; padding: 0.0625rem 0.125rem; unicode-bidi: isolate; color: var(--ink);
  text-decoration-line: underline; text-decoration-thickness: 2px; text-underline-offset: 3px;
  -webkit-box-decoration-break: clone; box-decoration-break: clone; }
mark sup, .text sup { font-size: 0.6875rem; line-height: 0; user-select: none; font-weight: 700; }
sup + sup { margin-left: 0.1875rem; }
sup a { text-decoration: none; }
.unseen { border: 1px dotted var(--soft); border-radius: 0.1875rem; color: var(--soft); font-size: 0.6875rem;
  padding: 0 0.1875rem; unicode-bidi: isolate; white-space: nowrap; }
.legend { list-style: none; display: flex; flex-wrap: wrap; gap: 0.375rem 1rem; padding: 0; margin: 0.75rem 0 0;
  font-size: 0.8125rem; color: var(--soft); }
svg { display: block; width: 100%; } .bar { height: 0.625rem; } .ruler { height: 1.5rem; }
.track { fill: var(--track); }
.tone-plain { color: var(--plain); background: var(--plain-wash); text-decoration-style: dotted; }
.tone-good { color: var(--good); background: var(--good-wash); text-decoration-style: dotted; }
.tone-noted { color: var(--noted); background: var(--noted-wash); text-decoration-style: dotted; }
.tone-changed { color: var(--changed); background: var(--changed-wash); text-decoration-style: dashed; }
.tone-again { color: var(--again); background: var(--again-wash); text-decoration-style: wavy; }
.tone-stopped { color: var(--stopped); background: var(--stopped-wash); text-decoration-style: double; }
mark.tone-plain, mark.tone-good, mark.tone-noted, mark.tone-changed, mark.tone-again, mark.tone-stopped {
  color: var(--ink); }
mark.tone-plain { text-decoration-color: var(--plain); } mark.tone-good { text-decoration-color: var(--good); }
mark.tone-noted { text-decoration-color: var(--noted); } mark.tone-changed { text-decoration-color: var(--changed); }
mark.tone-again { text-decoration-color: var(--again); } mark.tone-stopped { text-decoration-color: var(--stopped); }
rect.tone-plain, rect.tone-good, rect.tone-noted, rect.tone-changed, rect.tone-again, rect.tone-stopped {
  fill: currentColor; }
@media print {
  :root { --paper: #ffffff; --card: #ffffff; }
  body { max-width: none; padding: 0; font-size: 9.5pt; }
  section { break-inside: auto; border: 0; border-top: 1px solid var(--line); border-radius: 0; padding: 0.75rem 0; }
  tr, h2, .badge { break-inside: avoid; } h2, h3 { break-after: avoid; }
  .scroll { overflow: visible; }
}
"""
