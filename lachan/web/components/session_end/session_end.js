// Two minutes before an idle session ends, says so; one press keeps it, and what was typed stays where it is.
export function mount(box) {
  const before = (Number(box.dataset.idle) - 120) * 1000;
  let timer = 0;
  const begin = () => {
    clearTimeout(timer);
    box.hidden = true;
    timer = setTimeout(() => { box.hidden = false; }, before);
  };
  box.querySelector("button").addEventListener("click", async () => {
    const answer = await fetch(box.dataset.touch, { credentials: "same-origin", redirect: "manual" });
    if (answer.ok) begin();
  });
  begin();
}
