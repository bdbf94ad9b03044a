// Groups digits while typing without moving the caret, and says the amount in words from the server's own reading.
export function mount(box) {
  const input = box.querySelector("input");
  const output = box.querySelector("output");
  const mark = box.dataset.group;
  const group = () => {
    const raw = input.value;
    const digits = raw.replaceAll(mark, "").replace(/\s/g, "");
    if (!/^\d+$/.test(digits)) return;
    const after = raw.slice(input.selectionStart).replace(/\D/g, "").length;
    const text = digits.replace(/\B(?=(\d{3})+$)/g, mark);
    if (text === raw) return;
    input.value = text;
    let at = text.length;
    for (let left = after; left > 0 && at > 0; at -= 1) {
      if (/\d/.test(text[at - 1])) left -= 1;
    }
    input.setSelectionRange(at, at);
  };
  let timer = 0;
  const words = async () => {
    if (!input.value.trim()) {
      output.textContent = "";
      return;
    }
    const answer = await fetch(`${box.dataset.words}?q=${encodeURIComponent(input.value)}`, { credentials: "same-origin" });
    if (answer.ok) output.textContent = await answer.text();
  };
  input.addEventListener("input", () => {
    group();
    clearTimeout(timer);
    timer = setTimeout(words, 250);
  });
}
