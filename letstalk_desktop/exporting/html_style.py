"""The style sheet of an exported HTML document: screen (light and dark) and paper. Contrast is at least 4.5 to 1."""

from __future__ import annotations

STYLE = (
    """
:root { color-scheme: light dark; --ink: #1f2529; --muted: #5c6668; --accent: #0b6165; --panel: #f1eee8; --paper: #ffffff;
  --key: #8a5a00; --key-band: #fdeaa5; --evidence: #2c6c2f; --evidence-band: #cdebcb; --question: #25589c;
  --question-band: #cfe1fa; --action: #9b3d12; --action-band: #fbd9b8; --tension: #a3245e; --tension-band: #fbd5e3;
  --story: #5f3a9c; --story-band: #e4d9f7; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8e6e1; --muted: #a9b0b2; --accent: #7cc8cb; --panel: #2a2e30;
  --paper: #1b1e20; --key: #e6b54a; --key-band: #5c4708; --evidence: #8fcf8c; --evidence-band: #24502a; --question: #9cc3f5;
  --question-band: #23467a; --action: #f0a878; --action-band: #6b3413; --tension: #f2a0c0; --tension-band: #6d2346;
  --story: #c9b2f2; --story-band: #463070; } }
* { box-sizing: border-box; }
html { font-size: 112.5%; }
body { margin: 0 auto; padding: 2rem 1.25rem 4rem; max-width: 44rem; background: var(--paper); color: var(--ink);
  font-family: "Source Serif 4", "Source Serif Pro", Georgia, "Times New Roman", serif; line-height: 1.5;
  overflow-wrap: anywhere; }
h1, h2, h3, .shape, .told, .head, .origin, .in-short, .concepts, .place, nav, footer, .question, .heading {
  font-family: "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
h1 { font-size: 2rem; line-height: 1.2; margin: 0.2rem 0 0.4rem; }
h2 { font-size: 1.4rem; line-height: 1.25; margin: 2.2rem 0 0.5rem; }
h3 { font-size: 1.15rem; margin: 1.6rem 0 0.4rem; }
p { margin: 0.4rem 0; }
a { color: var(--accent); }
a:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.shape { color: var(--accent); font-weight: 600; font-size: 0.85rem; text-transform: uppercase; margin: 0; }
.told, .origin, .place, .in-short, footer { color: var(--muted); }
.told { font-size: 0.95rem; }
.origin, .place, .head, .concepts, footer { font-size: 0.85rem; }
.place { white-space: nowrap; }
dd .place { white-space: normal; }
.todo { background: var(--panel); border-radius: 0.4rem; padding: 0.8rem 1.1rem; margin: 1.4rem 0; position: relative; }
.todo h2 { font-size: 1.05rem; margin: 0; }
.todo ol { margin: 0.3rem 0 0; padding-left: 1.4rem; }
.passage { border-left: 3px solid; padding: 0.1rem 0 0.1rem 0.9rem; margin: 1.1rem 0; }
.passage.line-dashed { border-left-style: dashed; }
.passage.line-dotted { border-left-style: dotted; border-left-width: 4px; }
.passage.line-double { border-left-style: double; border-left-width: 6px; }
.passage.line-heavy { border-left-width: 7px; }
.passage.line-dash-dot { border-image: repeating-linear-gradient(currentColor 0 12px, transparent 12px 16px,
  currentColor 16px 19px, transparent 19px 23px) 0 0 0 3 / 0 0 0 3px; }
.passage > * { color: var(--ink); }
.head { display: flex; justify-content: space-between; gap: 1rem; margin: 0; }
.passage blockquote { margin: 0.2rem 0 0.4rem; padding: 0; border: 0; }
blockquote { margin: 0.5rem 0; padding-left: 0.9rem; border-left: 2px solid var(--muted); }
mark { color: var(--ink); padding: 0.1em 0.15em; -webkit-box-decoration-break: clone; box-decoration-break: clone;
  print-color-adjust: exact; -webkit-print-color-adjust: exact; }
"""
    + "\n".join(
        f".passage.kind-{kind} {{ border-color: var(--{kind}); color: var(--{kind}); }} "
        f".kind-{kind} .head b {{ color: var(--{kind}); }} "
        f".kind-{kind} mark {{ background: var(--{kind}-band); }}"
        for kind in ("key", "evidence", "question", "action", "tension", "story")
    )
    + "\n"
    + "\n".join(
        f"mark.kind-{kind} {{ background-color: var(--{kind}-band); text-decoration-color: var(--{kind}); "
        f"--line: var(--{kind}); }} .label.kind-{kind} {{ color: var(--{kind}); }}"
        for kind in ("key", "evidence", "question", "action", "tension", "story")
    )
    + """
.passage .head span { color: var(--muted); }
.concepts, .concepts span { color: var(--accent); margin-top: 0.3rem; }
.question { font-weight: 600; margin-top: 1rem; }
.step { margin-top: 1.8rem; }
.step b { color: var(--accent); }
.step span { color: var(--muted); }
.step + h3 { margin-top: 0.2rem; }
h2 .told { font-weight: 400; }
.guidance { background: var(--panel); border-radius: 0.4rem; padding: 0.5rem 1rem; margin: 0.6rem 0; }
.guidance .head b { color: var(--muted); }
.plan { list-style: none; padding: 0; }
.plan li { display: grid; grid-template-columns: 4.5rem 1fr; align-items: baseline; margin: 0.4rem 0; }
dl > div { margin: 0.5rem 0; }
dt { font-weight: 700; display: inline; }
dd { display: inline; margin: 0 0 0 0.5rem; }
.reference { margin-top: 2.2rem; font-size: 0.92rem; }
.sources { list-style: none; padding: 0; font-size: 0.92rem; }
.sources li { padding-left: 1.2rem; text-indent: -1.2rem; margin: 0.5rem 0; }
pre { overflow-x: auto; background: var(--panel); padding: 0.6rem; white-space: pre-wrap; }
code { font-family: "Source Code Pro", Consolas, Menlo, monospace; font-size: 0.9em; }
nav ul { columns: 2 16rem; padding-left: 1.2rem; }
.with-text { max-width: 46rem; }
.chapter mark[class] { padding: 0.1em 0; text-decoration-line: underline; text-decoration-thickness: 2px;
  text-underline-offset: 0.2em; text-decoration-skip-ink: none; }
.chapter mark[class] mark[class] { text-underline-offset: 0.38em; }
mark.line-solid { text-decoration-style: solid; }
mark.line-dashed { text-decoration-style: dashed; }
mark.line-dotted { text-decoration-style: dotted; }
mark.line-double { text-decoration-style: double; }
.chapter mark.line-double { text-decoration-thickness: 1px; }
.chapter mark.line-heavy { text-decoration-thickness: 4px; }
.chapter mark.line-dash-dot { text-decoration-line: none; background-repeat: repeat-x; background-position: 0 100%;
  background-size: 16px 2px; background-image: linear-gradient(90deg, var(--line) 0 8px, transparent 8px 11px,
  var(--line) 11px 13px, transparent 13px); }
sup { line-height: 1; font-size: 0.72em; }
.label { font-family: "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif; font-weight: 700;
  white-space: nowrap; margin: 0 0.15em 0 0.1em; }
.label a { color: inherit; }
.reference-mark, .number, .lede, .of, figcaption, .footnotes, .box-title, .described {
  font-family: "Source Sans 3", "Source Sans Pro", "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
.reference-mark, .number, .lede, figcaption, .described, .footnotes { color: var(--muted); }
.number { font-size: 0.78rem; font-weight: 400; white-space: nowrap; margin-right: 0.2rem; }
figcaption, .described, .footnotes, table { font-size: 0.9rem; }
.of { margin: 0.6rem 0 0; }
.row { margin: 0.55rem 0; }
.row .box { background: var(--panel); border-radius: 0.4rem; padding: 0.6rem 1rem; }
.box-title { color: var(--accent); font-weight: 600; }
.row figure { margin: 0.6rem 0; }
.row img { display: block; max-width: 100%; height: auto; background: #ffffff; border-radius: 0.3rem; margin-bottom: 0.3rem; }
.row table { border-collapse: collapse; width: 100%; line-height: 1.35; }
.row th, .row td { border: 1px solid var(--muted); padding: 0.3rem 0.5rem; text-align: start; vertical-align: top; }
.row th { background: var(--panel); }
.row li > p { margin: 0.2rem 0; }
.term { padding-left: 1rem; text-indent: -1rem; }
.footnotes { list-style: none; padding: 0; }
.notes { font-size: 0.92rem; margin: 0.4rem 0 1rem 1.2rem; }
.notes .passage { margin: 0.5rem 0; }
.notes .passage .head a { color: inherit; }
.notes ul, .notes ol { margin: 0.3rem 0; padding-left: 1.3rem; }
.row ul, .row ol { margin: 0.3rem 0; }
@media screen and (min-width: 62rem) {
  .with-text { max-width: 66rem; }
  .with-text header, .with-text nav, .with-text main > :not(.chapter), .with-text footer, .chapter > :not(.row) {
    max-width: 41rem; margin-left: 3.2rem; }
  .row { position: relative; display: grid; grid-template-columns: minmax(0, 41rem) minmax(0, 1fr); column-gap: 2rem;
    margin: 0.15rem 0 0.15rem 3.2rem; }
  .row .number { position: absolute; left: -3.2rem; margin-top: 0.3rem; }
  .notes { margin: 0; font-size: 0.85rem; }
  .notes .passage:first-child { margin-top: 0.2rem; }
}
footer { border-top: 1px solid var(--muted); margin-top: 3rem; }
@media print {
  :root { color-scheme: light; }
  html { font-size: 10pt; }
  body { max-width: none; padding: 0; }
  h2, h3, .head { break-after: avoid; }
  .step { break-after: avoid; }
  .with-text { max-width: none; }
  h4, h5, h6, .box-title { break-after: avoid; }
  tr, figure { break-inside: avoid; }
  thead { display: table-header-group; }
  .passage, .guidance, .todo li, dl > div, .sources li { break-inside: avoid; }
  nav { display: none; }
  a { color: inherit; text-decoration: none; }
}
@page { margin: 22mm 24mm; }
"""
)
