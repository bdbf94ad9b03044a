// Picture and table stay in step: what is chosen in one is marked in the other (data-ref).
export function mount(root) {
  const marked = (ref) => root.querySelectorAll(`[data-ref="${CSS.escape(ref)}"]`);
  const choose = (ref) => {
    root.querySelectorAll(".on").forEach((one) => one.classList.remove("on"));
    marked(ref).forEach((one) => one.classList.add("on"));
  };
  root.addEventListener("focusin", (event) => {
    const one = event.target.closest("[data-ref]");
    if (one) choose(one.dataset.ref);
  });
  root.addEventListener("click", (event) => {
    const node = event.target.closest("svg [data-ref]");
    if (!node) return;
    event.preventDefault();
    choose(node.dataset.ref);
    root.querySelector(`tr[data-ref="${CSS.escape(node.dataset.ref)}"]`)?.focus();
  });
}
