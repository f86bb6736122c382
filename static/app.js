/* Behaviour of the shell, by data attributes. Every page works without it.

   data-search            "/" focuses it
   data-primary           form: Ctrl+Enter submits it: the button that has the focus, the one of the data-act section around the
                          cursor, else data-default. Two possible acts (a section stands open, several lists): nothing is sent, a
                          sentence says what to do
   data-act               folded section of a form that ends in an act of its own, with its button; in a bulk bar data-needed is
                          its question: it has the cursor when the section opens and is asked for, in these words, before sending
   data-scan              box of a scanner (scan.js): while it is empty the keys of the list work in it
   data-print-url         any element: Ctrl+P opens this print page (with the remembered copies and paper size)
   data-autoprint         <body> of a print page: prints when loaded; data-print: a button that prints
   data-offset="--name"   number input of a print bar: millimetres, set as that CSS property of the page
   data-remember="key"    select, checkbox or radio: its value is kept in this browser
   data-list              table: j/k or arrows move, space picks, shift+space or shift+click picks a range, Enter opens, Esc drops
   data-row-link          the link of a row that Enter opens (else the first link)
   data-check-all         checkbox of the head: picks all rows; so does "a"
   data-bulk-bar / data-bulk-count   shown with a selection / the number picked
   data-next / data-prev  link: j or right arrow / k or left arrow goes there on a page without a list
   data-enter             link or button that Enter presses when nothing has the focus
   data-draft-url         form: what is typed is posted there a few seconds later; data-draft-status: where that is said
   data-again             form that may be sent twice (others are locked after the first time)
   data-owns="name=value" input that holds what belongs to that choice of a radio (data-own): emptied by another choice, filled in again
   data-day               input of a day: 01122026 and 1-12-2026 become 01/12/2026 when one leaves it
   data-toast, data-dismiss, data-menu, data-focus   toast, its close button, a details menu, what gets the focus on load
                          (a list of errors: the first wrong field instead, when its first line leads to one) */
(() => {
  "use strict";
  const doc = document;
  const $ = (query, from = doc) => from.querySelector(query);
  const $$ = (query, from = doc) => [...from.querySelectorAll(query)];
  const typing = (el) => el && (el.isContentEditable || /^(TEXTAREA|SELECT)$/.test(el.tagName) || (el.tagName === "INPUT" && !/^(checkbox|radio|button|submit)$/.test(el.type)));
  const store = {
    get: (key) => { try { return localStorage.getItem("motcua." + key); } catch { return null; } },
    set: (key, value) => { try { localStorage.setItem("motcua." + key, value); } catch { /* private window */ } },
  };
  doc.documentElement.classList.add("js");

  /* --- sending once ------------------------------------------------------------------------------------------------ */
  const unlock = () => $$("form[data-sent]").forEach((form) => {
    delete form.dataset.sent;
    $$("[aria-busy]", form).forEach((b) => { b.removeAttribute("aria-busy"); b.disabled = false; });
  });
  doc.addEventListener("submit", (event) => {
    const form = event.target;
    // The answer opens beside: the page stays.
    const beside = form.target === "_blank" || event.submitter?.formTarget === "_blank";
    if (form.method !== "post" || "again" in form.dataset || beside || form.hasAttribute("hx-post")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    setTimeout(() => {
      if (event.defaultPrevented) { delete form.dataset.sent; return; }
      [...$$("button[type=submit], button:not([type])", form), ...(form.id ? $$(`button[form="${form.id}"]`) : [])].forEach((b) => {
        if (!b.disabled) { b.disabled = true; b.setAttribute("aria-busy", "true"); }
      });
    });
  });
  addEventListener("pageshow", (event) => { if (event.persisted) unlock(); });

  /* --- lists --------------------------------------------------------------------------------------------------------- */
  const rowsOf = (table) => $$("tbody > tr", table).filter((row) => $("a, input[type=checkbox]", row));
  const boxOf = (row) => $("input[type=checkbox]:not(:disabled)", row);
  const current = (table) => $("tr.is-current", table);
  let anchor = null;

  function count() {
    const tables = $$("table[data-list]");
    if (!tables.length) return;
    const picked = tables.flatMap(rowsOf).filter((row) => boxOf(row)?.checked);
    tables.flatMap(rowsOf).forEach((row) => { const box = boxOf(row); if (box) row.setAttribute("aria-selected", box.checked); });
    $$("[data-bulk-bar]").forEach((bar) => { bar.hidden = !picked.length; });
    $$("[data-bulk-count]").forEach((el) => { el.textContent = picked.length; });
    $$("[data-check-all]").forEach((all) => {
      const boxes = rowsOf(all.closest("table")).map(boxOf).filter(Boolean);
      const on = boxes.filter((b) => b.checked).length;
      all.checked = on > 0 && on === boxes.length;
      all.indeterminate = on > 0 && on < boxes.length;
    });
  }
  function pick(row, on, range) {
    const rows = rowsOf(row.closest("table"));
    const from = range && anchor && rows.includes(anchor) ? rows.indexOf(anchor) : rows.indexOf(row);
    const [low, high] = [from, rows.indexOf(row)].sort((a, b) => a - b);
    rows.slice(low, high + 1).forEach((one) => { const box = boxOf(one); if (box) box.checked = on; });
    anchor = row;
    count();
  }
  function move(table, step) {
    const rows = rowsOf(table);
    if (!rows.length) return;
    const at = rows.indexOf(current(table));
    const row = rows[Math.max(0, Math.min(rows.length - 1, at < 0 ? (step > 0 ? 0 : rows.length - 1) : at + step))];
    rows.forEach((one) => one.classList.toggle("is-current", one === row));
    ($("[data-row-link]", row) || $("a", row) || boxOf(row)).focus();
    row.scrollIntoView({ block: "nearest" });
  }
  doc.addEventListener("click", (event) => {
    const box = event.target.closest("table[data-list] input[type=checkbox]");
    if (!box) return;
    if ("checkAll" in box.dataset) rowsOf(box.closest("table")).forEach((row) => { const one = boxOf(row); if (one) one.checked = box.checked; });
    else pick(box.closest("tr"), box.checked, event.shiftKey);
    count();
  });
  doc.addEventListener("focusin", (event) => {
    const row = event.target.closest("table[data-list] tbody > tr");
    if (row) rowsOf(row.closest("table")).forEach((one) => one.classList.toggle("is-current", one === row));
  });

  /* --- one act, never a guess ------------------------------------------------------------------------------------------ */
  const word = doc.createElement("p");
  word.className = "page-word";
  word.setAttribute("role", "status");
  doc.body.append(word);
  let hush = 0;
  doc.addEventListener("motcua:tell", (event) => tell(event.detail));
  function tell(text) {
    word.textContent = text;
    clearTimeout(hush);
    hush = setTimeout(() => { word.textContent = ""; }, 12000);
  }
  const submits = (from) => $$("button[type=submit]:not(:disabled)", from).filter((b) => b.offsetParent && !b.classList.contains("visually-hidden"));
  const called = (el) => [...el.childNodes].filter((node) => node.nodeName !== "KBD").map((node) => node.textContent).join(" ").replace(/\s+/g, " ").trim();
  // A list with nothing chosen and an empty scanner's box have nothing to send.
  const isReady = (form) => { const bar = $("[data-bulk-bar]", form); const box = $("[data-scan]", form); return !(bar?.hidden || (box && !box.value.trim())); };
  function act(el) {
    const around = el?.closest("form");
    const isPrimary = around && "primary" in around.dataset;
    if (around && !isPrimary && !$("[data-scan]", around)) { if ($("form[data-primary]")) tell("Con trỏ đang ở ngoài biểu mẫu: chưa gửi gì. Hãy bấm nút của việc cần làm."); return; }
    const ready = isPrimary && isReady(around) ? [around] : $$("form[data-primary]").filter(isReady);
    if (ready.length > 1) tell("Trang này có nhiều việc: chưa gửi gì. Hãy bấm nút của việc cần làm, hoặc đặt con trỏ vào phần của việc đó.");
    if (ready.length !== 1) return;
    const [form] = ready;
    const part = el?.closest("[data-act]");
    const open = $("[data-act][open]", form);
    const button = el?.matches("button[type=submit]") && el.form === form ? el
      : part && form.contains(part) ? submits(part)[0]
      : $("button[data-default]", form) || (submits(form).length < 2 ? submits(form)[0] : null);
    if (!button && submits(form).length) tell("Có nhiều nút: chưa gửi gì. Hãy bấm nút của việc cần làm.");
    else if (open && !part && button !== el) tell(`Chưa gửi gì: phần “${called($("summary", open))}” đang mở. Đặt con trỏ vào phần đó rồi nhấn Ctrl+Enter để “${called(submits(open)[0] || open)}”; đóng phần đó lại, hoặc bấm nút, để “${called(button)}”.`);
    else form.requestSubmit(button || undefined);
  }

  // A folded part's own question: opened, the cursor is in it; unanswered, nothing goes out and the chosen lines stay chosen.
  doc.addEventListener("toggle", (event) => { if (event.target.open && event.target.matches("[data-bulk-bar] [data-act]")) $("[data-needed]", event.target)?.focus(); }, true);
  doc.addEventListener("submit", (event) => {
    const box = $("[data-needed]", event.submitter?.closest("[data-bulk-bar] [data-act]") || doc.createElement("p"));
    if (!box || box.value.trim()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    tell(box.dataset.needed);
    box.focus();
  }, true);

  /* --- keys ------------------------------------------------------------------------------------------------------------ */
  function printPage(url) {
    const address = new URL(url, location.href);
    ["lien", "kho"].forEach((key) => { const kept = store.get(key); if (kept && !address.searchParams.has(key)) address.searchParams.set(key, kept); });
    open(address, "_blank");
  }
  doc.addEventListener("keydown", (event) => {
    const el = doc.activeElement;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      event.preventDefault();
      act(el);
      return;
    }
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "p") {
      const source = $("[data-print-url]");
      if (source) { event.preventDefault(); printPage(source.dataset.printUrl); }
      return;
    }
    if (event.key === "Escape") {
      $$("details[data-menu][open]").forEach((menu) => { menu.open = false; $("summary", menu).focus(); });
      if (!typing(el)) { $$("table[data-list] input[type=checkbox]").forEach((box) => { box.checked = false; }); count(); }
      return;
    }
    const toList = el?.dataset && "scan" in el.dataset && !el.value && /^(a|j|k|\/|ArrowDown|ArrowUp)$/.test(event.key);
    if ((typing(el) && !toList) || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "/") {
      const search = $("[data-search]");
      if (search) { event.preventDefault(); search.focus(); search.select(); }
      return;
    }
    const table = el?.closest?.("table[data-list]") || $("table[data-list]");
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (table && step && (event.key.length === 1 || toList || table.contains(el))) { event.preventDefault(); move(table, step); return; }
    const all = event.key === "a" && $("[data-check-all]", table || doc);
    if (all) { event.preventDefault(); all.checked = all.indeterminate = false; all.click(); return; }
    if (table && event.key === " " && current(table)?.contains(el)) {
      const row = current(table);
      const box = boxOf(row);
      if (!box || (el === box && !event.shiftKey)) return;
      event.preventDefault();
      pick(row, event.shiftKey ? true : !box.checked, event.shiftKey);
      return;
    }
    // Enter on a checkbox would send the form of the whole list.
    if (table && event.key === "Enter" && el?.matches("table[data-list] input[type=checkbox]")) {
      event.preventDefault();
      $("[data-row-link], td a", el.closest("tr"))?.click();
      return;
    }
    const way = { j: "[data-next]", ArrowRight: "[data-next]", k: "[data-prev]", ArrowLeft: "[data-prev]" }[event.key];
    const link = !table && way && $(way);
    if (link) { event.preventDefault(); link.click(); return; }
    if (event.key === "Enter" && (!el || el === doc.body || el.id === "noi-dung")) $("[data-enter]")?.click();
  });

  /* --- drafts ------------------------------------------------------------------------------------------------------------ */
  function draft(form) {
    let timer = 0;
    let dirty = false;
    const body = () => {
      const data = new FormData(form);
      [...data].forEach(([name, value]) => { if (value instanceof File) data.delete(name); });
      return data;
    };
    const say = (text) => $$("[data-draft-status]").forEach((el) => { el.textContent = text; });
    async function save() {
      if (!dirty || form.dataset.sent) return;
      dirty = false;
      try {
        const answer = await fetch(form.dataset.draftUrl, { method: "POST", body: body(), headers: { "X-CSRFToken": token(), "X-Draft": "1" }, credentials: "same-origin", redirect: "error" });
        if (answer.status === 401) {
          dirty = true;
          say("Chưa lưu: phiên làm việc đã hết. Những gì đã gõ vẫn còn trên trang; đăng nhập lại để lưu.");
          doc.dispatchEvent(new Event("motcua:ended"));
          return;
        }
        if (answer.status === 403) doc.dispatchEvent(new Event("motcua:stale"));
        if (!answer.ok) throw new Error(answer.status);
        say("Đã lưu nháp lúc " + new Date().toLocaleTimeString("vi-VN", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }));
      } catch {
        dirty = true;
        say("Chưa lưu được nháp: máy chủ không trả lời. Những gì đã gõ vẫn còn trên trang, sẽ thử lại.");
        clearTimeout(timer);
        timer = setTimeout(save, 15000);
      }
    }
    doc.addEventListener("motcua:again", save);
    form.addEventListener("input", () => { dirty = true; clearTimeout(timer); timer = setTimeout(save, 3000); });
    addEventListener("pagehide", () => { if (dirty && !form.dataset.sent && "draftUrl" in form.dataset) navigator.sendBeacon(form.dataset.draftUrl, body()); });
  }
  // The cookie first: signing in again, here or in another window, makes the token of the page an old one.
  const token = () => doc.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1] || $("meta[name=csrf-token]")?.content || $("input[name=csrfmiddlewaretoken]")?.value || "";

  /* --- toasts, menus, memory ------------------------------------------------------------------------------------------- */
  function toast(el) {
    if (el.dataset.toast === "on") return;
    el.dataset.toast = "on";
    let timer = 0;
    const start = () => { timer = setTimeout(() => el.remove(), $("form, [data-print-url]", el) ? 30000 : 8000); };
    const stop = () => clearTimeout(timer);
    el.addEventListener("mouseenter", stop);
    el.addEventListener("focusin", stop);
    el.addEventListener("mouseleave", start);
    el.addEventListener("focusout", start);
    start();
  }
  doc.addEventListener("click", (event) => {
    if (event.target.closest("[data-dismiss]")) event.target.closest("[data-toast]")?.remove();
    if (event.target.closest("[data-print]")) print();
    $$("details[data-menu][open]").forEach((menu) => { if (!menu.contains(event.target)) menu.open = false; });
  });
  doc.addEventListener("change", (event) => {
    if (event.target.type === "radio") $$("[data-owns]", event.target.form || doc).forEach((el) => {
      const [name, value] = el.dataset.owns.split("=");
      if (name !== event.target.name) return;
      if (value !== event.target.value && el.value.trim() === el.dataset.own) el.value = "";
      else if (value === event.target.value && !el.value.trim()) el.value = el.dataset.own;
    });
  });
  doc.addEventListener("change", (event) => {
    const el = event.target;
    const key = el.dataset?.remember;
    if (key) store.set(key, el.type === "checkbox" ? (el.checked ? "1" : "") : el.value);
    if (el.dataset?.offset) shift(el);
    if (el.dataset && "day" in el.dataset) {
      const day = el.value.trim().match(/^(\d{1,2})[\/. -](\d{1,2})[\/. -](\d{4})$/) || el.value.trim().match(/^(\d\d)(\d\d)(\d{4})$/);
      if (day) el.value = [day[1].padStart(2, "0"), day[2].padStart(2, "0"), day[3]].join("/");
    }
  });
  function recall(el) {
    const kept = store.get(el.dataset.remember);
    if (kept === null || "set" in el.dataset) return;
    if (el.type === "checkbox") el.checked = kept === "1";
    else if (el.type === "radio") el.checked = el.value === kept;
    else el.value = kept;
  }

  const shift = (el) => doc.documentElement.style.setProperty(el.dataset.offset, (parseFloat(el.value) || 0) + "mm");
  // What is scrolled sideways on a telephone shows the tab one is on, and the newest end of a chart.
  function turn(root) {
    $$(".tabs a[aria-current]", root).forEach((tab) => {
      const bar = tab.closest(".tabs");
      const [one, all] = [tab.getBoundingClientRect(), bar.getBoundingClientRect()];
      bar.scrollLeft += one.left - all.left - (all.width - one.width) / 2;
    });
    $$(".board-chart", root).forEach((chart) => { chart.scrollLeft = chart.scrollWidth; });
  }
  function wake(root) {
    turn(root);
    $$("[data-toast]", root).forEach(toast);
    $$("[data-remember]", root).forEach(recall);
    $$("[data-offset]", root).forEach(shift);
    $$("form[data-draft-url]", root).forEach((form) => { if (!form.dataset.draftOn) { form.dataset.draftOn = "1"; draft(form); } });
    count();
  }
  doc.addEventListener("htmx:configRequest", (event) => { event.detail.headers["X-CSRFToken"] = token(); });
  doc.addEventListener("htmx:afterSwap", () => wake(doc));
  wake(doc);
  const first = $("[data-focus]");
  const wrong = first?.matches(".error-summary") && doc.getElementById($("li:first-child a[href^='#']", first)?.hash.slice(1));
  for (let fold = wrong?.closest?.("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  const inputs = "input:not(:disabled), select, textarea";
  // On a telephone a focused box would only bring up the keyboard.
  const quiet = first && "scan" in first.dataset && matchMedia("(pointer: coarse)").matches;
  (quiet ? null : wrong ? (wrong.matches(inputs) ? wrong : $("tr.has-error input", wrong) || $(inputs, wrong)) || first : first)?.focus();
  const code = $(".run")?.dataset.code;
  if (code) doc.documentElement.style.setProperty("--ma", JSON.stringify(code));
  if ("autoprint" in doc.body.dataset) addEventListener("load", () => print());
})();
