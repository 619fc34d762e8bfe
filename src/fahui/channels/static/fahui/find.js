/* The desk's search box offers what it finds while somebody types (htmx fetches it); arrows choose, Enter opens, Escape closes.
   An empty box offers what this person opened from it last: kept in this tab only, for this person only, gone on signing out.
   Without scripts the box is a form that opens the search page. */
(function () {
  "use strict";
  var box = document.querySelector(".desk-search [data-search]");
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

  var KEPT = 6, key = "fahui:recent:" + box.form.getAttribute("data-reader");
  function recent() {
    try { return JSON.parse(sessionStorage.getItem(key)) || []; } catch (blocked) { return []; }
  }
  function remember(link) {
    var name = link.querySelector("strong");
    if (!name) { return; }
    var one = { name: name.textContent, href: link.getAttribute("href") };
    var held = recent().filter(function (other) { return other.href !== one.href; });
    try { sessionStorage.setItem(key, JSON.stringify([one].concat(held).slice(0, KEPT))); } catch (blocked) { /* nothing to remember */ }
  }
  function offerRecent() {
    var held = recent();
    if (box.value.trim() || !held.length) { return; }
    list.textContent = "";
    var options = document.createElement("div");
    options.setAttribute("role", "listbox");
    options.setAttribute("aria-label", box.form.getAttribute("data-recent"));
    var title = document.createElement("p");
    title.className = "hits-name";
    title.setAttribute("role", "presentation");
    title.textContent = box.form.getAttribute("data-recent");
    options.appendChild(title);
    held.forEach(function (one, n) {
      var hit = document.createElement("a"), name = document.createElement("strong");
      hit.setAttribute("role", "option");
      hit.setAttribute("aria-selected", "false");
      hit.setAttribute("data-hit", "");
      hit.id = "desk-hit-" + (n + 1);
      hit.href = one.href.charAt(0) === "/" ? one.href : "/desk/";
      hit.tabIndex = -1;
      name.textContent = one.name;
      hit.appendChild(name);
      options.appendChild(hit);
    });
    list.appendChild(options);
    at = -1;
  }
  list.addEventListener("click", function (event) {
    var link = event.target.closest("[data-hit]");
    if (link) { remember(link); }
  });
  document.addEventListener("submit", function (event) {
    if (/logout/.test(event.target.getAttribute("action") || "")) { try { sessionStorage.removeItem(key); } catch (blocked) { /* nothing kept */ } }
  });

  list.addEventListener("htmx:afterSwap", function () { at = -1; offerRecent(); show(document.activeElement === box); });
  box.addEventListener("focus", function () { offerRecent(); show(true); });
  box.addEventListener("input", function () { if (!box.value.trim()) { list.textContent = ""; offerRecent(); show(true); } });
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
      hits()[at].click();
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      show(false);
    }
  });
})();
