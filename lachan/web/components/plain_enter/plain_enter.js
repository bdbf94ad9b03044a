// Enter in a field of a signing form does not sign: only the button does.
export function mount(form) {
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input")) event.preventDefault();
  });
}
