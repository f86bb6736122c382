/* A security key in a form: before it is sent, the browser asks the key (WebAuthn) and its answer goes along in "credential".

   data-key="create|get"  the part of the form; data-options: what the server asks, as JSON with base64url
   data-key-said          where it is said why nothing was sent */
(() => {
  "use strict";
  const doc = document;
  if (doc.documentElement.dataset.keys) return; // loaded again by a dialog
  doc.documentElement.dataset.keys = "1";

  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => buffer && btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  const named = (list) => (list || []).map((one) => ({ ...one, id: bytes(one.id) }));

  const SAID = {
    NotAllowedError: "Chưa xác nhận được: chưa chạm vào khóa, không đúng khóa, hoặc đã hủy. Hãy bấm lại.",
    InvalidStateError: "Khóa này đã đăng ký cho tài khoản rồi. Hãy dùng khóa khác.",
    SecurityError: "Trình duyệt không cho dùng khóa bảo mật ở địa chỉ này.",
    none: "Trình duyệt này không dùng được khóa bảo mật ở địa chỉ này. Hãy dùng trình duyệt khác hoặc chọn cách khác.",
    other: "Không dùng được khóa bảo mật lúc này. Hãy bấm lại hoặc chọn cách khác.",
  };

  async function create(asked) {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), user: { ...asked.user, id: bytes(asked.user.id) }, excludeCredentials: named(asked.excludeCredentials) };
    const made = await navigator.credentials.create({ publicKey });
    return answer(made, {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  }
  async function get(asked) {
    const publicKey = { ...asked, challenge: bytes(asked.challenge), allowCredentials: named(asked.allowCredentials) };
    const made = await navigator.credentials.get({ publicKey });
    return answer(made, {
      clientDataJSON: text(made.response.clientDataJSON),
      authenticatorData: text(made.response.authenticatorData),
      signature: text(made.response.signature),
      userHandle: text(made.response.userHandle) || null,
    });
  }
  const answer = (made, response) => JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  const WAYS = { create, get };

  function say(part, words) {
    const place = part.querySelector("[data-key-said]");
    place.textContent = words;
    place.hidden = !words;
  }

  doc.addEventListener("submit", async (event) => {
    const form = event.target;
    const part = form.querySelector("[data-key]");
    const input = part && part.querySelector("input[name=credential]");
    if (!input || input.value) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (form.dataset.asking) return;
    const button = event.submitter;
    if (!window.PublicKeyCredential || !navigator.credentials) { say(part, SAID.none); return; }
    say(part, "");
    form.dataset.asking = "1";
    try {
      input.value = await WAYS[part.dataset.key](JSON.parse(part.dataset.options));
    } catch (error) {
      say(part, SAID[error.name] || SAID.other);
      return;
    } finally {
      delete form.dataset.asking;
    }
    form.requestSubmit(button || undefined);
  }, true);

  /* Back to the page: what was answered is good no longer. */
  addEventListener("pageshow", () => { doc.querySelectorAll("[data-key] input[name=credential]").forEach((input) => { input.value = ""; }); });
})();
