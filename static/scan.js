/* A scanner beside a list: types fast, ends with Enter. Each slip ticks its row; what is no row of this list is said aloud.

   data-scan="form-id"    the box; the form of the list it ticks in. Without that list Enter stays what the browser makes of it
   data-scan-url          where the server is asked what was scanned
   data-scan-said         where it is said */
(() => {
  "use strict";
  const doc = document;
  const $ = (query, from = doc) => from.querySelector(query);
  const box = $("[data-scan]");
  const list = box && doc.getElementById(box.dataset.scan);
  if (!list) return;
  const said = $("[data-scan-said]");
  const table = $("table[data-list]", list);
  const address = box.dataset.scanUrl + "?q=";
  let turn = Promise.resolve();

  const boxes = () => [...table.querySelectorAll("tbody input[name=chon]")];
  /* A dossier of another page of this list gets a row of its own on top. */
  function rowFor(found) {
    const known = boxes().find((one) => one.value.split(".")[0] === found.chon.split(".")[0]);
    if (known) return known.closest("tr");
    const row = boxes()[0].closest("tr").cloneNode(true);
    const tick = $("input[name=chon]", row);
    tick.value = found.chon;
    tick.checked = false;
    tick.setAttribute("aria-label", "Chọn " + found.code);
    const [, code, owner, procedure, ...rest] = row.cells;
    const link = $("a", code);
    link.href = found.url;
    link.textContent = found.code;
    owner.textContent = owner.title = found.owner;
    procedure.textContent = found.procedure;
    rest.forEach((cell) => { cell.textContent = cell.title = ""; });
    boxes()[0].closest("tr").before(row);
    return row;
  }
  async function take(text) {
    let answer;
    try {
      const response = await fetch(address + encodeURIComponent(text), { headers: { "X-Scan": "1" }, credentials: "same-origin", redirect: "error" });
      if (response.status === 401) doc.dispatchEvent(new Event("motcua:ended"));
      if (!response.ok) throw new Error(response.status);
      answer = await response.json();
    } catch {
      box.value = box.value ? text + "\n" + box.value : text;
      said.textContent = "Chưa đọc được: mất kết nối hoặc phiên làm việc đã hết. Mã còn trong ô.";
      return;
    }
    table.querySelectorAll(".is-scanned").forEach((row) => row.classList.remove("is-scanned"));
    let row = null;
    const words = answer.found.map((found) => {
      row = rowFor(found);
      row.classList.add("is-scanned");
      const tick = $("input[name=chon]", row);
      const again = tick.checked;
      if (!again) tick.click();
      return `${again ? "Đã chọn từ trước" : "Đã chọn"} ${found.code}, ${found.owner}.`;
    });
    row?.scrollIntoView({ block: "center" });
    answer.missing.forEach((one) => words.push(`${one.code}: ${one.why}`));
    words.push(`Đang chọn ${boxes().filter((one) => one.checked).length} hồ sơ.`);
    said.textContent = words.join(" ");
  }
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    const text = box.value.trim();
    box.value = "";
    if (text) turn = turn.then(() => take(text));
  });
})();
