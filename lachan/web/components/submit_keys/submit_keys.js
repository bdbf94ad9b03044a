// Ctrl+Enter anywhere in the form presses the button marked data-ctrl-enter (the operator's hand is on the keyboard).
export function mount(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    const button = form.querySelector("[data-ctrl-enter]");
    if (!button) return;
    event.preventDefault();
    form.requestSubmit(button);
  });
}
