// Asks for news every five seconds while somebody looks; after failures it waits longer and says how old the data are.
const steps = [5, 10, 20, 40, 60];

export function mount(region) {
  let failures = 0;
  let next = Date.now() + steps[0] * 1000;
  const bar = document.getElementById(region.dataset.stale);
  const words = bar?.dataset.lost ?? "";
  const busy = () =>
    document.hidden || !navigator.onLine || document.querySelector("dialog[open]") ||
    region.querySelector("input:focus, textarea:focus, select:focus");
  const show = () => {
    if (!bar) return;
    const live = document.querySelector("[data-live]");
    bar.hidden = failures === 0;
    if (failures) bar.textContent = words.replace("%s", live?.dataset.asOf ?? "");
    document.querySelectorAll("[data-needs-contact]").forEach((button) => {
      button.disabled = failures > 1;
    });
  };
  setInterval(() => {
    const live = document.querySelector("[data-live]");
    if (!live || Date.now() < next || busy()) return;
    next = Date.now() + steps[Math.min(failures, steps.length - 1)] * 1000;
    live.dispatchEvent(new CustomEvent("live:tick"));
  }, 1000);
  const fail = () => { failures += 1; next = Date.now() + steps[Math.min(failures, steps.length - 1)] * 1000; show(); };
  document.addEventListener("htmx:error", fail);
  document.addEventListener("htmx:response:error", fail);
  document.addEventListener("htmx:after:request", (event) => {
    const status = event.detail?.ctx?.response?.status ?? 200;
    if (status >= 400) fail();
    else { failures = 0; show(); }
  });
  window.addEventListener("offline", fail);
}
