/* The board of a waiting room: asks for itself again, turns its pages, and keeps the last that it saw while the network is away.

   main[data-every]       seconds between two questions
   #bang                  what is replaced by the answer; [data-turn] says which page of codes is shown
   .wall-away             shown while the server does not answer */
(() => {
  "use strict";
  const doc = document;
  const main = doc.querySelector("main[data-every]");
  if (!main) return;
  const EVERY = Number(main.dataset.every) * 1000;
  const TURN = 10000;
  const away = doc.querySelector(".wall-away");
  const script = (from) => from.querySelector("script[src]")?.getAttribute("src");
  let page = 0;

  /* How many codes stand whole in the list; all of them where the page scrolls (telephones). */
  function fitting(list, items) {
    items.forEach((item) => { item.hidden = false; });
    if (getComputedStyle(list).overflowY !== "hidden") return items.length;
    const bottom = list.getBoundingClientRect().bottom + 1;
    const whole = items.filter((item) => item.getBoundingClientRect().bottom <= bottom).length;
    return Math.max(1, whole);
  }

  function show() {
    const list = doc.querySelector(".wall-codes");
    const turn = doc.querySelector("[data-turn]");
    if (!list) return;
    const items = [...list.children];
    const many = fitting(list, items);
    const pages = Math.max(1, Math.ceil(items.length / many));
    page %= pages;
    items.forEach((item, at) => { item.hidden = Math.floor(at / many) !== page; });
    turn.textContent = pages > 1 ? `Trang ${page + 1}/${pages} · ` : "";
  }

  async function ask() {
    try {
      const answer = await fetch(location.href, { cache: "no-store", credentials: "omit", redirect: "error" });
      if (answer.status === 404) { location.reload(); return; } // taken back: nothing is shown any more
      if (!answer.ok) throw new Error(String(answer.status));
      const told = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = told.querySelector("#bang");
      if (!fresh) throw new Error("no board");
      if (script(told) !== script(doc)) { location.reload(); return; } // a newer release
      doc.querySelector("#bang").replaceWith(doc.importNode(fresh, true));
      away.hidden = true;
      show();
    } catch {
      away.hidden = false;
      show();
    }
  }

  show();
  addEventListener("resize", show);
  setInterval(() => { page += 1; show(); }, TURN);
  setInterval(ask, EVERY);
  addEventListener("online", ask);
})();
