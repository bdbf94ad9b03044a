// A button of a form that a security key answers: the server says what to ask, the answer goes back inside the form.
// `create` registers a key, `get` signs. Texts and addresses stand in the button's data attributes.
const toBytes = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => (list ?? []).map((one) => ({ ...one, id: toBytes(one.id) }));

async function create(options) {
  const made = await navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      user: { ...options.user, id: toBytes(options.user.id) },
      excludeCredentials: known(options.excludeCredentials),
    },
  });
  return {
    id: made.id, rawId: toText(made.rawId), type: made.type,
    response: {
      clientDataJSON: toText(made.response.clientDataJSON),
      attestationObject: toText(made.response.attestationObject),
      transports: made.response.getTransports?.() ?? [],
    },
  };
}

async function get(options) {
  const made = await navigator.credentials.get({
    publicKey: {
      ...options,
      challenge: toBytes(options.challenge),
      allowCredentials: known(options.allowCredentials),
    },
  });
  return {
    id: made.id,
    authenticatorData: toText(made.response.authenticatorData),
    clientDataJSON: toText(made.response.clientDataJSON),
    signature: toText(made.response.signature),
  };
}

export function mount(form) {
  form.querySelectorAll("button[data-key-options]").forEach((button) => offer(form, button));
}

function offer(form, button) {
  const said = button.parentElement.querySelector("[data-key-said]");
  const { keyOptions, ceremony, waiting, failed, elsewhere, origin } = button.dataset;
  const tell = (text) => {
    said.textContent = text;
    said.hidden = !text;
  };
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    if (!window.PublicKeyCredential || location.origin !== origin) {
      tell(elsewhere);
      return;
    }
    button.setAttribute("aria-disabled", "true");
    tell(waiting);
    try {
      const answer = await fetch(keyOptions, {
        method: "POST", body: new FormData(form), credentials: "same-origin", redirect: "error",
      });
      const asked = await answer.json();
      if (!answer.ok) {
        tell(asked.text);
        return;
      }
      const made = ceremony === "create" ? await create(asked.options) : await get(asked.options);
      form.elements.answer.value = JSON.stringify(made);
      if (asked.context) form.elements.context.value = asked.context;
      form.requestSubmit();
    } catch {
      tell(failed); // no touch, no PIN, the wrong key or no connection: the browser does not say which
    } finally {
      button.removeAttribute("aria-disabled");
    }
  });
}
