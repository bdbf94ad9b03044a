// An error summary takes the focus when the page arrives, so that nobody has to look for it.
export function mount(element) {
  element.focus();
}
