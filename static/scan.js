/* A scanner beside a list: types fast, ends with Enter. Each slip ticks its row; what is no row of this list is said aloud.

   data-scan="form-id"    the box; the form of the list it ticks in. Without that list Enter stays what the browser makes of it
   data-scan-url          where the server is asked what was scanned
   data-scan-said         where it is said
   data-sound             checkbox: whether each scan is heard too (remembered, app.js)
   data-differs           input of a row: what differs from what was given. Tab goes there from the box after a scan, Enter comes
                          back; typing in it picks its row; a scan into it is taken out again and goes its own way */
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

  /* A short high tone for what was picked, a long low one for what was not. */
  let audio = null;
  function tone(isGood) {
    if (!$("[data-sound]")?.checked) return;
    try {
      audio ||= new AudioContext();
      const sound = audio.createOscillator();
      const volume = audio.createGain();
      sound.frequency.value = isGood ? 1100 : 220;
      volume.gain.value = 0.15;
      sound.connect(volume).connect(audio.destination);
      sound.start();
      sound.stop(audio.currentTime + (isGood ? 0.09 : 0.35));
    } catch { /* no sound on this machine: it is said and shown */ }
  }

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
    rest.forEach((cell) => {
      const differs = $("[data-differs]", cell);
      if (!differs) { cell.textContent = cell.title = ""; return; }
      differs.name = "sai-khac-" + found.chon.split(".")[0];
      differs.value = "";
      differs.setAttribute("aria-label", "Sai khác khi nhận " + found.code);
    });
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
      tone(false);
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
    said.classList.toggle("is-bad", answer.missing.length > 0);
    tone(!answer.missing.length);
  }
  const read = (text) => { if (text) turn = turn.then(() => take(text)); };
  const lastDiffers = () => $("tr.is-scanned [data-differs]", table);
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.isComposing) return;
    if (event.key === "Tab" && !box.value && lastDiffers()) { event.preventDefault(); lastDiffers().focus(); }
    if (event.key !== "Enter") return;
    event.preventDefault();
    const text = box.value.trim();
    box.value = "";
    read(text);
  });

  /* --- what differs, in the row --------------------------------------------------------------------------------------- */
  // What a scanner types into the field: the address of a slip, or a whole code.
  const SCANNED = /(?:https?:\/\/\S+|[A-Z][A-Z0-9.]*-\d{6}-\d{4,7})\s*$/;
  table.addEventListener("keydown", (event) => {
    const field = event.target.closest("[data-differs]");
    if (!field || event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing) return;
    event.preventDefault();
    const scanned = field.value.match(SCANNED)?.[0];
    if (scanned) {
      field.value = field.value.slice(0, -scanned.length).trimEnd();
      read(scanned.trim());
    }
    box.focus();
  });
  table.addEventListener("input", (event) => {
    const tick = event.target.closest("[data-differs]")?.value.trim() && $("input[name=chon]", event.target.closest("tr"));
    if (tick && !tick.checked) tick.click();
  });
})();
