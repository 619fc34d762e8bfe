/* The search box offers what it finds while somebody types (htmx fetches it); arrows choose, Enter opens, Escape closes.
   Without scripts the box is a form that opens the search page. */
(function () {
  "use strict";
  var box = document.querySelector("[data-search]");
  var list = document.getElementById("desk-hits");
  if (!box || !list) { return; }
  var at = -1;
  function hits() { return Array.prototype.slice.call(list.querySelectorAll("[data-hit]")); }
  function show(open) {
    list.hidden = !open || !list.firstElementChild;
    box.setAttribute("aria-expanded", String(!list.hidden));
    if (list.hidden) { choose(-1); }
  }
  function choose(next) {
    var all = hits();
    at = all.length ? Math.max(-1, Math.min(next, all.length - 1)) : -1;
    all.forEach(function (hit, n) { hit.setAttribute("aria-selected", String(n === at)); });
    if (at < 0) { box.removeAttribute("aria-activedescendant"); return; }
    box.setAttribute("aria-activedescendant", all[at].id);
    all[at].scrollIntoView({ block: "nearest" });
  }
  box.setAttribute("role", "combobox");
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  show(false);
  list.addEventListener("htmx:afterSwap", function () { at = -1; show(document.activeElement === box); });
  box.addEventListener("focus", function () { show(true); });
  box.addEventListener("input", function () { if (!box.value.trim()) { list.textContent = ""; show(false); } });
  box.form.addEventListener("focusout", function (event) { if (!box.form.contains(event.relatedTarget)) { show(false); } });
  list.addEventListener("mousedown", function (event) { event.preventDefault(); }); /* keep the focus until the click */
  box.addEventListener("keydown", function (event) {
    if (event.isComposing) { return; } /* an input method is choosing characters */
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      show(true);
      choose(event.key === "ArrowDown" ? at + 1 : at - 1);
    } else if (event.key === "Enter" && at >= 0 && !list.hidden) {
      event.preventDefault();
      hits()[at].querySelector("a").click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
})();
