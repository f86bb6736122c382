/* The counter's pages. Every one works without it.

   data-fill             what is known of the owner goes into the form: all of it while no name is typed, else into empty fields
   data-fill-all         button: over what was typed
   data-over             of what is filled in: over what stands there (what a scanned card or a tax code says)
   data-card="name"      line that a card may be scanned into: the hidden field that the whole of it goes to
   data-price            line of a fee: the price of a page, whether pages count, from which page another, that price, the most
   data-upload           file input: how far the upload is; Ctrl+Enter meanwhile waits for it
   data-go               link that its key (aria-keyshortcuts) follows
   data-open             link to a folded part of the form: opens it and goes to its first field; so does its key (aria-keyshortcuts)
   Enter in a one-line field of the intake form goes to the next field; Ctrl+Enter receives (app.js) */
(() => {
  "use strict";
  const doc = document;
  const $ = (query, from = doc) => from.querySelector(query);
  const $$ = (query, from = doc) => [...from.querySelectorAll(query)];

  /* --- a scanned card on the short path: name and number are shown, the rest goes along; the pages come next ------------- */
  doc.addEventListener("keydown", (event) => {
    const field = event.target.closest?.("[data-card]");
    const parts = field?.value.split(/[|¦｜│]/);
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || !parts || parts.length < 3) return;
    event.preventDefault();
    const number = parts[0].trim();
    if (/^\d{12}$/.test(number)) {
      field.form.elements.namedItem(field.dataset.card).value = field.value;
      field.value = `${parts[2].trim()} ${number}`.normalize("NFC");
    }
    const next = [...field.form.elements].slice([...field.form.elements].indexOf(field) + 1).find((one) => one.type === "text");
    next?.focus();
    next?.select();
  });

  /* --- what a line costs, shown while it is typed; the server computes it ----------------------------------------------- */
  const priced = $("[data-price]");
  if (priced) {
    const [page, byPage, step, further, cap] = priced.dataset.price.split(" ").map(Number);
    const count = (name) => Math.max(parseInt(priced.form.elements.namedItem(name)?.value, 10) || 1, 1);
    const show = () => {
      const pages = count("pages"), first = step ? Math.min(pages, step - 1) : pages;
      const one = byPage ? first * page + (pages - first) * further : page;
      const copy = byPage && cap ? Math.min(one, cap) : one;
      priced.placeholder = (copy * count("copies") * count("papers")).toLocaleString("vi-VN");
    };
    priced.form.addEventListener("input", show);
    show();
  }

  /* --- the form -------------------------------------------------------------------------------------------------------- */
  const form = $("#to-khai");
  if (!form) return;
  const isLine = (el) => el.tagName === "INPUT" && !/^(checkbox|radio|file|submit|button|hidden)$/.test(el.type);
  const reachable = (el) => !el.disabled && el.tabIndex >= 0 && el.type !== "hidden" && el.offsetParent !== null && !el.closest("details:not([open])");
  // A question of the checklist that nobody has answered stands on the way too (papers.js).
  const asks = (el) => { const ask = el.closest("[data-ask]"); return ask && !$(":checked", ask) && $("input", ask) === el; };
  const isStop = (el) => reachable(el) && !el.classList.contains("count-in") && (isLine(el) || el.tagName === "BUTTON" || asks(el));
  function stop(next) {
    next?.focus();
    if (next && isLine(next)) next.select();
  }
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || !isLine(event.target) || event.defaultPrevented) return;
    event.preventDefault();
    // Inside a section with an act of its own the way ends at that act's button, never at another one.
    const part = event.target.closest("[data-act]");
    const stops = $$(part ? "input, button[type=submit]" : "input, button[data-default]", part || form).filter(isStop);
    stop(stops.find((el) => event.target.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING));
  });
  form.addEventListener("motcua:past-papers", () => {
    const list = $("#giay-to");
    stop($$("input, button[data-default]", form).filter(isStop).find((el) => !list.contains(el) && list.compareDocumentPosition(el) & Node.DOCUMENT_POSITION_FOLLOWING));
  });

  /* What somebody typed since the server was asked stays. */
  const typedAt = new Map();
  let askedAt = 0;
  form.addEventListener("input", (event) => { if (event.isTrusted) typedAt.set(event.target, performance.now()); });
  doc.addEventListener("htmx:beforeRequest", (event) => { if (event.target.id === "da-co") askedAt = performance.now(); });
  /* A number of another kind: what the one before it had said of the kinds is no longer said. */
  const byNumber = ["identity_kind", "owner_kind"].map((name) => form.elements.namedItem(name));
  form.addEventListener("change", (event) => {
    if (event.target.name === "identity_number") byNumber.forEach((kind) => { if (kind?.dataset.byNumber) kind.selectedIndex = 0; });
    if (event.target.name === "identity_number" || byNumber.includes(event.target)) byNumber.forEach((kind) => { delete kind?.dataset.byNumber; });
  }, true);
  function fill(over) {
    const name = form.elements.namedItem("owner_name");
    const whole = over || !name.value.trim();
    $$("[data-fill]").forEach((known) => {
      const field = form.elements.namedItem(known.dataset.fill);
      if (!field || !known.value && !known.getAttribute("value")) return;
      const isOver = "over" in known.dataset;
      if (isOver ? typedAt.get(field) > askedAt : !whole && field.value.trim()) return;
      if (isOver && byNumber.includes(field) && field.value !== known.getAttribute("value")) field.dataset.byNumber = "1";
      field.value = known.getAttribute("value");
      // What is typed on is typed over what was filled in, not behind it.
      if (field === doc.activeElement) field.select?.();
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
  /* The box for the reason of an odd number opens and closes by itself only below the cursor, and never takes it along. */
  function reasonBox() {
    const box = $("#so-khac-mau");
    const here = doc.activeElement;
    const isBelow = !form.contains(here) || Boolean(here.compareDocumentPosition(box) & Node.DOCUMENT_POSITION_FOLLOWING);
    if (!isBelow) return;
    const isNeeded = Boolean($("[data-needs-reason]", form));
    if (isNeeded && !box.open) { box.open = true; box.dataset.byItself = "1"; }
    else if (!isNeeded && box.open && box.dataset.byItself && !$("input", box).value.trim()) { box.open = false; delete box.dataset.byItself; }
  }
  doc.addEventListener("htmx:afterSwap", (event) => { if (event.target.id === "da-co" && $("[data-fill]")) fill(false); });
  doc.addEventListener("htmx:afterSettle", (event) => { if (/^(da-co|loi-dien-thoai)$/.test(event.target.id)) reasonBox(); });
  doc.addEventListener("click", (event) => {
    if (!event.target.closest("[data-fill-all]")) return;
    event.preventDefault();
    fill(true);
    event.target.closest("p").remove();
    form.elements.namedItem("owner_name").focus();
  });

  function show(event, link) {
    if (!link) return;
    event.preventDefault();
    const part = $(link.hash);
    part.open = true;
    const field = $("input, textarea", part);
    field.focus();
    field.scrollIntoView({ block: "center" });
  }
  function go(event, link) {
    if (!link) return;
    event.preventDefault();
    link.click();
  }
  doc.addEventListener("click", (event) => show(event, event.target.closest("[data-open]")));
  doc.addEventListener("keydown", (event) => {
    if (event.altKey && !event.ctrlKey && !event.metaKey) show(event, $(`[data-open][aria-keyshortcuts="Alt+${event.key.toUpperCase()}"]`));
    if (event.altKey && !event.ctrlKey && !event.metaKey) go(event, $(`[data-go][aria-keyshortcuts="Alt+${event.key.toUpperCase()}"]`));
  });

  /* --- scans: what is typed meanwhile stays; sending the form waits for them ---------------------------------------------- */
  let uploads = 0;
  let waiting = null;
  const isUpload = (event) => event.target.matches?.("[data-upload]");
  doc.addEventListener("htmx:beforeRequest", (event) => { if (isUpload(event)) uploads += 1; });
  doc.addEventListener("htmx:afterRequest", (event) => {
    if (!isUpload(event)) return;
    uploads -= 1;
    if (event.detail.successful) event.target.value = "";
    $("progress.upload", form).hidden = true;
    if (uploads || !waiting) return;
    const button = waiting;
    waiting = null;
    if (event.detail.successful && $("#tep-da-co .field-error")) event.target.focus();
    else form.requestSubmit(button);
  });
  form.addEventListener("submit", (event) => {
    if (!uploads) return;
    event.preventDefault();
    event.stopPropagation();
    waiting = event.submitter;
  });
  doc.addEventListener("htmx:xhr:progress", (event) => {
    const bar = isUpload(event) && $("progress.upload", form);
    if (!bar || !event.detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = (100 * event.detail.loaded) / event.detail.total;
  });
})();
