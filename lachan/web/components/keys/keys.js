// Single keys of a page: an element with data-key is pressed by that key; never inside a field, never with a dialog open.
const field = "input, textarea, select, [contenteditable]";

export function mount(body) {
  if (body.dataset.keys === "off") return;
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest(field) || document.querySelector("dialog[open]")) return;
    if (event.key === "j" || event.key === "k") {
      const table = document.querySelector("table[data-mount~=table]");
      if (!table) return;
      table.dispatchEvent(new CustomEvent("table:first"));
      event.preventDefault();
      return;
    }
    const found = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!found) return;
    event.preventDefault();
    if (found.matches(field)) found.focus();
    else if (found.tagName === "DIALOG") found.showModal();
    else found.click();
  });
}
