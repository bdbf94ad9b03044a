// Countdowns, the queue that stays fresh, printing. Every page works without it.
const minute = 60, hour = 3600, day = 86400;
const body = document.body;
const english = document.documentElement.lang === "en";
const skew = Date.parse(body.dataset.now) - Date.now(); // the member's clock, not the browser's

function span(seconds) {
  const size = Math.abs(seconds);
  const [d, h, m, s] = english ? ["d", "h", "min", "s"] : ["ngày", "giờ", "phút", "giây"];
  const hours = Math.floor(size / hour) % 24, minutes = Math.floor(size / minute) % 60;
  if (size >= day) return `${Math.floor(size / day)} ${d}${hours ? ` ${hours} ${h}` : ""}`;
  if (size >= hour) return `${hours} ${h}${minutes ? ` ${minutes} ${m}` : ""}`;
  return size >= minute ? `${minutes} ${m}` : `${size} ${s}`;
}

function count() {
  for (const time of document.querySelectorAll("time[data-left]")) {
    const left = Math.trunc((Date.parse(time.dateTime) - Date.now() - skew) / 1000);
    const words = english
      ? `${span(left)} ${left < 0 ? "overdue" : "left"}`
      : `${left < 0 ? "quá hạn" : "còn"} ${span(left)}`;
    if (time.textContent !== words) time.textContent = words;
    const tag = time.closest(".tag");
    tag.className = `tag ${left < 0 ? "late" : left < 300 ? "due" : "waiting"}`;
  }
}
setInterval(count, 1000);

// The list is asked for anew; what has the focus keeps it, and a screen reader hears that something changed.
const queue = document.getElementById("queue");
const names = (list) => [...list.querySelectorAll("a[href]")].map((a) => a.getAttribute("href")).join(" ");
async function look() {
  if (document.hidden) return;
  let answer;
  try {
    answer = await fetch("/?v=1", { credentials: "same-origin", redirect: "manual" });
  } catch { return; }
  if (!answer.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("queue");
  if (!fresh || names(fresh) === names(queue) && fresh.dataset.agreed === queue.dataset.agreed) return;
  const focused = queue.contains(document.activeElement) ? document.activeElement.getAttribute("href") : null;
  queue.replaceChildren(...fresh.childNodes);
  queue.dataset.agreed = fresh.dataset.agreed;
  if (focused) (queue.querySelector(`a[href="${CSS.escape(focused)}"]`) ?? queue.querySelector("a") ?? document.querySelector("h1")).focus();
  document.getElementById("voice").textContent = queue.dataset.changed;
}
if (queue) setInterval(look, 10000);

for (const button of document.querySelectorAll("button[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
document.querySelector(".errors")?.focus();
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault(); // a second click of the same form
    form.dataset.sent = "1";
  });
}
