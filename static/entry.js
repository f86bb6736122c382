/* A table of inputs that goes like a sheet. Without it the same form is filled in with Tab.

   data-entry   the table: arrows and Enter go between its inputs (left and right only from the edge of a text), a block that was
                copied from a sheet is pasted from the cell on to the right and below
   data-entry-lost  shown when some of a block found no place; data-entry-count in it: how many cells */
(() => {
  "use strict";
  const table = document.querySelector("table[data-entry]");
  if (!table) return;
  const lost = document.querySelector("[data-entry-lost]");
  const rows = () => [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("input:not([type=hidden])")]);

  function placeOf(input) {
    const all = rows();
    const down = all.findIndex((cells) => cells.includes(input));
    return { all, down, across: all[down]?.indexOf(input) ?? -1 };
  }
  function go(cell) {
    if (!cell) return;
    cell.focus();
    cell.select();
  }
  const atStart = (el) => el.selectionStart === 0 && (el.selectionEnd === 0 || el.selectionEnd === el.value.length);
  const atEnd = (el) => el.selectionEnd === el.value.length && (el.selectionStart === el.value.length || el.selectionStart === 0);

  table.addEventListener("keydown", (event) => {
    const el = event.target;
    if (!el.matches("input") || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const { all, down, across } = placeOf(el);
    const up = event.key === "ArrowUp" || (event.key === "Enter" && event.shiftKey);
    if (up || event.key === "ArrowDown" || event.key === "Enter") {
      event.preventDefault();
      go(all[down + (up ? -1 : 1)]?.[across]);
    } else if (event.shiftKey) {
      return;
    } else if (event.key === "ArrowLeft" && atStart(el)) {
      event.preventDefault();
      go(all[down][across - 1]);
    } else if (event.key === "ArrowRight" && atEnd(el)) {
      event.preventDefault();
      go(all[down][across + 1]);
    }
  });

  table.addEventListener("paste", (event) => {
    const el = event.target;
    const text = event.clipboardData?.getData("text/plain").replace(/\r\n?/g, "\n").replace(/\n$/, "") ?? "";
    if (!el.matches("input") || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    const { all, down, across } = placeOf(el);
    let last = el;
    let left = 0;
    text.split("\n").forEach((line, below) => line.split("\t").forEach((value, right) => {
      const cell = all[down + below]?.[across + right];
      if (!cell) {
        left += value.trim() ? 1 : 0;
        return;
      }
      cell.value = value.trim();
      cell.dispatchEvent(new Event("input", { bubbles: true }));
      last = cell;
    }));
    lost.querySelector("[data-entry-count]").textContent = left;
    lost.hidden = left === 0;
    go(last);
  });
})();
