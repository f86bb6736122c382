/* The counter's checklist: questions, whose papers stand there, "không nộp". Without it the server does the same when the page is sent.

   fieldset[data-ask=n]   question n; data-if="m.a": asked only when question m has answer a; data-authority: answered by naming who brings it. Digits answer it, space picks one more
   [data-hangs="n.a …"]   a line that is shown when each of these questions has this answer; [data-way]: online or paper
   [data-papers]          the table: Enter and the arrows go from paper to paper, "-" or "x" in a count: the paper is not brought
   Alt+G goes to the questions or, when they are answered, to the first count */
(() => {
  "use strict";
  const form = document.querySelector("#to-khai");
  if (!form) return;
  const $ = (query, from = form) => from.querySelector(query);
  const $$ = (query, from = form) => [...from.querySelectorAll(query)];
  const NONE = "0";

  /* --- whose papers stand there ------------------------------------------------------------------------------------ */
  const answersOf = (ask) => $$("input:checked", ask).map((input) => input.value);
  const isAnswered = (number, answer) => {
    const ask = $(`[data-ask="${number}"]`);
    return Boolean(ask && !ask.hidden && answersOf(ask).includes(answer));
  };
  const holds = (text) => (text || "").split(" ").filter(Boolean).every((pair) => isAnswered(...pair.split(".")));
  function wayNow() {
    const channel = $("[name=channel]:checked");
    return channel && "online" in channel.dataset ? "online" : "paper";
  }
  function show(line, isShown, byAnswer) {
    if (line.hidden === !isShown) return;
    line.hidden = !isShown;
    $$("input", line).forEach((input) => {
      input.disabled = !isShown;
      // What somebody wants to see that is not the applicant's is seen uncounted; what becomes theirs, as published.
      if (!input.classList.contains("count-in")) return;
      if (isShown && !byAnswer) input.value = "";
    });
    if (isShown && byAnswer && !$$(".count-in", line).some((input) => input.value)) $$(".count-in", line).forEach((input) => { input.value = input.defaultValue; });
  }
  function arrange() {
    $$("[data-if]").forEach((ask) => { ask.hidden = !holds(ask.dataset.if); });
    const all = $("[name=h-tat-ca]")?.checked;
    const way = wayNow();
    $$("[data-hangs], [data-way]").forEach((line) => {
      const mine = holds(line.dataset.hangs) && (!line.dataset.way || line.dataset.way === way);
      show(line, mine || Boolean(all && !line.matches("li")), mine);
    });
    $$(".papers tr.group:not([data-hangs])").forEach((head) => {
      let row = head.nextElementSibling;
      let any = false;
      for (; row && !row.matches("tr.group:not([data-hangs])"); row = row.nextElementSibling) any ||= !row.hidden && Boolean($(".count-in", row));
      head.hidden = !any;
    });
    $$("[data-papers]").forEach((table) => { table.hidden = !$$("tbody tr", table).some((row) => !row.hidden); });
  }

  /* --- answering ------------------------------------------------------------------------------------------------------ */
  const open = () => $$("[data-ask]").filter((ask) => !ask.hidden && !answersOf(ask).length);
  const firstOf = (ask) => $("input:checked", ask) || $("input", ask);
  const counts = () => $$(".papers .count-in").filter((input) => !input.disabled && input.offsetParent);
  const select = (input) => { input.focus(); input.select?.(); };
  /* After a question: the next one, else the papers that the answers made the applicant's. */
  function goOn(ask) {
    const asks = $$("[data-ask]").filter((one) => !one.hidden);
    const next = asks.slice(asks.indexOf(ask) + 1).find((one) => !answersOf(one).length);
    if (next) { firstOf(next).focus(); return; }
    const [count] = counts();
    if (count) { select(count); return; }
    form.dispatchEvent(new CustomEvent("motcua:past-papers"));
  }
  form.addEventListener("change", (event) => {
    const ask = event.target.closest("[data-ask]");
    if (ask && event.target.type === "checkbox" && event.target.checked)
      $$("input", ask).forEach((one) => { if (one !== event.target && (event.target.value === NONE || one.value === NONE)) one.checked = false; });
    // Who brings it for the owner answers by being named.
    const authority = event.target.name === "submitter_name" && event.target.value.trim() && $("[data-authority]");
    if (authority && !answersOf(authority).length) { $("input[value='1']", authority).checked = true; arrange(); }
    if (ask || /^(channel|h-tat-ca)$/.test(event.target.name)) arrange();
  });
  form.addEventListener("keydown", (event) => {
    const ask = event.target.closest("[data-ask]");
    if (!ask || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter") { event.preventDefault(); goOn(ask); return; }
    const inputs = $$("input", ask);
    if (/^\d$/.test(event.key)) {
      const chosen = inputs.find((input) => input.value === event.key);
      if (!chosen) return;
      event.preventDefault();
      inputs.forEach((input) => { input.checked = input === chosen; });
      chosen.focus();
      chosen.dispatchEvent(new Event("input", { bubbles: true }));
      chosen.dispatchEvent(new Event("change", { bubbles: true }));
      goOn(ask);
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && event.target.type === "checkbox") {
      event.preventDefault();
      inputs[(inputs.indexOf(event.target) + step + inputs.length) % inputs.length].focus();
    }
  });

  /* --- the list --------------------------------------------------------------------------------------------------------- */
  function down(input, step) {
    const column = counts().filter((one) => one.name.slice(-2) === input.name.slice(-2));
    const next = column[column.indexOf(input) + step];
    if (next) select(next);
    else if (step > 0) form.dispatchEvent(new CustomEvent("motcua:past-papers"));
  }
  function tell(row) {
    const own = $$(".count-in", row);
    const isAsked = own.some((input) => input.defaultValue.replace(/^0+/, "") || "asked" in input.dataset);
    const isGiven = own.some((input) => input.value.trim().replace(/^0+/, "")) || $(".pick-db input", row)?.checked;
    row.classList.toggle("left-out", isAsked && !isGiven);
    own[0].placeholder = isAsked && !isGiven ? "không nộp" : "";
  }
  form.addEventListener("input", (event) => { const row = event.target.closest("[data-papers] tr"); if (row && $(".count-in", row)) tell(row); });
  form.addEventListener("keydown", (event) => {
    if (!event.target.matches(".papers .count-in") || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
    if (step) { event.preventDefault(); event.stopImmediatePropagation(); down(event.target, step); return; }
    if (!/^[-xX−]$/.test(event.key)) return;
    event.preventDefault();
    const row = event.target.closest("tr");
    $$(".count-in", row).forEach((input) => { input.value = ""; input.dataset.asked = "1"; });
    if ($(".pick-db input", row)) $(".pick-db input", row).checked = false;
    event.target.dispatchEvent(new Event("input", { bubbles: true }));
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey || event.key.toLowerCase() !== "g") return;
    event.preventDefault();
    const [ask] = open();
    const to = ask ? firstOf(ask) : counts()[0];
    if (to) { select(to); to.scrollIntoView({ block: "center" }); }
  });

  document.addEventListener("htmx:afterSettle", arrange);
  arrange();
})();
