// The query editor of YASGUI over the form of this page: colours, checks while one types, and completion from the terms
// of this graph. The form asks, and the server answers with a page: nothing is asked of another service, nothing is kept
// in the browser. Without this script the form does the same.
(() => {
  "use strict";
  const form = document.getElementById("ask");
  const text = form.elements.query;
  const terms = fetch(form.dataset.terms).then((answer) => answer.json());
  for (const [name, list] of [["prefixes", "prefixes"], ["class", "classes"], ["property", "properties"]]) {
    const get = () => terms.then((found) => found[list]);
    Object.assign(Yasqe.Autocompleters[name], { bulk: true, persistenceId: null, get });
  }
  const box = document.createElement("div");
  text.before(box);
  text.hidden = true;
  const yasqe = new Yasqe(box, {
    value: text.value,
    persistenceId: null,
    showQueryButton: false,
    createShareableLink: null,
    resizeable: true,
    lineWrapping: true,
    screenReaderLabel: form.dataset.label,
    extraKeys: { Tab: false, "Shift-Tab": false, "Ctrl-Enter": () => form.requestSubmit(), "Cmd-Enter": () => form.requestSubmit() },
  });
  yasqe.on("change", () => { text.value = yasqe.getValue(); });
  form.addEventListener("submit", () => {
    text.value = yasqe.getValue();
    if (text.value.length > 6000) form.method = "post"; // an address has no room for it
  });
})();
