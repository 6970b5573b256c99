"use strict";
(() => {
  const mapped = document.getElementById("map-data");
  const names = mapped ? JSON.parse(mapped.textContent) : [];
  const tip = document.getElementById("tip");
  const picks = [...document.querySelectorAll(".pick")];
  const world = document.querySelector("#map .world svg");
  if (world) {
    for (const title of world.querySelectorAll("g[data-r] title")) {
      title.parentNode.dataset.name = title.textContent;
      title.remove();
    }
    const show = (event) => {
      const shape = event.target.closest("[data-name]");
      if (!shape) { tip.hidden = true; return; }
      const row = names[Number(shape.closest("[data-r]").dataset.r)];
      const chosen = Math.max(0, picks.findIndex((pick) => pick.checked));
      tip.replaceChildren();
      const strong = document.createElement("b");
      strong.textContent = shape.dataset.name;
      tip.append(strong, document.createElement("br"), row[1][chosen]);
      tip.hidden = false;
      const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
      tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, room))}px`;
      tip.style.top = `${Math.max(8, event.clientY - tip.offsetHeight - 12)}px`;
    };
    world.addEventListener("pointermove", show);
    world.addEventListener("pointerdown", show);
    world.addEventListener("pointerleave", () => { tip.hidden = true; });
    addEventListener("scroll", () => { tip.hidden = true; }, { passive: true });
  }
  const unfold = () => {
    const target = location.hash && document.getElementById(location.hash.slice(1));
    if (!target) return;
    let fold = target.closest("details") || (target.matches("article") ? target.querySelector("details") : null);
    for (; fold; fold = fold.parentElement.closest("details")) fold.open = true;
    target.scrollIntoView();
  };
  addEventListener("hashchange", unfold);
  // what scrolls is reached by keyboard; what does not is no stop on the way
  const reach = () => {
    for (const box of document.querySelectorAll(".scroll, .pills")) {
      const scrolls = box.scrollWidth > box.clientWidth;
      if (scrolls === (box.tabIndex === 0)) continue;
      const title = box.querySelector("caption") || box.closest("article, section").querySelector("h2, h3");
      if (scrolls) Object.entries({ tabindex: 0, role: "region", "aria-label": title.textContent.trim() })
        .forEach(([name, value]) => box.setAttribute(name, value));
      else ["tabindex", "role", "aria-label"].forEach((name) => box.removeAttribute(name));
    }
  };
  new ResizeObserver(reach).observe(document.body);
  addEventListener("toggle", reach, true);
  const taken = JSON.parse(document.getElementById("taken").textContent);
  const { stem, cite } = document.body.dataset;
  const save = (name, type, content) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([content], { type }));
    link.download = `${stem}-${name}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const plain = (text) => text.replace(/\u2212/g, "-").replace(/[\u2007\u2008\u202f]/g, "").trim();
  const quoted = (cell) => `"${plain(cell.innerText).replace(/\s+/g, " ").replace(/"/g, '""')}"`;
  const lines = (table) => [...table.rows].map((row) =>
    [...row.cells].filter((cell) => !cell.matches(".bars")).map(quoted).join(",") + "\n").join("");
  const drawn = (figure) => [...figure.querySelectorAll("svg")].filter((svg) => svg.getClientRects().length);
  const ruler = document.createElement("canvas").getContext("2d");
  // a drawing by itself: its title, what is drawn, colours and caption, and where it is from
  const alone = (svg, heading) => {
    const copy = svg.cloneNode(true), figure = svg.closest("figure");
    const [x, y, width, high] = svg.getAttribute("viewBox").split(/\s+/).map(Number);
    const inked = [...copy.querySelectorAll("*")];
    [...svg.querySelectorAll("*")].forEach((element, n) => {
      const style = getComputedStyle(element);
      for (const name of ["fill", "stroke", "stroke-width", "paint-order"]) inked[n].setAttribute(name, style[name]);
    });
    const page = getComputedStyle(document.body), font = getComputedStyle(svg).fontFamily;
    const scale = Math.max(1, width / 800);
    const make = (name, text, put) => {
      const made = document.createElementNS("http://www.w3.org/2000/svg", name);
      made.textContent = text;
      for (const [key, value] of Object.entries(put)) made.setAttribute(key, value);
      return made;
    };
    const long = (text, size, weight) => {
      ruler.font = `${weight} ${size}px ${font}`;
      return ruler.measureText(text).width;
    };
    const made = [];
    const say = (text, line, size, weight = "normal", left = 0) =>
      made.push(make("text", text, { x: x + 2 + left, y: line, fill: page.color, "font-size": size, "font-weight": weight }));
    // each puts a block below a line, and returns where it ends
    const told = (line, text, points, weight = "normal") => {
      const size = points * scale, rows = [];
      for (const word of (text || "").split(/\s+/).filter(Boolean)) {
        const row = rows.length ? `${rows.at(-1)} ${word}` : word;
        if (rows.length && long(row, size, weight) <= 0.96 * width) rows[rows.length - 1] = row;
        else rows.push(word);
      }
      for (const row of rows) say(row, line += 1.3 * size, size, weight);
      return line;
    };
    const coloured = (line) => {
      const size = 10 * scale;
      let left = Infinity;
      for (const item of figure.querySelectorAll(".key > *")) {
        const wide = 2.6 * size + long(item.innerText, size, "normal");
        if (left + wide > width) [left, line] = [0, line + 1.5 * size];
        const fill = getComputedStyle(item.querySelector("i")).backgroundColor;
        made.push(make("rect", "", { x: x + 2 + left, y: line - 0.8 * size, width: 1.2 * size, height: 0.9 * size, fill }));
        say(item.innerText, line, size, "normal", left + 1.6 * size);
        left += wide;
      }
      return line;
    };
    const words = (where) => figure.querySelector(where)?.innerText;
    const picked = figure.querySelector(".pick:checked")?.getAttribute("aria-label");
    const over = told(told(told(0, heading, 14, "bold"), picked, 10), words(".unit"), 10) + 8 * scale;
    const top = y - over;
    for (const one of made) one.setAttribute("y", Number(one.getAttribute("y")) + top);
    const [title, ...source] = cite.split(". ");
    const ends = told(coloured(y + high), words("figcaption"), 9) + 3 * scale;
    const height = told(told(ends, title, 9), source.join(". "), 9) + 6 * scale - top;
    for (const [key, value] of Object.entries({ width, height, viewBox: [x, top, width, height].join(" "), "font-family": font })) {
      copy.setAttribute(key, value);
    }
    copy.prepend(
      make("title", svg.getAttribute("aria-label"), {}),
      make("desc", cite, {}),
      make("rect", "", { x, y: top, width, height, fill: page.backgroundColor }),
    );
    copy.append(...made);
    return new XMLSerializer().serializeToString(copy);
  };
  const painted = (name, text) => {
    const image = new Image();
    image.onload = () => {
      const canvas = Object.assign(document.createElement("canvas"), { width: 2 * image.width, height: 2 * image.height });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob((blob) => save(name, "image/png", blob));
    };
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  };
  const card = document.getElementById("ground");
  const put = (tag, text, more = {}) => Object.assign(document.createElement(tag), { textContent: text, ...more });
  const ground = (beside, ...content) => {
    card.replaceChildren(...content);
    card.showPopover();
    const box = beside.getBoundingClientRect();
    const room = document.documentElement.clientWidth - card.offsetWidth - 8;
    const below = box.bottom + card.offsetHeight + 12 < innerHeight;
    card.style.left = `${Math.max(8, Math.min(box.left, room))}px`;
    card.style.top = `${Math.max(8, below ? box.bottom + 6 : box.top - card.offsetHeight - 6)}px`;
    card.focus();
    card.addEventListener("toggle", ({ newState }) => {
      if (newState === "closed" && card.contains(document.activeElement)) beside.focus();
    }, { once: true });
  };
  const ofFact = (id) => {
    const row = document.getElementById(`fact-${id}`);
    const cell = (name) => row.querySelector(`[data-k="${name}"]`);
    const source = put("p", "");
    source.append(...[...cell("Source").cloneNode(true).childNodes], `, ${cell("Date").textContent}; grade ${cell("Grade").textContent}.`);
    const more = put("p", "");
    more.append(put("a", "All facts", { href: `#fact-${id}`, onclick: () => card.hidePopover() }));
    return [put("p", `${id}: ${row.cells[1].textContent}`), source, more];
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.fact");
    const id = link && link.getAttribute("href").replace("#fact-", "");
    if (!link || !card.showPopover || !document.getElementById(`fact-${id}`)) return;
    event.preventDefault();
    ground(link, ...ofFact(id));
  });
  const { addresses } = JSON.parse(document.getElementById("addresses").textContent);
  const ofFigure = (name, figure) => {
    const address = addresses[name];
    const told = [put("p", cite)];
    if (address) told.push(put("p", "Each of its numbers is followed back to its solve and its ground by "), put("code", `tula trace REPORT ${address}`));
    const named = [...new Set([...figure.querySelectorAll("a.fact")].map((one) => one.textContent))];
    if (named.length) told.push(put("p", `It rests on ${named.join(", ")}.`));
    const proof = document.getElementById(figure.closest("#live") ? "live-proof" : "proof");
    if (proof) told.push(put("p", proof.textContent.replace(/\s+/g, " ")));
    return told;
  };
  document.querySelectorAll("figure").forEach((figure, place) => {
    const part = figure.closest("section, header, footer");
    const name = figure.dataset.csv || `${part.id}-${place}`;
    const table = figure.querySelector("table");
    const heading = (figure.querySelector("h3, caption") || part.querySelector("h1, h2")).textContent.trim();
    const csv = () => taken[name] || lines(table);
    const row = document.createElement("div");
    row.className = "take";
    const button = (text, act) => {
      const made = Object.assign(document.createElement("button"), { type: "button", textContent: text, onclick: act });
      made.setAttribute("aria-label", `${text} of ${name}`);
      row.append(made);
    };
    if (table || taken[name]) button("CSV", () => save(`${name}.csv`, "text/csv", csv()));
    if (figure.querySelector("svg")) {
      const each = (act) => drawn(figure).forEach((svg, n) => act(`${name}${n || ""}`, alone(svg, heading)));
      button("SVG", () => each((file, text) => save(`${file}.svg`, "image/svg+xml", text)));
      button("PNG", () => each((file, text) => painted(`${file}.png`, text)));
    }
    if (card.showPopover) button("Ground", ({ currentTarget }) => ground(currentTarget, ...ofFigure(name, figure)));
    figure.append(row);
  });
  unfold();
})();
