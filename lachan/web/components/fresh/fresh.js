// A signing sheet older than a minute is asked for anew: unchanged, it is fresh again and what was typed stays;
// changed, the page is loaded again, so that nobody signs what he has not seen.
const every = 45000;

export function mount(form) {
  const shown = form.querySelector("input[name=sheet_hash]").value;
  const look = async () => {
    if (document.hidden || !form.isConnected) return;
    const answer = await fetch(`${location.pathname}?v=1`, { credentials: "same-origin", redirect: "manual" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const now = page.querySelector("input[name=sheet_hash]")?.value;
    if (now !== shown) location.reload();
  };
  setInterval(look, every);
}
