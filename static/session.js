/* A session, a security token or a connection that ends under an open page: nothing typed is lost and nothing is said to be saved.

   Before a form with data-primary is sent, the server is asked whether it is there and who is signed in. Signed out: a dialog to
   sign in on the spot, the page stays as it is and nothing is sent by itself. Other events of the page: motcua:ended (a script got
   401), motcua:stale (403), motcua:again (signed in again), motcua:tell (a sentence for app.js to say).
   data-carry-on          form that opens the page again as it was typed: sent when loaded */
(() => {
  "use strict";
  const doc = document;
  const $ = (query, from = doc) => from.querySelector(query);
  const tell = (detail) => doc.dispatchEvent(new CustomEvent("motcua:tell", { detail }));
  const mine = $("meta[name=officer]")?.content;
  const where = (name) => $(`meta[name=${name}]`)?.content;
  const ask = (address, more) => fetch(address, { credentials: "same-origin", cache: "no-store", redirect: "error", headers: { "X-Session": "1" }, ...more });
  const SURE = 10000; // so long after the server answered it is not asked again
  const WHILE_TYPING = 60000;
  let answered = performance.now();
  let dialog = null;

  const cookie = () => doc.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/)?.[1];
  function renew(form) {
    const token = cookie();
    if (token) (form || doc).querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((input) => { input.value = token; });
  }

  const SAID = {
    down: "Chưa gửi gì: không kết nối được máy chủ. Những gì đã gõ vẫn còn trên trang; hãy giữ trang này và thử lại sau ít phút.",
    other: "Chưa gửi gì: trình duyệt này đang đăng nhập bằng tài khoản khác với lúc mở trang. Hãy đăng nhập lại đúng tài khoản ở một cửa sổ khác rồi bấm lại.",
    password: "Chưa gửi gì: phải đổi mật khẩu trước. Hãy đổi mật khẩu ở một cửa sổ khác rồi bấm lại.",
  };
  /* One question at a time: of two answers each would bring a token of its own, and the later one undo the form's. */
  let asking = null;
  const check = () => asking ||= look().finally(() => { asking = null; });
  async function look() {
    let answer;
    try { answer = await ask(where("alive-url")); } catch { return "down"; }
    if (answer.status === 401) return "ended";
    if (answer.status === 403) return "password";
    if (answer.status >= 500) return "down";
    const who = await answer.json().catch(() => null);
    if (who && mine && String(who.officer) !== mine) return "other";
    answered = performance.now();
    return "there";
  }
  function act(state) {
    if (state === "ended") signIn();
    else if (SAID[state]) tell(SAID[state]);
  }

  doc.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    renew(form);
    if (!("primary" in form.dataset) || form.target === "_blank" || event.submitter?.formTarget === "_blank" || performance.now() - answered < SURE) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return;
    form.dataset.asking = "1";
    const button = event.submitter;
    check().then((state) => {
      delete form.dataset.asking;
      if (state === "there") form.requestSubmit(button || undefined);
      else act(state);
    });
  }, true);

  /* Typing long on a page that saves no draft: told while typing, not only when it is sent. */
  let asked = 0;
  doc.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-primary]");
    const now = performance.now();
    if (!form || "draftUrl" in form.dataset || now - answered < WHILE_TYPING || now - asked < WHILE_TYPING) return;
    asked = now;
    check().then(act);
  });

  /* --- signing in on the spot ------------------------------------------------------------------------------------------ */
  /* A browser runs no script that is put in as text: what the second step needs is loaded by name. */
  function put(words) {
    dialog.innerHTML = words;
    dialog.querySelectorAll("script[src]").forEach((named) => { named.replaceWith(Object.assign(doc.createElement("script"), { src: named.src })); });
  }
  async function signIn() {
    if (dialog) { if (!dialog.open) dialog.showModal(); return; }
    let words;
    try { words = await (await ask(where("sign-in-url"))).text(); } catch { tell(SAID.down); return; }
    if (dialog) return;
    dialog = doc.createElement("dialog");
    dialog.className = "sign-in-here";
    dialog.setAttribute("aria-labelledby", "h-tai-cho");
    put(words);
    doc.body.append(dialog);
    dialog.showModal();
    $("input[name=username]", dialog)?.focus();
    dialog.addEventListener("click", (event) => { if (event.target.closest("[data-later]")) dialog.close(); });
    dialog.addEventListener("close", () => { dialog.remove(); dialog = null; });
    dialog.addEventListener("submit", send);
  }
  async function send(event) {
    event.preventDefault();
    event.stopPropagation();
    const form = event.target;
    if ($("[data-key] input[name=credential]", form)?.value === "") { // pressed before the key's script was there
      $("script[src]", dialog)?.addEventListener("load", () => form.requestSubmit(), { once: true });
      return;
    }
    renew(form);
    let answer;
    try { answer = await ask(event.target.action, { method: "POST", body: new FormData(event.target) }); } catch { tell(SAID.down); return; }
    if (answer.status === 422) {
      put(await answer.text());
      ($("[aria-invalid]", dialog) || $("input[name=password], input[name=code]", dialog) || $("button", dialog))?.focus();
      return;
    }
    const who = answer.ok ? await answer.json() : null;
    if (!who) { tell(SAID.down); return; }
    // Another officer: what is on this page is not theirs.
    if (String(who.officer) !== mine) { doc.querySelectorAll("form").forEach((form) => form.removeAttribute("data-draft-url")); location.replace("/"); return; }
    answered = performance.now();
    renew();
    dialog.close();
    if (who.must_change) { tell(SAID.password); return; }
    tell("Đã đăng nhập lại. Trang còn nguyên, chưa gửi gì: hãy làm tiếp.");
    doc.dispatchEvent(new Event("motcua:again"));
  }

  doc.addEventListener("motcua:ended", signIn);
  doc.addEventListener("motcua:stale", () => check().then(act));
  doc.addEventListener("htmx:responseError", (event) => {
    const status = event.detail.xhr.status;
    if (status === 401) signIn();
    else if (status === 403) check().then(act);
    else if (status >= 500) tell(SAID.down);
  });
  doc.addEventListener("htmx:sendError", () => tell(SAID.down));
  doc.addEventListener("htmx:afterOnLoad", () => { answered = performance.now(); });
  addEventListener("pageshow", (event) => { if (event.persisted) answered = -SURE; });
  $("form[data-carry-on]")?.requestSubmit();
})();
