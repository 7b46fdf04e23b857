/** The style sheet of a report: on paper always light, on a screen by what its reader prefers. ASCII. */

export const STYLE = `
:root{color-scheme:light dark;--ink:#1c2430;--soft:#5a6575;--rule:#d8dee6;--paper:#fff;--tint:#f3f5f8;--mark:#fff0c7;--device:#b3261e;--host:#1f5fae;--open:#7a5a00}
@media screen and (prefers-color-scheme:dark){:root{--ink:#e5e9ef;--soft:#9aa6b6;--rule:#354050;--paper:#141920;--tint:#1d242e;--mark:#4a3d12;--device:#ff8a80;--host:#8ab8f5;--open:#e6c25a}}
@media print{:root{color-scheme:light}}
@page{size:A4;margin:15mm 14mm 16mm}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:10.5pt/1.45 system-ui,"Segoe UI","Helvetica Neue",Arial,"DejaVu Sans",sans-serif}
main{max-width:760px;margin:0 auto;padding:24px 20px}
@media print{main{max-width:none;padding:0}body{font-size:9.5pt;-webkit-print-color-adjust:exact;print-color-adjust:exact}}
h1{font-size:1.55em;line-height:1.25;margin:0 0 .3em;overflow-wrap:anywhere}
h2{font-size:1.15em;margin:1.5em 0 .4em;padding-bottom:.15em;border-bottom:1px solid var(--rule)}
h3{font-size:1em;margin:1.1em 0 .3em}
h1,h2,h3{break-after:avoid;break-inside:avoid}
p{margin:.35em 0 .6em;orphans:3;widows:3;overflow-wrap:anywhere}
.by{color:var(--soft);font-size:.88em;margin:0 0 1em}
.lead{font-size:1.08em}
.case>h2:first-child{font-size:1.3em;margin-top:2em;border-bottom:2px solid var(--ink)}
.do{border-left:4px solid var(--host);background:var(--tint);padding:.5em .9em;margin:.9em 0;border-radius:3px;box-decoration-break:clone;-webkit-box-decoration-break:clone}
.do h3{margin:.1em 0 .3em}
.do p{margin:.3em 0}
pre{margin:.15em 0 .7em;padding:.4em .6em;background:var(--tint);border:1px solid var(--rule);border-radius:3px;font:.86em/1.4 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre-wrap;overflow-wrap:anywhere;break-inside:avoid}
.step{break-inside:avoid}
.step p{margin:.3em 0 .1em;color:var(--soft)}
table{border-collapse:collapse;width:100%;margin:.4em 0 1em;font-size:.92em}
thead{display:table-header-group}
tr{break-inside:avoid}
th,td{text-align:left;vertical-align:top;padding:.28em .7em .28em 0;border-bottom:1px solid var(--rule);overflow-wrap:anywhere}
thead th{color:var(--soft);font-weight:600;white-space:nowrap}
.facts th{width:9.5em;font-weight:600;white-space:nowrap}
td.tight{white-space:nowrap;overflow-wrap:normal}
th.number,td.number{white-space:nowrap;text-align:right;font-variant-numeric:tabular-nums}
.place{min-width:9.5em}
.weight{width:5.5em}.frames{width:8em}
.keep ul{margin-bottom:0}.keep+ul{margin-top:0}
.more{color:var(--soft);font-size:.92em}
figure{margin:.6em 0;break-inside:avoid}
figcaption{color:var(--soft);font-size:.9em}
.ends{display:flex;flex-wrap:wrap;justify-content:space-between;gap:0 1em;font-size:.92em;font-weight:600}
.ends span{overflow-wrap:anywhere;max-width:100%}.ends span:last-child{margin-left:auto;text-align:right}
svg{display:block;width:100%;height:auto;font-family:inherit}
svg text{fill:var(--ink);font-size:11px}
.path text{text-anchor:middle}
.path .line{stroke:var(--soft);stroke-width:2}.path .unknown{stroke-dasharray:3 5}
.path .router{fill:var(--paper);stroke:var(--soft);stroke-width:2}
.path .gap,.path .node{fill:var(--paper);stroke:var(--soft);stroke-width:1.5}
.path .reach{fill:var(--mark)}
.path .capture{stroke:var(--ink);stroke-width:2.5}
.path .faint{fill:var(--soft)}
.path .caption,.path .inside{font-weight:600}
.path{--lit:var(--open)}.path.middlebox{--lit:var(--device)}.path.endpoint{--lit:var(--host)}
.path .node.lit,.path .device,.path .flag,.path .head{fill:var(--lit)}
.path .node.lit{stroke:var(--lit)}
.path .device.adrift{fill:var(--paper);stroke:var(--lit);stroke-width:2;stroke-dasharray:4 3}
.path .inside.lit,.path .flag-text{fill:var(--paper);font-weight:700}
.path .way{fill:none;stroke:var(--lit);stroke-width:2}.path .way.open{stroke-dasharray:5 4}
.path .question{fill:var(--lit);font-weight:700;font-size:13px}
.path .not{stroke:var(--device);stroke-width:2}.path .not-text{fill:var(--device)}
.path .ghost{fill:none;stroke:var(--soft);stroke-dasharray:3 3}
.ladder .end{text-anchor:end}.ladder .mid,.ladder .what,.ladder .skip{text-anchor:middle}
.ladder .head-text{fill:var(--soft);font-weight:600}
.ladder .life{stroke:var(--soft);stroke-width:1.5}
.ladder .rung{stroke:var(--ink);stroke-width:1.1}.ladder .tip{fill:var(--ink);stroke:none}
.ladder .reset{stroke:var(--device)}.ladder .reset.tip{fill:var(--device)}
.ladder .reset-text{fill:var(--device);font-weight:700}
.ladder .what{font-size:10px}.ladder .time,.ladder .note,.ladder .skip{fill:var(--soft);font-size:10px}
.ladder .subject{fill:var(--mark)}
.ladder .evidence{fill:var(--open)}
.hex{font:.84em/1.55 ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;white-space:pre;overflow-x:auto;break-inside:avoid}
mark{background:var(--mark);color:inherit;font-weight:700;border-radius:2px}
ul{margin:.3em 0 .8em;padding-left:1.3em}li{margin:.2em 0;break-inside:avoid;overflow-wrap:anywhere}
.keep{break-inside:avoid}.keep>p:last-child{color:var(--soft);font-size:.92em;margin-top:-.4em}
.long{break-inside:auto}.long figcaption{break-before:avoid}
.ladder{overflow:visible;break-inside:avoid}
code{font:.9em ui-monospace,"DejaVu Sans Mono",Menlo,Consolas,monospace;overflow-wrap:anywhere}
@media screen and (max-width:600px){
main{padding:16px 14px}
.list,.list tbody,.list tr{display:block}.list thead,.list td:empty{display:none}
.list tr{padding:.35em 0;border-bottom:1px solid var(--rule)}
.list td,.list td.number,.list td.tight{display:flex;gap:.7em;padding:.1em 0;border:0;text-align:left;white-space:normal}
.list td::before{content:attr(data-column);flex:0 0 6.5em;color:var(--soft)}
.facts th{width:7.5em;white-space:normal}
figure{overflow-x:auto}svg{min-width:520px}
}
`;
