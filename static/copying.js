/* Copies a text of the page: by its button, or by the key C while nothing is typed.

   data-copy="id"         button: the text of that element goes to the clipboard; data-copied: what is said then
   data-copy-said         where it is said */
(() => {
  "use strict";
  const doc = document;
  const button = doc.querySelector("[data-copy]");
  if (!button || !navigator.clipboard) return;
  const said = doc.querySelector("[data-copy-said]");
  const text = doc.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(text.innerText.trim());
      said.textContent = button.dataset.copied;
    } catch {
      getSelection().selectAllChildren(text);
      said.textContent = "Trình duyệt không cho chép: đã chọn sẵn ba dòng, hãy bấm Ctrl+C.";
    }
  });
  doc.addEventListener("keydown", (event) => {
    const typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey || event.key.toLowerCase() !== "c") return;
    event.preventDefault();
    button.click();
  });
})();
