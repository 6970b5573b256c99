"use strict";
/* The page: moves are put to the engine in a worker, and what it proves is drawn. All state is in
   `state`, the address and what is written there; names of a world only ever become text. */
(() => {
  const $ = (id) => document.getElementById(id);
  const PAGE = JSON.parse($("page-data").textContent), WORLD = JSON.parse($("world-data").textContent);
  const REGIONS = WORLD.regions.map(([code]) => code), SECTORS = WORLD.sectors.map(([code]) => code);
  const nameOf = (n) => WORLD.regions[n][1], spoken = (n) => PAGE.spoken[n];
  const MINUS = "\u2212", MOST_MOVES = 12, NEGLIGIBLE = 0.005;

  // ------------------------------------------------------------ words and numbers

  const minus = (text) => text.replace("-", /[1-9]/.test(text) ? MINUS : "");
  const percent = (v) => minus(`${v.toFixed(Math.abs(v) < 0.995 ? 2 : Math.abs(v) < 9.95 ? 1 : 0)}%`);
  const change = (v) => (v > 0 && /[1-9]/.test(percent(v)) ? "+" : "") + percent(v);
  const grouped = (v, digits) => minus(v.toLocaleString("en-US", { minimumFractionDigits: digits, maximumFractionDigits: digits }));
  const money = (million) => Math.abs(million) < 50 ? `${minus(million.toFixed(0))} million USD`
    : `${grouped(million / 1000, Math.abs(million) < 100000 ? 1 : 0)} bn USD`;
  const billions = (million) => { const b = million / 1000, size = Math.abs(b); return grouped(b, size < 0.995 ? 2 : size < 99.95 ? 1 : 0); };
  const signed = (million) => (million > 0 && /[1-9]/.test(billions(million)) ? "+" : "") + billions(million);
  const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);
  const joined = (parts) => parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;

  function gainOrLoss(name, value, worth) {
    const s = name.includes(" and ") ? "" : "s";
    if (Math.abs(value) < NEGLIGIBLE) return `${name} neither gain${s} nor lose${s} as much as 0.01%`;
    return `${name} ${value > 0 ? "gain" : "lose"}${s} ${percent(Math.abs(value))} of real income (${money(Math.abs(worth))} a year)`;
  }

  /** Build an element; strings become text, never markup. */
  function make(tag, attributes = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
      else if (value !== false && value !== null) element.setAttribute(name, value === true ? "" : value);
    }
    element.append(...children.filter((one) => one !== null));
    return element;
  }

  // ------------------------------------------------------------ kinds of move, as `tula solve` names them

  const ADD = { add: "add", set: "set to", at_least: "at least" };
  const KINDS = {
    "tariff": { title: "Import duty", who: "Importer", whom: "On imports from", operators: ADD, units: { add: "points", set: "%", at_least: "%" }, start: 10, low: -20, high: 100 },
    "export-tax": { title: "Export tax", who: "Exporter", whom: "On sales to", operators: ADD, units: { add: "points", set: "%", at_least: "%" }, start: 10, low: -20, high: 100, seller: true },
    "trade-cost": { title: "Cost of trade", who: "Importer", whom: "On deliveries from", units: "%", start: 10, low: -50, high: 100 },
    "embargo": { title: "Embargo", who: "Importer", whom: "Buys nothing from" },
    "cut": { title: "Cut of purchases", who: "Importer", whom: "Buys less from", units: "% less volume", start: 35, low: 0, high: 99 },
    "import-cap": { title: "Quota", who: "Importer", whom: "On purchases from", units: "% of base volume", start: 65, low: 1, high: 100, quota: true },
    "agreement": { title: "Trade agreement", who: "One side", whom: "With", units: "% of duties removed", start: 100, low: 0, high: 100 },
  };
  const unitOf = (move) => typeof KINDS[move.kind].units === "object" ? KINDS[move.kind].units[move.operator] : KINDS[move.kind].units;

  /** A move with every field that its kind has. */
  function complete(move) {
    const kind = KINDS[move.kind];
    const found = { kind: move.kind, who: move.who, whom: move.whom, what: move.what };
    if (kind.operators) found.operator = kind.operators[move.operator] ? move.operator : "add";
    if (kind.units) {
      const given = Number.isFinite(move.value) ? move.value : kind.start;
      found.value = Math.min(Math.max(given, found.operator && found.operator !== "add" ? 0 : kind.low), 1000);
      if (!kind.operators && kind.high < 101 && found.value > kind.high) found.value = kind.high;
    }
    if (kind.quota) { found.together = !!move.together; found.rent = ["importer", "exporter", "nobody"].includes(move.rent) ? move.rent : "importer"; }
    return found;
  }

  const number = (v) => String(Math.round(v * 1e6) / 1e6);

  /** The value of a move as the command line writes it. */
  function amount(move) {
    if (move.kind === "embargo") return null;
    if (move.operator === "add") return `${move.value < 0 ? "" : "+"}${number(move.value)}pp`;
    if (move.operator) return `${move.operator === "set" ? "=" : ">="}${number(move.value)}%`;
    if (move.kind === "trade-cost") return `${move.value < 0 ? "" : "+"}${number(move.value)}%`;
    return number(move.value) + "%" + (move.kind === "import-cap" ? `${move.together ? "/together" : "/each"}:${move.rent}` : "");
  }

  /** The parts of a move in the grammar of the command line, each name passed through `write`. */
  const moveText = (move, write) => [move.who, move.whom, move.what].map((names) => names.map(write).join("+"))
    .concat(amount(move) === null ? [] : [amount(move)]).join(":");

  /** Read a move back from such a text; null where it says nothing of this world. */
  function readMove(kind, text) {
    const parts = text.split(":"), [who, whom, what] = parts.slice(0, 3).map((part) => (part || "").split("+").map(decodeURIComponent));
    if (!KINDS[kind] || parts.length < 3) return null;
    const known = (names, codes, groups) => names.length && names.every((one) => one === "all" || codes.includes(one) || Object.hasOwn(groups, one));
    if (!known(who, REGIONS, WORLD.region_groups) || !known(whom, REGIONS, WORLD.region_groups) || !known(what, SECTORS, WORLD.sector_groups)) return null;
    // browsers write some signs of an address in their own way
    const value = (parts[3] || "").replace(/%3E/gi, ">").replace(/%25/g, "%"), read = value.match(/^(>=|=|[+-])?([\d.]+)(?:pp|%)(?:\/(together|each))?$/);
    if (KINDS[kind].units && !read) return null;
    const operator = read && { ">=": "at_least", "=": "set" }[read[1]] || "add";
    return complete({ kind, who, whom, what, operator, value: read ? (read[1] === "-" ? -1 : 1) * parseFloat(read[2]) : NaN, together: read && read[3] === "together", rent: parts[4] });
  }

  const resolved = (names, codes, groups) => {
    const chosen = new Set();
    for (const one of names) {
      if (one === "all") codes.forEach((_, place) => chosen.add(place));
      else if (codes.includes(one)) chosen.add(codes.indexOf(one));
      else groups[one].forEach((place) => chosen.add(place));
    }
    return [...chosen].sort((a, b) => a - b);
  };

  /** A move as the engine reads it: positions, fractions, ratios. */
  function asked(move) {
    const who = resolved(move.who, REGIONS, WORLD.region_groups), whom = resolved(move.whom, REGIONS, WORLD.region_groups);
    const seller = KINDS[move.kind].seller;
    const value = move.kind === "trade-cost" ? 1 + move.value / 100 : move.value / 100;
    return {
      kind: move.kind, operator: move.operator, value, together: move.together, rent: move.rent,
      importers: seller ? whom : who, exporters: seller ? who : whom,
      sectors: resolved(move.what, SECTORS, WORLD.sector_groups),
    };
  }

  // ------------------------------------------------------------ state and address

  const state = { moves: [], closure: "fixed", elasticity: "world", horizon: "long", pair: PAGE.pair, pin: null };
  let found = null, pinned = null, said = "", showAll = false;

  /** Everything that decides the numbers, as a query. */
  function query(part) {
    const fields = part.moves.map((move) => `${move.kind}=${moveText(move, encodeURIComponent)}`);
    if (part.closure !== "fixed") fields.push(`closure=${part.closure}`);
    if (part.elasticity !== "world") fields.push(`elasticity=${encodeURIComponent(part.elasticity)}`);
    if (part.horizon !== "long") fields.push(`horizon=${part.horizon}`);
    return fields.join("&");
  }

  function address() {
    const fields = [query(state), `pair=${state.pair.map((n) => encodeURIComponent(REGIONS[n])).join(":")}`];
    if (state.pin !== null) fields.push(`pin=${encodeURIComponent(state.pin)}`);
    return "#" + fields.filter(Boolean).join("&");
  }

  /** Read a query into moves and choices, leaving out what this world does not have. */
  function readQuery(text) {
    const read = { moves: [], closure: "fixed", elasticity: "world", horizon: "long", pair: null, pin: null, lost: 0 };
    for (const field of text.split("&").filter(Boolean)) {
      const at = field.indexOf("="), key = field.slice(0, at), value = field.slice(at + 1);
      try {
        if (KINDS[key]) {
          const move = readMove(key, value);
          if (move && read.moves.length < MOST_MOVES) read.moves.push(move); else read.lost++;
        } else if (key === "closure" && PAGE.closures[value]) read.closure = value;
        else if (key === "elasticity" && Object.hasOwn(WORLD.elasticities, decodeURIComponent(value))) read.elasticity = decodeURIComponent(value);
        else if (key === "horizon") read.horizon = value;
        else if (key === "pair") read.pair = value.split(":").map((one) => REGIONS.indexOf(decodeURIComponent(one)));
        else if (key === "pin") read.pin = decodeURIComponent(value);
        else read.lost++;
      } catch (error) {
        if (!(error instanceof URIError)) throw error;
        read.lost++;
      }
    }
    if (!Object.hasOwn(WORLD.elasticities[read.elasticity].theta, read.horizon)) read.horizon = "long";
    if (!read.pair || read.pair.length !== 2 || read.pair.includes(-1)) read.pair = null;
    return read;
  }

  function restore() {
    const text = location.hash.slice(1), read = readQuery(text);
    const first = !text;
    Object.assign(state, {
      moves: first ? PAGE.first.map(complete) : read.moves, closure: read.closure, elasticity: read.elasticity,
      horizon: read.horizon, pair: read.pair || PAGE.pair, pin: read.pin,
    });
    pinned = null;
    tell($("lost"), read.lost ? `Part of the address names nothing in this world and was left out.` : "");
    drawControls();
    if (state.pin !== null) put(readQuery(state.pin), "pin");
    solve();
  }

  const tell = (element, text) => { element.textContent = text; element.hidden = !text; };

  // ------------------------------------------------------------ the worker

  const code = `${$("engine").textContent}\n(${worker})();`;
  const engine = new Worker(URL.createObjectURL(new Blob([code], { type: "text/javascript" })));
  let busy = false, waiting = [];

  /** Runs in the worker: opens the world, then answers settings one after the other. */
  function worker() {
    let world = null;
    const byRegion = (solution) => ({ real: solution.realIncomeHat, ev: solution.ev, price: solution.priceHat, wage: solution.wageHat });
    const value = (cal, c) => cal.border[c] * cal.expenditure[(((c / cal.N) | 0) % cal.N) * cal.S + ((c / (cal.N * cal.N)) | 0)];
    const answers = {
      async open({ payload }) { world = await Tula.World.open(payload); return {}; },
      solve({ setting, pair }) {
        const start = performance.now(), solution = world.solve(setting), { cells, ...proof } = solution.certificate;
        const trade = [];
        for (let s = 0; s < world.S; s++) {
          const c = (s * world.N + pair[0]) * world.N + pair[1];
          trade.push([value(solution.cal, c), cells.atBorder[c]]);
        }
        return { ...byRegion(solution), trade, pair, proof, several: solution.several, ms: performance.now() - start };
      },
      trade({ setting }) {
        const { cal, certificate } = world.solve(setting), size = cal.share.length;
        return { before: Float64Array.from({ length: size }, (_, c) => value(cal, c)), now: certificate.cells.atBorder };
      },
    };
    onmessage = async ({ data }) => {
      try { postMessage({ job: data, ...await answers[data.what](data) }); } catch (error) {
        postMessage({ job: data, refused: error.message, unproven: !!error.unproven, place: error.region === undefined ? null : [error.region, error.sector], broken: !(error instanceof Tula.Refusal) });
      }
    };
  }

  engine.onmessage = ({ data }) => {
    busy = false;
    const { job } = data;
    if (job.what === "open" && data.refused) return tell($("trouble"), `This browser cannot open the world: ${data.refused}`);
    if (job.then === "show") show(data);
    if (job.then === "pin") { pinned = data.refused ? null : data; draw(); }
    if (job.then === "csv") saveTrade(data);
    next();
    document.body.dataset.state = busy ? "busy" : "ready";
  };
  engine.onerror = (event) => tell($("trouble"), `The engine could not start: ${event.message}`);

  function next() {
    if (!busy && waiting.length) { busy = true; engine.postMessage(waiting.shift()); }
  }

  /** Put a question in line; of those that would be shown only the newest is kept. */
  function put(part, then, what = "solve") {
    const setting = { moves: part.moves.map(asked), closure: part.closure, elasticity: part.elasticity, horizon: part.horizon };
    if (then === "show") waiting = waiting.filter((one) => one.then !== "show");
    waiting.push({ what, setting, pair: state.pair.slice(), then });
    document.body.dataset.state = "busy";
    next();
  }

  function solve() {
    history.replaceState(null, "", address());
    writeShare();
    put(state, "show");
  }

  function show(data) {
    if (waiting.some((one) => one.then === "show")) return;
    if (data.refused) {
      found = null;
      const place = data.place ? ` (${[nameOf(data.place[0]), data.place[1] >= 0 && WORLD.sectors[data.place[1]][1]].filter(Boolean).join(", ")})` : "";
      const full = data.unproven ? ` This needs the full engine: ${command()}` : "";
      tell($("trouble"), data.broken ? `The page failed: ${data.refused}` : `No figures: ${data.refused}${place}.${full}`);
    } else {
      found = data;
      tell($("trouble"), data.several ? "With elasticities of substitution below one there is more than one equilibrium here; the one shown is reached by lowering them from above." : "");
    }
    draw();
  }

  // ------------------------------------------------------------ drawing

  const change100 = (data, n) => 100 * (data.real[n] - 1);

  function named() {
    const order = [];
    for (const move of state.moves) for (const names of [move.who, move.whom])
      if (names.length === 1 && REGIONS.includes(names[0]) && !order.includes(REGIONS.indexOf(names[0]))) order.push(REGIONS.indexOf(names[0]));
    return order;
  }

  function sentence() {
    if (!found) return "No figures for these moves.";
    if (!state.moves.length) return "Nothing moves: add a move and see who gains and who loses.";
    const values = found.real.map((_, n) => change100(found, n));
    const most = values.map((v, n) => n).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]));
    const first = named().slice(0, 2);
    if (!first.length) first.push(most[0]);
    const other = most.find((n) => !first.includes(n));
    let text = capital(joined(first.map((n) => gainOrLoss(spoken(n), values[n], found.ev[n])))) + ".";
    if (other !== undefined && Math.abs(values[other]) >= NEGLIGIBLE) text += ` Among the others ${spoken(other)} ${spoken(other).includes(" and ") ? "move" : "moves"} most (${change(values[other])}).`;
    return text.replace(/(\d) (bn|million) USD/g, "$1\u00a0$2\u00a0USD");
  }

  function draw() {
    $("sentence").textContent = said = sentence();
    $("basis").textContent = basis(state);
    drawMap();
    drawRegions();
    drawTrade();
    drawProof();
    tell($("pinned"), state.pin === null ? "" : `Compared with: ${summary(readQuery(state.pin))}`);
    $("unpin").hidden = state.pin === null;
  }

  const chosenTerms = (part) => [`elasticities: ${PAGE.elasticities[part.elasticity]}`, part.horizon === "long" ? "long run" : `${part.horizon} year${part.horizon === "1" ? "" : "s"} after the change`, `imbalances ${part.closure}`];
  const basis = (part) => `Change in real income against ${PAGE.base}. ${capital(chosenTerms(part).join("; "))}.`;
  const labelOf = (one, list) => one === "all" ? "all" : (list.find(([code]) => code === one) || [one, PAGE.groups[one] || one])[1];
  const listed = (names, list) => joined(names.map((one) => labelOf(one, list)));

  function describe(move) {
    const kind = KINDS[move.kind], value = amount(move);
    const how = value === null ? "" : ` ${value.split(":")[0].replace("pp", " points").replace(">=", "at least ").replace("=", "").replace("/together", " together").replace("/each", " each")}`;
    return `${kind.title.toLowerCase()}${how}, ${listed(move.who, WORLD.regions)} ${kind.whom.toLowerCase()} ${listed(move.whom, WORLD.regions)}, ${listed(move.what, WORLD.sectors)}`;
  }

  const summary = (part) => capital(part.moves.map(describe).join("; ") || "nothing moves") + ` (${chosenTerms(part).join("; ")}).`;

  // classes of the map: as tula/report/map.py
  const LADDER = [];
  for (let power = -5; power < 4; power++) for (const digit of [1, 3]) LADDER.push(Number(`${digit}e${power}`));
  const limits = (values) => {
    const largest = Math.max(0, ...values.map(Math.abs).filter(Number.isFinite));
    const inside = LADDER.filter((limit) => largest / 400 < limit && limit <= largest).slice(0, 5);
    return inside.length ? inside : [1];
  };
  const level = (value, bounds) => {
    if (!Number.isFinite(value)) return "na";
    const place = bounds.filter((bound) => Math.abs(value) >= bound).length;
    return place ? `${value > 0 ? "g" : "l"}${place + 5 - bounds.length}` : "z";
  };

  function drawMap() {
    const values = found ? found.real.map((_, n) => change100(found, n)) : REGIONS.map(() => NaN);
    const bounds = limits(pinned ? values.concat(pinned.real.map((_, n) => change100(pinned, n))) : values), actors = named();
    for (const group of document.querySelectorAll("#map [data-r]")) {
      const n = Number(group.dataset.r);
      group.setAttribute("class", `${level(values[n], bounds)}${actors.includes(n) ? " actor" : ""}`);
    }
    const key = $("key"), steps = bounds.length, entry = (name, text) => make("span", { role: "listitem" }, make("i", { class: `swatch ${name}` }), text);
    const ends = (sign, at) => at === steps - 1 ? `beyond ${sign}${bounds[at]}` : sign === "+" ? `+${bounds[at]} to +${bounds[at + 1]}` : `${MINUS}${bounds[at + 1]} to ${MINUS}${bounds[at]}`;
    const entries = [];
    if (found) {
      for (let at = steps - 1; at >= 0; at--) entries.push(entry(`l${at + 1 + 5 - steps}`, ends(MINUS, at)));
      entries.push(entry("z", `within \u00b1${bounds[0]}`));
      for (let at = 0; at < steps; at++) entries.push(entry(`g${at + 1 + 5 - steps}`, ends("+", at)));
    }
    key.replaceChildren(...entries);
  }

  /** A bar from the middle: losses to the left, gains to the right; a hollow one for the pinned. */
  function bar(value, largest, before) {
    const place = (v) => { const part = 50 * Math.min(1, Math.abs(v) / largest) || 0; return `left:${v < 0 ? 50 - part : 50}%;width:${part}%`; };
    const cell = make("td", { class: "bars", "aria-hidden": "true" }, make("span", { class: "zero" }));
    if (before !== null && Number.isFinite(before)) cell.append(styled("span", `bar was`, place(before)));
    if (Number.isFinite(value)) cell.append(styled("span", `bar ${value < 0 ? "loss" : "gain"}`, place(value)));
    return cell;
  }

  function styled(tag, name, style) {
    const element = make(tag, { class: name });
    for (const rule of style.split(";")) { const [key, value] = rule.split(":"); element.style[key] = value; }
    return element;
  }

  function drawRegions() {
    const body = $("regions"), rows = [];
    $("all-regions").textContent = showAll ? "Show fewer" : `Show all ${REGIONS.length}`;
    $("all-regions").setAttribute("aria-expanded", showAll);
    $("regions-table").classList.toggle("comparing", !!pinned);
    if (found) {
      const values = found.real.map((_, n) => change100(found, n)), actors = named();
      const order = values.map((_, n) => n).sort((a, b) => values[b] - values[a]);
      const most = [...order].sort((a, b) => Math.abs(values[b]) - Math.abs(values[a])).slice(0, 10);
      const kept = showAll ? order : order.filter((n) => most.includes(n) || actors.includes(n));
      const largest = Math.max(1e-9, ...kept.map((n) => Math.max(Math.abs(values[n]), pinned ? Math.abs(change100(pinned, n)) : 0)));
      for (const n of kept) rows.push(make("tr", { class: actors.includes(n) ? "strong" : null },
        make("th", { scope: "row" }, nameOf(n)), bar(values[n], largest, pinned ? change100(pinned, n) : null),
        make("td", {}, change(values[n])), make("td", {}, signed(found.ev[n])),
        make("td", { class: "only-pinned" }, pinned ? change(change100(pinned, n)) : ""),
        make("td", { class: "wide-only" }, change(100 * (found.price[n] - 1))), make("td", { class: "wide-only" }, change(100 * (found.wage[n] - 1)))));
    }
    body.replaceChildren(...rows);
  }

  function drawTrade() {
    const body = $("trade"), [buyer, seller] = state.pair, rows = [];
    if (found && found.pair.join() === state.pair.join()) {
      const total = found.trade.reduce(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
      const worth = (now, before) => before > 0 ? 100 * (now / before - 1) : NaN;
      $("trade-said").textContent = buyer === seller ? "Choose two different regions."
        : `${capital(spoken(buyer))} ${spoken(buyer).includes(" and ") ? "buy" : "buys"} ${money(total[1])} a year from ${spoken(seller)}, against ${money(total[0])} in the base${total[0] > 0 ? ` (${change(worth(total[1], total[0]))})` : ""}.`;
      const moved = found.trade.map(([before, now]) => now - before), largest = Math.max(1e-9, ...moved.map(Math.abs));
      const order = moved.map((_, s) => s).filter((s) => found.trade[s][0] > 0 || found.trade[s][1] > 0).sort((a, b) => Math.abs(moved[b]) - Math.abs(moved[a]));
      if (buyer !== seller) for (const s of order.slice(0, 12)) rows.push(make("tr", {},
        make("th", { scope: "row" }, WORLD.sectors[s][1]), bar(moved[s], largest, null),
        make("td", {}, billions(found.trade[s][0])), make("td", {}, billions(found.trade[s][1])), make("td", {}, Number.isFinite(worth(found.trade[s][1], found.trade[s][0])) ? change(worth(found.trade[s][1], found.trade[s][0])) : "n/a")));
    } else $("trade-said").textContent = "";
    body.replaceChildren(...rows);
  }

  function drawProof() {
    if (!found) return tell($("proof"), "No certificate: nothing is shown that its equations do not prove.");
    const { proof } = found, place = [proof.worst.region >= 0 && nameOf(proof.worst.region), proof.worst.sector >= 0 && WORLD.sectors[proof.worst.sector][1]].filter(Boolean).join(", ");
    tell($("proof"), `Proved on this page: every equation holds to ${proof.worst.value.toExponential(1).replace("-", MINUS)} (worst: ${proof.worst.equation}${place ? `, ${place}` : ""}; tolerance ${proof.tolerance.toExponential(0).replace("-", MINUS)}). ${proof.evaluations} evaluation${proof.evaluations === 1 ? "" : "s"}, ${found.ms < 10 ? found.ms.toFixed(1) : found.ms.toFixed(0)} ms.`);
  }

  // ------------------------------------------------------------ controls

  let serial = 0;
  const option = (value, text, chosen) => make("option", { value, selected: chosen }, text);

  /** A choice among codes and groups; several names read from an address are one more entry. */
  function choice(label, list, groups, names, pick) {
    const id = `c${++serial}`, current = names.join("\u0001");
    const entries = [option("all", "all", current === "all")];
    if (names.length > 1) entries.unshift(option(current, listed(names, list), true));
    const members = Object.keys(groups).map((code) => option(code, PAGE.groups[code] && PAGE.groups[code] !== code ? `${PAGE.groups[code]} (${code})` : code, current === code));
    const singles = list.map(([code, name]) => option(code, name, current === code));
    if (members.length) entries.push(make("optgroup", { label: "Groups" }, ...members));
    entries.push(make("optgroup", { label: "One by one" }, ...singles));
    const select = make("select", { id, onchange: () => pick(select.value.split("\u0001")) }, ...entries);
    return make("div", { class: "field" }, make("label", { for: id }, label), select);
  }

  function picked(label, options, current, pick) {
    const id = `c${++serial}`;
    const select = make("select", { id, onchange: () => pick(select.value) }, ...Object.entries(options).map(([value, text]) => option(value, text, value === current)));
    return make("div", { class: "field" }, make("label", { for: id }, label), select);
  }

  /** A slider with a number beside it; both say the same. */
  function slider(move) {
    const kind = KINDS[move.kind], id = `c${++serial}`, unit = unitOf(move);
    const low = move.operator && move.operator !== "add" ? 0 : kind.low, high = Math.max(kind.high, Math.ceil(move.value));
    const set = (text, other) => {
      const value = parseFloat(text);
      if (!Number.isFinite(value)) return;
      move.value = complete({ ...move, value }).value;
      other.value = move.value;
      solve();
    };
    const range = make("input", { type: "range", id, min: low, max: high, step: 1, value: move.value, "aria-label": `${kind.title}, ${unit}`, oninput: () => set(range.value, exact) });
    const exact = make("input", { type: "number", min: low, max: 1000, step: "any", value: move.value, "aria-label": `${kind.title}, ${unit}, exact`, inputmode: "decimal", oninput: () => set(exact.value, range), onchange: () => { exact.value = move.value; } });
    return make("div", { class: "slide" }, range, exact, make("span", { class: "unit" }, unit));
  }

  function card(move, at) {
    const kind = KINDS[move.kind], again = (changes) => { state.moves[at] = complete({ ...move, value: undefined, ...changes }); drawControls(at); solve(); };
    const keep = (changes) => again({ value: state.moves[at].value, ...changes });
    const fields = [
      picked("Move", Object.fromEntries(Object.entries(KINDS).map(([name, one]) => [name, one.title])), move.kind, (value) => again({ kind: value })),
      choice(kind.who, WORLD.regions, WORLD.region_groups, move.who, (who) => keep({ who })),
      choice(kind.whom, WORLD.regions, WORLD.region_groups, move.whom, (whom) => keep({ whom })),
      choice("In", WORLD.sectors, WORLD.sector_groups, move.what, (what) => keep({ what })),
    ];
    if (kind.operators) fields.push(picked("Rate", kind.operators, move.operator, (operator) => keep({ operator })));
    if (kind.quota) fields.push(
      picked("Counted", { each: "each flow by itself", together: "all together" }, move.together ? "together" : "each", (value) => keep({ together: value === "together" })),
      picked("Scarcity rent goes to", { importer: "the importer", exporter: "the exporter", nobody: "nobody (used up)" }, move.rent, (rent) => keep({ rent })));
    const remove = make("button", { type: "button", class: "quiet", "aria-label": `Remove move ${at + 1}`, onclick: () => { state.moves.splice(at, 1); drawControls(); $("add").focus(); solve(); } }, "Remove");
    return make("fieldset", {}, make("legend", {}, `Move ${at + 1}`), make("div", { class: "fields" }, ...fields), kind.units ? slider(move) : null, remove);
  }

  function drawControls(focused = null) {
    const active = document.activeElement, place = active && $("moves").contains(active) && focused !== null
      ? [...$("moves").children[focused].querySelectorAll("select,input,button")].indexOf(active) : -1;
    $("moves").replaceChildren(...state.moves.map(card));
    if (place >= 0) { const now = $("moves").children[focused].querySelectorAll("select,input,button")[place]; if (now) now.focus(); }
    $("add").disabled = state.moves.length >= MOST_MOVES;
    const years = Object.keys(WORLD.elasticities[state.elasticity].theta).filter((name) => name !== "long").map(Number).sort((a, b) => a - b);
    $("terms").replaceChildren(
      picked("Time to adjust", Object.fromEntries([["long", "long run"], ...years.map((y) => [String(y), y === 1 ? "1 year" : `${y} years`])].map(([key, text]) => [` ${key}`, text])), ` ${state.horizon}`, (value) => { state.horizon = value.trim(); solve(); }),
      picked("Elasticities of trade", PAGE.elasticities, state.elasticity, (value) => {
        state.elasticity = value;
        if (!Object.hasOwn(WORLD.elasticities[value].theta, state.horizon)) state.horizon = "long";
        drawControls(); solve();
      }),
      picked("Imbalances of trade", PAGE.closures, state.closure, (value) => { state.closure = value; solve(); }));
    for (const [id, at] of [["buyer", 0], ["seller", 1]]) $(id).value = String(state.pair[at]);
  }

  function newMove() {
    const last = state.moves[state.moves.length - 1] || PAGE.first[0] || { kind: "tariff", who: [REGIONS[0]], whom: ["all"], what: ["all"] };
    state.moves.push(complete({ kind: "tariff", who: last.whom, whom: last.who, what: last.what, operator: "add", value: 10 }));
    drawControls();
    $("moves").lastElementChild.querySelector("select").focus();
    solve();
  }

  // ------------------------------------------------------------ what one takes along

  const quoted = (text) => /^[\w.,:+%/=@-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
  const sayable = (move) => [...move.who, ...move.whom, ...move.what].every((one) => !/[:]/.test(one));

  function command() {
    if (!state.moves.length) return "# nothing moves: add a move";
    const parts = ["tula solve", ...state.moves.map((move) => sayable(move) ? `--${move.kind} ${quoted(moveText(move, (one) => one))}` : `# ${move.kind}: a name holds a colon, use the Python lines`)];
    parts.push(`--world ${quoted(PAGE.world)}`);
    if (PAGE.day) parts.push(`--as-of ${PAGE.day}`);
    if (state.closure !== "fixed") parts.push(`--closure ${state.closure}`);
    if (state.elasticity !== "world") parts.push(`--elasticity ${quoted(state.elasticity)}`);
    if (state.horizon !== "long") parts.push(`--horizon ${state.horizon}`);
    return parts.join(" ");
  }

  const literal = (names) => `[${names.map((one) => JSON.stringify(one)).join(", ")}]`;

  function instrument(move) {
    const sides = KINDS[move.kind].seller ? [move.whom, move.who] : [move.who, move.whom];
    const places = `importer=${literal(sides[0])}, exporter=${literal(sides[1])}, sectors=${literal(move.what)}`;
    const part = number(move.value / 100);
    return {
      "tariff": () => `tl.Tariff(${places}, ${move.operator}=${part})`,
      "export-tax": () => `ExportTax(${places}, ${move.operator}=${part})`,
      "trade-cost": () => `tl.TradeCost(${places}, add=${part})`,
      "embargo": () => `tl.Embargo(${places})`,
      "cut": () => `tl.ImportCut(${places}, cut=${part})`,
      "import-cap": () => `tl.ImportCap(${places}, at=${part}, together=${move.together ? "True" : "False"}, rent_to="${move.rent}")`,
      "agreement": () => `tl.TradeAgreement(members=[${literal(move.who)}, ${literal(move.whom)}], sectors=${literal(move.what)}, coverage=${part})`,
    }[move.kind]();
  }

  function python() {
    const closure = { fixed: "tl.FixedBalance()", proportional: 'CLOSURES["proportional"]', balanced: "tl.BalancedTrade()" }[state.closure];
    const lines = ["import tula as tl"];
    if (state.closure === "proportional") lines.push("from tula.equilibrium import CLOSURES");
    if (state.moves.some((move) => move.kind === "export-tax")) lines.push("from tula.policy import ExportTax");
    if (PAGE.day) lines.push("from datetime import date", "from tula.equilibrium.day import question_of_day", "from tula.policy.duties import DutiesOfDay");
    lines.push("", `world = tl.load_world(${JSON.stringify(PAGE.world)})`);
    if (state.elasticity !== "world") lines.push(`world = tl.with_elasticity_set(world, ${JSON.stringify(state.elasticity)})`);
    if (state.horizon !== "long") lines.push(`world = tl.at_horizon(world, ${state.horizon})`);
    lines.push("moves = [", ...state.moves.map((move) => `    ${instrument(move)},`), "]");
    if (PAGE.day && state.moves.length) {
      lines.push(`duties = DutiesOfDay(date(${PAGE.day.split("-").map(Number).join(", ")}))`);
      lines.push(`before, question = question_of_day(tl.calibrate(world), duties, moves, closure=${closure})`, `solution = tl.solve(before, question, closure=${closure})`);
    } else lines.push(`solution = tl.solve(world, moves, closure=${closure})`);
    lines.push("print(tl.metrics.real_income(solution))");
    return lines.join("\n") + "\n";
  }

  const citation = () => `Tula developers, Tula ${PAGE.version}, explorer of ${WORLD.name} (${WORLD.vintage}${WORLD.day ? `, import duties as of ${WORLD.day}` : ""}; world ${(WORLD.world_hash || WORLD.hash).slice(0, 12)}, page ${WORLD.hash.slice(0, 12)}). ${summary(state)}`;

  function writeShare() {
    $("command-text").textContent = command();
    $("python-text").textContent = python();
    $("citation-text").textContent = citation();
  }

  async function copy(text, button) {
    let done = true;
    try { await navigator.clipboard.writeText(text); } catch {
      const area = make("textarea", { class: "offstage", readonly: true }, text);
      document.body.append(area);
      area.select();
      done = document.execCommand("copy");
      area.remove();
    }
    $("copied").textContent = done ? `${button.dataset.name} copied.` : "The browser does not let this page copy: select the text instead.";
  }

  /** A field of a table: quoted, and never a formula where a spreadsheet opens it. */
  const field = (value) => typeof value === "number" ? (Number.isFinite(value) ? String(value) : "") : `"${(/^[=+\-@\t\r]/.test(value) ? "'" : "") + value.replaceAll('"', '""')}"`;

  function save(name, rows) {
    const text = rows.map((row) => row.map(field).join(",")).join("\r\n") + "\r\n";
    const link = make("a", { href: URL.createObjectURL(new Blob(["\ufeff", text], { type: "text/csv" })), download: name });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  }

  function saveRegions() {
    if (!found) return;
    const rows = [["code", "region", "real income change, % of base final spending", "equivalent variation, million USD a year", "final prices change, %", "wages change, %"]];
    found.real.forEach((_, n) => rows.push([REGIONS[n], nameOf(n), change100(found, n), found.ev[n], 100 * (found.price[n] - 1), 100 * (found.wage[n] - 1)]));
    rows.push([], [citation()]);
    save("regions.csv", rows);
  }

  function saveTrade(data) {
    if (data.refused) return;
    const N = REGIONS.length, rows = [["importer", "exporter", "sector", "base purchases before import duty, million USD a year", "new purchases before import duty, million USD a year"]];
    data.before.forEach((before, c) => {
      const n = Math.floor(c / N) % N, i = c % N;
      if (before > 0 && n !== i) rows.push([REGIONS[n], REGIONS[i], SECTORS[Math.floor(c / (N * N))], before, data.now[c]]);
    });
    rows.push([], [citation()]);
    save("trade.csv", rows);
  }

  function pin() {
    state.pin = query(state);
    pinned = found;
    draw();
    history.replaceState(null, "", address());
    $("copied").textContent = "Pinned: change a move to compare.";
  }

  // ------------------------------------------------------------ wiring

  const tip = $("tip");
  function pointAt(event) {
    const group = event.target.closest && event.target.closest("[data-r]");
    if (!group || !found) { tip.hidden = true; return; }
    const n = Number(group.dataset.r);
    tip.textContent = `${nameOf(n)}: ${change(change100(found, n))}, ${signed(found.ev[n])} bn USD a year`;
    tip.hidden = false;
    tip.style.left = `${Math.min(event.clientX + 14, innerWidth - tip.offsetWidth - 8)}px`;
    tip.style.top = `${Math.max(8, event.clientY - tip.offsetHeight - 12)}px`;
  }
  const pairTo = (at, n) => { state.pair[at] = n; for (const [id, place] of [["buyer", 0], ["seller", 1]]) $(id).value = String(state.pair[place]); solve(); };
  $("map").addEventListener("pointermove", pointAt);
  $("map").addEventListener("pointerleave", () => { tip.hidden = true; });
  $("map").addEventListener("click", (event) => { const group = event.target.closest("[data-r]"); if (group) { pointAt(event); pairTo(0, Number(group.dataset.r)); } });
  for (const [id, at] of [["buyer", 0], ["seller", 1]]) {
    $(id).replaceChildren(...WORLD.regions.map(([, name], n) => option(String(n), name, false)));
    $(id).addEventListener("change", () => pairTo(at, Number($(id).value)));
  }
  $("swap").addEventListener("click", () => { state.pair.reverse(); pairTo(0, state.pair[0]); });
  $("add").addEventListener("click", newMove);
  $("reset").addEventListener("click", () => { history.replaceState(null, "", "#"); restore(); });
  $("all-regions").addEventListener("click", () => { showAll = !showAll; drawRegions(); });
  $("pin").addEventListener("click", pin);
  $("unpin").addEventListener("click", () => { state.pin = null; pinned = null; draw(); history.replaceState(null, "", address()); });
  $("copy-link").addEventListener("click", ({ currentTarget }) => copy(location.href, currentTarget));
  for (const [id, text] of [["copy-command", command], ["copy-python", python], ["copy-citation", citation]])
    $(id).addEventListener("click", ({ currentTarget }) => copy(text(), currentTarget));
  $("csv-regions").addEventListener("click", saveRegions);
  $("csv-trade").addEventListener("click", () => put(state, "csv", "trade"));
  addEventListener("hashchange", restore);

  busy = true;
  engine.postMessage({ what: "open", payload: WORLD });
  restore();
})();
