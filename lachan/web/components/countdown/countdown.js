// Counts on between two answers of the server, with the server's clock; screen readers hear thresholds only.
const thresholds = [600, 300, 60, 0];

export function mount(body) {
  const skew = Date.parse(body.dataset.now) - Date.now();
  const voice = document.getElementById("voice");
  const said = new Map();
  let lastSaid = 0;
  const two = (n) => String(n).padStart(2, "0");
  setInterval(() => {
    const now = Date.now() + skew;
    document.querySelectorAll("time[data-countdown]").forEach((time) => {
      const left = Math.round((Date.parse(time.dateTime) - now) / 1000);
      const size = Math.abs(left);
      const clock = size >= 3600
        ? `${Math.floor(size / 3600)}:${two(Math.floor(size / 60) % 60)}:${two(size % 60)}`
        : `${two(Math.floor(size / 60))}:${two(size % 60)}`;
      const words = left >= 0 ? body.dataset.left : body.dataset.over;
      const text = time.dataset.countdown === "up" ? clock : words.replace("%s", clock);
      if (time.textContent !== text) time.textContent = text;
      if (time.dataset.countdown === "up" || !voice) return;
      const key = time.dataset.name ?? time.dateTime;
      const level = thresholds.filter((one) => left <= one).length;
      const before = said.get(key);
      said.set(key, level);
      if (before !== undefined && level > before && Date.now() - lastSaid > 10000) {
        lastSaid = Date.now();
        voice.textContent = `${key}: ${text}`;
      }
    });
  }, 1000);
}
