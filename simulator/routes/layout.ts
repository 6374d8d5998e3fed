import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';

export type Markup = HtmlEscapedString | Promise<HtmlEscapedString>;
export type Page = { readonly markup: Markup; readonly status: 200 | 400 | 403 };

/** A whole page in the simulator's frame: no script, one style sheet, and a mark that says that this is not Microsoft. */
export function page(
  title: string,
  content: Markup,
  status: Page['status'] = 200,
  width: 'narrow' | 'wide' = 'narrow',
): Page {
  const markup = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="robots" content="noindex" />
        <title>${title} – Microsoft cloud simulator</title>
        <link rel="icon" href="data:," />
        <link rel="stylesheet" href="/_simulator/style.css" />
      </head>
      <body class="${width}">
        <header><p>Microsoft cloud <strong>simulator</strong> – not Microsoft, nothing leaves this computer</p></header>
        <main>${content}</main>
        <footer><p><a href="/">What is this?</a></p></footer>
      </body>
    </html>`;
  return { markup, status };
}

export const STYLE = `
:root { color-scheme: light dark; --bg: #f2f4f8; --card: #fff; --text: #1b1f27; --muted: #545b69; --line: #d5dae3;
  --accent: #1f4fb8; --accent-text: #fff; --hover: #eaf0fb; --warn-bg: #fff3d6; --warn: #5b3d00; --ok: #0b6b3a; }
@media (prefers-color-scheme: dark) { :root { --bg: #12151b; --card: #1c212b; --text: #eceff5; --muted: #a9b2c3;
  --line: #394152; --accent: #8fb3ff; --accent-text: #0b1220; --hover: #262e3d; --warn-bg: #3b2f12; --warn: #ffd98a; --ok: #6fd69d; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: flex; flex-direction: column; align-items: center; background: var(--bg);
  color: var(--text); font: 16px/1.5 system-ui, sans-serif; }
header { align-self: stretch; background: var(--warn-bg); color: var(--warn); text-align: center; font-size: .875rem; }
header p { margin: 0; padding: .5rem 1rem; }
main { width: min(30rem, calc(100% - 2rem)); margin: 2.5rem 0 1rem; padding: 2rem; background: var(--card);
  border: 1px solid var(--line); border-radius: .75rem; }
.wide main { width: min(60rem, calc(100% - 2rem)); }
footer { font-size: .875rem; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2rem 0 .5rem; }
p { margin: .5rem 0; }
a { color: var(--accent); }
code { font-size: .875em; overflow-wrap: anywhere; }
ul.accounts, ul.permissions, ul.links { list-style: none; margin: 1rem 0; padding: 0; }
.accounts li + li { border-top: 1px solid var(--line); }
button { font: inherit; color: inherit; min-height: 2.5rem; cursor: pointer; }
.account { display: flex; gap: .875rem; align-items: center; width: 100%; padding: .625rem .5rem; border: 0;
  background: none; text-align: left; border-radius: .375rem; }
.account:hover { background: var(--hover); }
.avatar { flex: none; width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid; place-items: center;
  background: var(--accent); color: var(--accent-text); font-weight: 600; font-size: .875rem; }
.who { display: flex; flex-direction: column; overflow-wrap: anywhere; }
.name { font-weight: 600; }
.mail, .role, .signed-in, .sub, .muted { color: var(--muted); font-size: .875rem; }
.app { padding: .75rem 0; border-block: 1px solid var(--line); margin: 1rem 0; }
.verified { color: var(--ok); font-size: .875rem; }
.unverified { color: var(--warn); font-size: .875rem; }
.permissions li { padding: .25rem 0; }
.permissions details p { margin: .25rem 0 .25rem 1.1rem; color: var(--muted); font-size: .875rem; }
summary { cursor: pointer; }
.buttons { display: flex; gap: .75rem; justify-content: flex-end; margin-top: 1.5rem; flex-wrap: wrap; }
.buttons button, .scenario button, .active button { padding: .375rem 1.25rem; border: 1px solid var(--line); border-radius: .375rem; background: var(--card); }
.buttons button:hover, .scenario button:hover, .active button:hover { background: var(--hover); }
.buttons .primary { background: var(--accent); border-color: var(--accent); color: var(--accent-text); }
.buttons .primary:hover { background: var(--accent); filter: brightness(1.1); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.generate label { display: flex; flex-direction: column; gap: .25rem; max-width: 26rem; font-weight: 600; }
.generate input, .generate select, textarea { font: inherit; font-weight: 400; width: 100%; color: inherit; background: var(--card); border: 1px solid var(--line);
  border-radius: .375rem; padding: .375rem .5rem; max-width: 100%; }
textarea { font-family: ui-monospace, monospace; font-size: .8125rem; }
td .buttons { margin: 0; justify-content: flex-start; }
.trouble { margin-top: 1.5rem; font-size: .875rem; }
dl { margin: .5rem 0; } dt { font-weight: 600; } dd { margin: 0 0 .5rem; overflow-wrap: anywhere; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; }
th, td { text-align: left; vertical-align: top; padding: .375rem .5rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
.scenarios { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(17rem, 100%), 1fr)); gap: 1rem; }
.scenario { display: flex; flex-direction: column; border: 1px solid var(--line); border-radius: .5rem; padding: 1rem; }
.scenario h3 { margin: 0; font-size: 1rem; }
.scenario p { font-size: .875rem; }
.scenario p:last-of-type { flex: 1; }
.scenario button { align-self: flex-start; margin-top: .5rem; }
.done { padding: .625rem 1rem; border-left: 4px solid var(--ok); background: var(--hover); }
.active { list-style: none; margin: .5rem 0; padding: 0; }
.active li { display: flex; gap: 1rem; align-items: center; justify-content: space-between; padding: .625rem 0;
  border-top: 1px solid var(--line); overflow-wrap: anywhere; }
.active form { flex: none; }
@media (max-width: 40rem) { main { padding: 1.25rem; margin-top: 1.25rem; } }
`;
