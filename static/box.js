/* The one box, and scanners: a scanner is a keyboard that types fast and ends with Enter. Every page works without it.

   data-choose="#list"   box: what is found while typing stands in that list (data-q: for which text). Down goes to its first link,
                         Enter opens the one that is meant (the first below data-opens), else asks the server, which does the same; so it
                         opens at once before anything is shown too
   data-takes            box of this page that a scan goes to while no field has the focus; a list's scanner (data-scan) goes first,
                         the box of the head (data-search) last */
(() => {
  "use strict";
  const doc = document;
  const $ = (query, from = doc) => from.querySelector(query);
  const isField = (el) => el && (el.isContentEditable || /^(TEXTAREA|SELECT)$/.test(el.tagName) || (el.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(el.type)));

  /* --- choosing ---------------------------------------------------------------------------------------------------- */
  const listOf = (box) => $(box.dataset.choose);
  const links = (list) => [...list.querySelectorAll("a.choice")];
  const boxOf = (link) => [...doc.querySelectorAll("[data-choose]")].find((box) => listOf(box)?.contains(link));
  // Of a scanned card only the number goes into an address.
  const onlyNumber = (text) => text.match(/^\s*(\d{12})\s*[|¦｜│]/)?.[1] || text;
  doc.addEventListener("htmx:configRequest", (event) => {
    if (event.target.matches?.("[data-choose]")) event.detail.parameters.q = onlyNumber(event.target.value);
  });
  function open(event, box) {
    event.preventDefault();
    box.value = onlyNumber(box.value);
    const part = $("[data-q]", listOf(box));
    const first = part && part.dataset.q === box.value.trim() && "opens" in part.dataset && $("a.choice", part);
    if (first) { first.click(); return; }
    const mark = doc.createElement("input");
    Object.assign(mark, { type: "hidden", name: "mo", value: "1" });
    box.form.append(mark);
    box.form.requestSubmit();
    mark.remove();
  }
  doc.addEventListener("keydown", (event) => {
    const el = doc.activeElement;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (el?.matches?.("[data-choose]")) {
      const list = listOf(el);
      if (event.key === "ArrowDown" && links(list).length) { event.preventDefault(); links(list)[0].focus(); }
      else if (event.key === "Enter") open(event, el);
      else if (event.key === "Escape" && el.closest(".top-search")) list.replaceChildren();
      return;
    }
    const box = el?.matches?.("a.choice") && boxOf(el);
    if (!box) return;
    const all = links(listOf(box));
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      const at = all.indexOf(el) + (event.key === "ArrowDown" ? 1 : -1);
      (at < 0 ? box : all[Math.min(at, all.length - 1)]).focus();
    } else if (event.key === "Escape") {
      box.focus();
      if (box.closest(".top-search")) listOf(box).replaceChildren();
    } else if (event.key.length === 1) box.focus(); // what is typed goes on in the box
  });

  /* --- a scan while no field has the focus ---------------------------------------------------------------------------- */
  // Milliseconds between two keys: no hand types so. <html data-fast> says another number (tests on a slow machine).
  const FAST = 60;
  const SHORTCUT = /^[ajk/ ]$/;
  let typed = "";
  let last = 0;
  addEventListener("keydown", (event) => {
    const fast = event.timeStamp - last < (doc.documentElement.dataset.fast || FAST);
    if (event.key === "Shift") return;
    last = event.timeStamp;
    // A question that is answered by digits keeps them, however fast they come.
    if (isField(doc.activeElement) || doc.activeElement?.closest("[data-ask]") || event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.key.length !== 1) { typed = ""; return; }
    typed = fast ? typed + event.key : event.key;
    if (typed.length < 2 || [...typed].every((key) => SHORTCUT.test(key))) return;
    const box = [...doc.querySelectorAll("[data-scan], [data-takes]"), $("[data-search]")].find((one) => one?.offsetParent && !one.disabled);
    if (!box || $("dialog[open]")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    box.focus();
    box.value = typed; // the rest is typed into it
    typed = "";
  }, true);
})();
