/* The board of a waiting room: asks for itself again, turns its pages, and keeps the last that it saw while the network is away.
   For the browsers of televisions of before 2020 too: no `?.`, no `async`, no `catch` without a name.

   main[data-every]       seconds between two questions
   #bang                  what is replaced by the answer; [data-turn] says which page of codes is shown
   .wall-away             shown while the server does not answer; #ngung: while the board is not there (404) */
(() => {
  "use strict";
  const doc = document;
  const main = doc.querySelector("main[data-every]");
  if (!main) return;
  const EVERY = Number(main.dataset.every) * 1000;
  const TURN = 10000;
  const PATIENCE = EVERY - 5000;
  const away = doc.querySelector(".wall-away");
  const ended = doc.querySelector("#ngung");
  let page = 0;
  let asked = 0;

  function script(from) {
    const found = from.querySelector("script[src]");
    return found && found.getAttribute("src");
  }

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
    const items = Array.from(list.children);
    const many = fitting(list, items);
    const pages = Math.max(1, Math.ceil(items.length / many));
    page %= pages;
    items.forEach((item, at) => { item.hidden = Math.floor(at / many) !== page; });
    turn.textContent = pages > 1 ? `Trang ${page + 1}/${pages} · ` : "";
  }

  function say(isAway, isEnded) {
    away.hidden = !isAway;
    ended.hidden = !isEnded;
    show();
  }

  /* `text`: the page that was answered; null where there is none any more: nothing is shown, and asked again. */
  function lay(text) {
    const board = doc.querySelector("#bang");
    if (text === null) {
      board.textContent = "";
      say(false, true);
      return;
    }
    const told = new DOMParser().parseFromString(text, "text/html");
    const fresh = told.querySelector("#bang");
    if (!fresh) throw new Error("no board");
    if (script(told) !== script(doc)) { location.reload(); return; } // a newer release
    board.parentNode.replaceChild(doc.importNode(fresh, true), board);
    say(false, false);
  }

  function read(answer) {
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(String(answer.status));
    return answer.text();
  }

  /* The newest question counts: what an older one brings later is not shown. */
  function ask() {
    asked += 1;
    const mine = asked;
    const wanted = { cache: "no-store", credentials: "omit", redirect: "error" };
    const stop = window.AbortController ? new AbortController() : null;
    if (stop) wanted.signal = stop.signal;
    const late = new Promise((_, lost) => {
      setTimeout(() => { lost(new Error("no answer")); if (stop) stop.abort(); }, PATIENCE);
    });
    Promise.race([fetch(location.href, wanted).then(read), late])
      .then((text) => { if (mine === asked) lay(text); })
      // A board that has ended stays so while nobody answers.
      .catch(() => { if (mine === asked) say(ended.hidden, !ended.hidden); });
  }

  show();
  addEventListener("resize", show);
  setInterval(() => { page += 1; show(); }, TURN);
  setInterval(ask, EVERY);
  addEventListener("online", ask);
})();
