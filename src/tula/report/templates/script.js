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
    const fold = target && target.closest("details");
    if (fold && !fold.open) { fold.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", unfold);
  let unfolded = [];
  addEventListener("beforeprint", () => {
    // Those of single ties and scenarios stay closed: they would double the pages.
    const closed = [...document.querySelectorAll("details:not([open])")];
    unfolded = closed.filter((fold) => !fold.closest("article"));
    for (const fold of unfolded) fold.open = true;
  });
  addEventListener("afterprint", () => {
    for (const fold of unfolded) fold.open = false;
  });
  unfold();
})();
