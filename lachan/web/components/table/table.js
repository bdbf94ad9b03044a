// One tab stop for a table: j, k or arrows move, Enter opens the row's link, Home and End jump.
export function mount(table) {
  const rows = () => [...table.querySelectorAll("tbody tr[data-ref]")];
  const refresh = () => {
    const all = rows();
    const current = all.find((row) => row === document.activeElement) ?? all.find((row) => row.tabIndex === 0) ?? all[0];
    all.forEach((row) => { row.tabIndex = row === current ? 0 : -1; });
  };
  const go = (row) => {
    if (!row) return;
    rows().forEach((other) => { other.tabIndex = other === row ? 0 : -1; });
    row.focus();
    row.dispatchEvent(new CustomEvent("row:on", { bubbles: true, detail: row.dataset.ref }));
  };
  table.addEventListener("keydown", (event) => {
    const row = event.target.closest("tr[data-ref]");
    if (!row || event.target !== row || event.ctrlKey || event.metaKey || event.altKey) return;
    const all = rows();
    const at = all.indexOf(row);
    const moves = { j: at + 1, ArrowDown: at + 1, k: at - 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 };
    if (event.key in moves) {
      go(all[Math.min(Math.max(moves[event.key], 0), all.length - 1)]);
    } else if (event.key === "Enter") {
      row.querySelector("a[href]")?.click();
    } else if (event.key === "x") {
      row.querySelector("input[type=checkbox]:not(:disabled)")?.click();
    } else {
      const act = row.querySelector(`[data-row-key="${CSS.escape(event.key)}"]`);
      if (!act) return;
      act.click();
    }
    event.preventDefault();
    event.stopPropagation();
  });
  table.addEventListener("focusin", (event) => {
    const row = event.target.closest("tr[data-ref]");
    if (row === event.target) go(row.tabIndex === 0 ? null : row);
  });
  table.addEventListener("table:first", () => go(rows().find((row) => row.tabIndex === 0) ?? rows()[0]));
  // News from the server come with every row at -1; the one with the focus gets its stop back.
  document.addEventListener("htmx:after:swap", refresh);
  refresh();
}
