// Mounts every component's module on the elements that ask for it: data-mount="name other".
import { mount as countdown } from "../components/countdown/countdown.js";
import { mount as errorSummary } from "../components/error_summary/error_summary.js";
import { mount as flow } from "../components/flow/flow.js";
import { mount as fresh } from "../components/fresh/fresh.js";
import { mount as keys } from "../components/keys/keys.js";
import { mount as live } from "../components/live/live.js";
import { mount as moneyInput } from "../components/money_input/money_input.js";
import { mount as once } from "../components/once/once.js";
import { mount as plainEnter } from "../components/plain_enter/plain_enter.js";
import { mount as securityKey } from "../components/security_key/security_key.js";
import { mount as sessionEnd } from "../components/session_end/session_end.js";
import { mount as submitKeys } from "../components/submit_keys/submit_keys.js";
import { mount as table } from "../components/table/table.js";

const modules = {
  countdown, error_summary: errorSummary, flow, fresh, keys, live, money_input: moneyInput,
  once, plain_enter: plainEnter, security_key: securityKey, session_end: sessionEnd, submit_keys: submitKeys, table,
};
const done = new WeakSet();

function mountAll(root) {
  const found = [...root.querySelectorAll("[data-mount]")];
  if (root.matches?.("[data-mount]")) found.unshift(root);
  for (const element of found) {
    if (done.has(element)) continue;
    done.add(element);
    for (const name of element.dataset.mount.split(" ")) modules[name]?.(element);
  }
}

mountAll(document.body);
document.addEventListener("htmx:after:swap", () => mountAll(document.body));
