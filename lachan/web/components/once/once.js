// A form is sent once: the second press of a double click finds the button asleep, saying so.
export function mount(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "1";
    const button = event.submitter;
    setTimeout(() => {
      if (!button) return;
      button.setAttribute("aria-disabled", "true");
      if (button.dataset.sending) button.textContent = button.dataset.sending;
    }, 0);
  });
  window.addEventListener("pageshow", () => { delete form.dataset.sent; });
}
