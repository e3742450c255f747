"use strict";
(() => {
  // Evidence lies in compressed chunks. An entry is found by its number: in the last chunk that begins at or before it.
  const chunks = [...document.querySelectorAll("script[data-scenarios]")];
  const opened = new Map();

  async function inflate(text) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    return JSON.parse(await new Response(stream).text());
  }

  async function entry(kind, number) {
    const index = chunks.findLastIndex((chunk) => Number(chunk.dataset[kind]) <= number);
    if (!opened.has(index)) opened.set(index, inflate(chunks[index].textContent));
    return (await opened.get(index))[kind][number - Number(chunks[index].dataset[kind])];
  }

  // Elements are built node by node: whatever a peer sent becomes text, never markup.
  const deceptive = /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;
  const visible = (text) =>
    String(text).replace(deceptive, (c) => "\\u" + c.charCodeAt(0).toString(16).padStart(4, "0"));

  function make(tag, names, ...children) {
    const element = document.createElement(tag);
    if (names) element.className = names;
    element.append(...children.flat().filter((c) => c !== null).map((c) => (c instanceof Node ? c : visible(c))));
    return element;
  }

  function link(id, ...children) {
    const anchor = make("a", "", ...children);
    anchor.href = "#" + encodeURIComponent(id.replace(/\p{Surrogate}/gu, "?"));
    return anchor;
  }

  function list(pairs, names) {
    const kept = pairs.filter(([, value]) => value !== null && value !== undefined && value !== "");
    return make("dl", names, ...kept.flatMap(([name, value]) => [make("dt", "", name), make("dd", "", value)]));
  }

  const moment = (iso) => iso.replace("T", " ").replace(/(\.\d{3})\d*/, "$1").replace("+00:00", " UTC");
  const kebab = (word) => word.replaceAll(" ", "-");
  const verdict = (word) => make("span", "verdict " + kebab(word), word);
  const mark = (word) => make("span", "mark " + kebab(word), make("span", "unseen", word + ": "));
  const milliseconds = (seconds) => (seconds < 1 ? `${Math.round(seconds * 1000)} ms` : `${seconds.toFixed(1)} s`);
  // Scenarios lose their id, else the browser would lay out the whole table to scroll to what is about to be hidden.
  const rows = new Map([...document.querySelectorAll("tr[data-number]")].map((r) => {
    r.dataset.id = decoded(r.id);
    r.removeAttribute("id");
    return [r.dataset.id, r];
  }));
  const row = (id) => rows.get(id) ?? document.getElementById(id);

  function decoded(text) {
    try { return decodeURIComponent(text); } catch { return text; }
  }

  // Bodies. Only white space is changed, so that numbers, doubled keys and escapes stay as they were sent.
  function indented(text) {
    let depth = 0;
    let before = "";
    const pieces = [];
    const line = () => "\n" + "  ".repeat(Math.min(depth, 40));
    for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s[\]{},:"]+/g)) {
      const closes = token === "}" || token === "]";
      const opened = before === "{" || before === "[";
      if (closes) depth -= 1;
      if (opened !== closes || before === ",") pieces.push(line());
      pieces.push(token === ":" ? ": " : token);
      if (token === "{" || token === "[") depth += 1;
      before = token;
    }
    return pieces.join("");
  }

  function isJson(text) {
    try { JSON.parse(text); return true; } catch { return false; }
  }

  function run(found) {
    const what = found.decoded.map((item) => item.title).join(", ");
    const label = `${found.text.slice(0, 16)}… ${found.text.length.toLocaleString("en")} characters${what ? ": " + what : ""}`;
    return make("details", "run", make("summary", "", label), ...found.decoded.map((item) => list(item.facts)), found.text);
  }

  // What is spelt out at length, such as an EXI message, stands below the body.
  function reading(item) {
    const text = make("div", "code", item.text);
    text.tabIndex = 0;
    text.setAttribute("role", "group");
    text.setAttribute("aria-label", item.title);
    const block = make("details", "reading", make("summary", "", item.title), list(item.facts), text);
    block.open = true;
    return block;
  }

  function content(body, parts) {
    const whole = parts.map((p) => p.text ?? p).join("");
    let rest = !body.binary && isJson(whole) ? indented(whole) : whole;
    const nodes = [];
    for (const found of parts.filter((p) => typeof p !== "string")) {
      const at = rest.indexOf(found.text);
      if (at < 0) continue; // a hundred empty lines look like a run and are gone after indenting
      nodes.push(rest.slice(0, at), run(found));
      rest = rest.slice(at + found.text.length);
    }
    return [...nodes, rest];
  }

  async function shown(number, title) {
    if (number === null) return [make("p", "quiet", "No body")];
    const body = await entry("bodies", number);
    const parts = await Promise.all(body.parts.map((p) => (typeof p === "number" ? entry("runs", p) : p)));
    const readings = parts.flatMap((p) => p.decoded ?? []).filter((item) => item.text);
    const code = make("div", "code", ...content(body, parts));
    code.tabIndex = 0;
    code.setAttribute("role", "group");
    code.setAttribute("aria-label", "Body of the " + title);
    const facts = [body.media_type ?? "no media type", `${body.size.toLocaleString("en")} bytes`, `SHA-256 ${body.sha256}`];
    if (body.binary) facts.push("not UTF-8, shown as base64");
    if (body.truncated) facts.push("recorded in part");
    if (body.left_out) facts.push(`${body.left_out.toLocaleString("en")} characters left out of this page, see results.json`);
    return [make("p", "quiet mono", facts.join(" · ")), code, ...readings.map(reading)];
  }

  function headers(pairs) {
    const lines = pairs.map(([name, value]) => {
      const head = make("th", "", name);
      head.scope = "row";
      return make("tr", "", head, make("td", "mono", value));
    });
    return make("table", "headers", make("tbody", "", ...lines));
  }

  async function message(title, line, part) {
    return make("div", "", make("h3", "", title), make("p", "mono", line), headers(part.headers), ...(await shown(part.body, title.toLowerCase())));
  }

  const path = (url) => url.replace(/^[a-z+.-]+:\/\/[^/?#]*/i, "") || "/";
  const status = (response) => (response ? `${response.status} ${response.reason}`.trim() : "no answer");

  async function exchange(made, findings) {
    const { request, response } = made;
    const about = findings.filter((f) => f.exchange === made.sequence && f.level !== "info");
    const marks = about.map((f) => mark(f.level));
    const head = make("summary", "", ...marks, `${made.sequence}. ${made.party} to ${made.service}: `,
      make("span", "mono", `${request.method} ${path(request.url)}`), " ", make("strong", "", status(response)),
      make("span", "quiet", ` ${milliseconds(made.duration_s)}`));
    const answer = response
      ? await message("Response", status(response), response)
      : make("div", "", make("h3", "", "Response"), make("p", "", "None came."));
    const block = make("details", "exchange", head, make("div", "",
      list([["Operation", made.operation], ["Sent at", moment(made.started)], ["Transport error", made.error]]),
      make("div", "message", await message("Request", `${request.method} ${request.url}`, request), answer)));
    block.id = "exchange-" + made.sequence;
    block.open = about.length > 0;
    return block;
  }

  // Findings and steps
  function jump(label, id) {
    const button = make("button", "link", label);
    button.type = "button";
    button.addEventListener("click", () => {
      const goal = document.getElementById(id);
      if (!goal) return;
      goal.open = true;
      goal.scrollIntoView({ block: "start" });
      (goal.querySelector("summary") ?? goal).focus({ preventScroll: true });
    });
    return button;
  }

  function held(id) {
    const cells = id && row(id)?.cells;
    return id && [link(id, id), cells ? ` ${cells[1].innerText.replace(/\s*\n\s*/, ": ")} (deviation: ${cells[2].textContent})` : ""];
  }

  function finding(found, steps) {
    return make("div", "finding",
      make("p", "", mark(found.level), found.message),
      list([
        ["Expected", found.expected],
        ["Seen", found.seen === null ? null : make("span", "mono", found.seen)],
        ["Requirement", found.requirement && link(found.requirement, found.requirement)],
        ["Reading applied", held(found.erratum)],
        ["Step", found.step === null || !steps[found.step] ? null : `${steps[found.step].keyword} ${steps[found.step].text}`],
        ["Evidence", found.exchange && jump(`Exchange ${found.exchange}`, "exchange-" + found.exchange)],
      ]));
  }

  function step(done, exchanges) {
    const lines = done.table?.map((cells) => make("tr", "", ...cells.map((cell) => make("td", "", cell))));
    return make("li", "",
      make("div", "", mark(done.status), make("b", "", done.keyword), " ", make("span", "text", done.text),
        make("span", "quiet", ` ${done.status === "passed" ? "" : done.status} ${done.status === "not run" ? "" : milliseconds(done.duration_s)}`)),
      lines ? make("table", "small", make("tbody", "", ...lines)) : null,
      done.docstring === null ? null : make("div", "code inset", done.docstring),
      done.error === null ? null : make("div", "code inset", done.error),
      ...exchanges);
  }

  async function steps(scenario) {
    const made = await Promise.all(scenario.exchanges.map((e) => exchange(e, scenario.findings)));
    const of = (index) => made.filter((_, n) => scenario.exchanges[n].step === index);
    const outside = of(null);
    return make("ol", "steps",
      outside.length ? make("li", "", make("div", "", "Before the first or after the last step"), ...outside) : null,
      ...scenario.steps.map((s, index) => step(s, of(index))));
  }

  function toggle() {
    const button = make("button", "toggle", "Unfold all exchanges");
    button.type = "button";
    button.addEventListener("click", () => {
      const all = [...page.querySelectorAll(".exchange")];
      const open = all.some((block) => !block.open);
      for (const block of all) block.open = open;
      button.textContent = open ? "Fold all exchanges" : "Unfold all exchanges";
    });
    return button;
  }

  function requirement(id) {
    const known = row(id);
    if (!known) return make("p", "", make("span", "id", id));
    return make("div", "judged",
      make("p", "", link(id, make("span", "id", id)), " ", make("span", "level " + known.dataset.level, known.dataset.level),
        " ", known.querySelector(".text").textContent),
      make("p", "quiet", "Expected: ", known.querySelector(".expected").textContent));
  }

  async function detail(scenario) {
    const weight = { fail: 0, warn: 1, info: 2 };
    const findings = [...scenario.findings].sort((a, b) => weight[a.level] - weight[b.level]);
    const title = make("h1", "", scenario.name);
    title.tabIndex = -1;
    const example = Object.entries(scenario.example).map(([name, value]) => make("span", "chip", `${name} = ${value}`));
    return [
      make("header", "", make("p", "kicker", scenario.feature.name, scenario.rule ? ` › ${scenario.rule}` : ""), title,
        make("p", "headline", verdict(scenario.verdict), make("span", "", scenario.reason ?? ""))),
      make("div", "", make("h2", "", "Judges"), ...scenario.requirements.map(requirement),
        list([["Example", example.length ? example : null], ["Service", scenario.service], ["Fault in the simulator", scenario.fault],
          ["Feature", make("span", "mono", `${scenario.feature.file}${scenario.steps.length ? ":" + scenario.steps[0].line : ""}`)],
          ["Id", make("span", "mono", scenario.id)], ["Exchanges as file", scenario.har && make("span", "mono", scenario.har)], ["Tags", scenario.tags.join(", ")],
          ["Started", `${moment(scenario.started)}, took ${milliseconds(scenario.duration_s)}`]])),
      findings.length ? make("div", "", make("h2", "", "Findings"), ...findings.map((f) => finding(f, scenario.steps))) : null,
      make("div", "", scenario.exchanges.length ? toggle() : null, make("h2", "", "Steps and exchanges"), await steps(scenario)),
    ];
  }

  // Where the address points: a scenario is shown alone, everything else lies in the overview.
  const overview = document.getElementById("overview");
  const page = document.getElementById("detail");
  const skip = document.querySelector(".skip");
  const heading = document.title;
  const left = { hash: "#summary", top: 0, link: null };

  function leave(target) {
    left.top = window.scrollY;
    left.link = document.activeElement?.hash ? document.activeElement : target.querySelector("a");
  }

  function back(samePlace) {
    overview.hidden = skip.hidden = false;
    page.hidden = true;
    page.replaceChildren();
    document.title = heading;
    if (!samePlace) return;
    window.scrollTo(0, left.top);
    left.link?.focus({ preventScroll: true });
  }

  async function show(target) {
    if (!overview.hidden) leave(target);
    const asked = location.hash;
    let parts;
    try { parts = await detail(await entry("scenarios", Number(target.dataset.number))); }
    catch (error) { parts = [make("p", "notice", `This scenario cannot be shown: ${error}. Its evidence is in results.json.`)]; }
    if (location.hash !== asked) return;
    const back = make("a", "", "Back to the overview");
    back.href = left.hash || "#";
    page.replaceChildren(make("p", "back", back), ...parts.filter((p) => p !== null));
    overview.hidden = skip.hidden = true;
    page.hidden = false;
    document.title = `${page.querySelector("h1")?.textContent ?? ""} (${heading})`;
    window.scrollTo(0, 0);
    page.querySelector("h1")?.focus({ preventScroll: true });
  }

  async function route() {
    const [, place, query] = /^#?([^?]*)\??(.*)$/s.exec(location.hash);
    const target = row(decoded(location.hash.slice(1))) ?? row(decoded(place));
    if (target?.dataset.number) return show(target);
    const returning = overview.hidden;
    const known = location.hash === left.hash;
    left.hash = location.hash;
    if (returning) back(known);
    if (query && target) choose(new URLSearchParams(query));
    if (target?.hidden) choose(new URLSearchParams());
    const inner = target?.querySelector(":scope > td > details");
    if (inner) inner.open = true;
    if (!(returning && known)) target?.scrollIntoView();
  }

  // The filter
  const form = document.getElementById("filter");
  const sections = ["requirements", "scenarios"].map((id) => {
    const section = document.getElementById(id);
    return { count: section.querySelector("output"), groups: [...section.querySelectorAll("tbody")].map((body) => ({
      body, rows: [...body.rows].filter((r) => r.dataset.verdict) })) };
  });
  const words = new Map();
  const textOf = (r) => words.get(r) ?? words.set(r, `${r.id} ${r.dataset.id} ${r.textContent}`.toLowerCase()).get(r);
  const has = (listed, word) => listed.split(" ").includes(word);

  function fits(r, wanted) {
    return (!wanted.verdict || r.dataset.verdict === wanted.verdict)
      && (!wanted.service || r.dataset.service === wanted.service)
      && (!wanted.level || has(r.dataset.level, wanted.level))
      && (!wanted.finding || has(r.dataset.finding, wanted.finding))
      && (!wanted.requirement || r.dataset.requirement.toLowerCase().split(" ").some((id) => id.startsWith(wanted.requirement)))
      && (!wanted.words || wanted.words.split(/\s+/).every((word) => textOf(r).includes(word)));
  }

  function filter() {
    const wanted = Object.fromEntries(new FormData(form));
    wanted.words = wanted.words.trim().toLowerCase();
    wanted.requirement = wanted.requirement.trim().toLowerCase();
    for (const { count, groups } of sections) {
      let found = 0;
      let all = 0;
      for (const { body, rows } of groups) {
        for (const r of rows) r.hidden = !fits(r, wanted);
        const kept = rows.filter((r) => !r.hidden).length;
        body.hidden = kept === 0;
        found += kept;
        all += rows.length;
      }
      count.value = found === all ? `${all}` : `${found} of ${all}`;
    }
  }

  function choose(query) {
    for (const field of form.elements) if (field.name) field.value = query.get(field.name) ?? "";
    filter();
  }

  let waiting;
  form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });
  form.addEventListener("reset", () => setTimeout(filter));
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;

  // Printed, nothing of a scenario and nothing that failed stays folded.
  let unfolded = [];
  window.addEventListener("beforeprint", () => {
    const wanted = overview.hidden ? "#detail details.exchange" : '#requirements tr[data-verdict="fail"] details';
    unfolded = [...document.querySelectorAll(wanted)].filter((d) => !d.open);
    for (const d of unfolded) d.open = true;
  });
  window.addEventListener("afterprint", () => { for (const d of unfolded) d.open = false; });

  window.addEventListener("hashchange", route);
  route();
})();
