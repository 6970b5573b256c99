"use strict";
(() => {
  const names = JSON.parse(document.getElementById("map-data").textContent);
  const tip = document.getElementById("tip");
  const picks = [...document.querySelectorAll(".pick")];
  const world = document.querySelector(".world svg");
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
  const taken = JSON.parse(document.getElementById("taken").textContent);
  const { stem, cite } = document.body.dataset;
  const save = (name, type, text) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type }));
    link.download = `${stem}-${name}`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };
  const plain = (text) => text.replace(/\u2212/g, "-").replace(/[\u2007\u2008\u202f]/g, "").trim();
  const quoted = (cell) => `"${plain(cell.innerText).replace(/\s+/g, " ").replace(/"/g, '""')}"`;
  const lines = (table) => [...table.rows].map((row) =>
    [...row.cells].filter((cell) => !cell.matches(".bars")).map(quoted).join(",") + "\n").join("");
  const drawn = (figure) => [...figure.querySelectorAll("svg")].filter((svg) => svg.getClientRects().length);
  const alone = (svg) => {
    const copy = svg.cloneNode(true);
    const [x, y, width, height] = svg.getAttribute("viewBox").split(/\s+/);
    const inked = [...copy.querySelectorAll("*")];
    [...svg.querySelectorAll("*")].forEach((element, n) => {
      const style = getComputedStyle(element);
      for (const name of ["fill", "stroke", "stroke-width", "paint-order"]) inked[n].setAttribute(name, style[name]);
    });
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("width", width);
    copy.setAttribute("height", height);
    const make = (name, put) => Object.assign(document.createElementNS("http://www.w3.org/2000/svg", name), put);
    const paper = make("rect", {});
    const fill = getComputedStyle(document.body).backgroundColor;
    for (const [name, value] of Object.entries({ x, y, width, height, fill })) paper.setAttribute(name, value);
    copy.prepend(make("title", { textContent: svg.getAttribute("aria-label") }), make("desc", { textContent: cite }), paper);
    return new XMLSerializer().serializeToString(copy);
  };
  document.querySelectorAll("figure").forEach((figure, place) => {
    const name = figure.dataset.csv || `${figure.closest("[id]").id}-${place}`;
    const table = figure.querySelector("table");
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
      button("SVG", () => drawn(figure).forEach((svg, n) => save(`${name}${n || ""}.svg`, "image/svg+xml", alone(svg))));
    }
    figure.append(row);
  });
  unfold();
})();
