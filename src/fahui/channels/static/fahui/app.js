/* Small comforts. Every page works without this file; nothing here holds state that a form does not also hold. */
(function () {
  "use strict";
  var root = document.documentElement;
  var english = root.lang === "en";
  var say = function (zh, en) { return english ? en : zh; };
  root.setAttribute("data-js", "");

  function on(type, handler) { document.addEventListener(type, handler); }
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function typing(target) { return /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || target.isContentEditable; }

  /* Search: Ctrl K or / puts the cursor in the search box. */
  function focusSearch() {
    var box = document.querySelector("[data-search]");
    if (box) { box.focus(); box.select(); }
    return !!box;
  }

  /* Tabs in one line: the present one comes into sight. */
  all(".tabs [aria-current]").forEach(function (tab) {
    var line = tab.closest(".tabs");
    line.scrollLeft = tab.offsetLeft - (line.clientWidth - tab.offsetWidth) / 2;
  });

  /* Rows: j and k move, Enter opens. Focus itself moves, so the screen reader follows. */
  function moveRow(step) {
    var links = all("[data-rows] [data-row-link]");
    if (!links.length) { return; }
    var at = -1;
    var row = document.activeElement && document.activeElement.closest("[data-rows] tbody tr");
    if (row) { at = links.findIndex(function (link) { return row.contains(link); }); }
    var next = links[Math.min(Math.max(at + step, 0), links.length - 1)];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  /* Quick exit: leave, and leave no way back to this page. */
  function leave(url) {
    document.body.hidden = true;
    document.title = "";
    try { history.replaceState(null, "", "/"); } catch (ignored) { /* leaving matters more */ }
    try { sessionStorage.setItem("left", "1"); } catch (blocked) { /* leaving matters more */ }
    location.replace(url);
  }

  /* Whoever left is shown no page from before on the way back: a browser would show it with all that was typed. */
  function forget(shown) {
    var came = performance.getEntriesByType("navigation")[0];
    try { if (!sessionStorage.getItem("left")) { return; } } catch (blocked) { return; }
    if (!(shown && shown.persisted) && !(came && came.type === "back_forward")) { return; }
    document.body.hidden = true;
    all("form").forEach(function (form) { form.reset(); });
    location.replace("/?");
  }
  forget();
  window.addEventListener("pageshow", forget);

  var lastEscape = 0;
  on("keydown", function (event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      if (focusSearch()) { event.preventDefault(); }
      return;
    }
    if (event.key === "Escape") {
      var exit = document.querySelector("a[data-quick-exit]");
      if (exit && Date.now() - lastEscape < 800) { leave(exit.href); }
      lastEscape = Date.now();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || document.querySelector("dialog[open]")) { return; }
    if (event.key === "/" && focusSearch()) { event.preventDefault(); }
    if (event.key === "j") { moveRow(1); }
    if (event.key === "k") { moveRow(-1); }
  });

  /* Clicks: quick exit, dialogs, copying. */
  on("click", function (event) {
    var target = event.target.closest("a[data-quick-exit], [data-dialog], [data-close], [data-copy], [data-print], button[data-confirm]");
    if (!target) { return; }
    if (target.hasAttribute("data-quick-exit")) { event.preventDefault(); leave(target.href); return; }
    if (target.hasAttribute("data-dialog")) {
      var dialog = document.getElementById(target.getAttribute("data-dialog"));
      if (dialog && dialog.showModal) { event.preventDefault(); dialog.showModal(); }
      return;
    }
    if (target.hasAttribute("data-close")) { target.closest("dialog").close(); return; }
    if (target.hasAttribute("data-confirm") && !window.confirm(target.getAttribute("data-confirm"))) {
      event.preventDefault();
      return;
    }
    if (target.hasAttribute("data-print")) { window.print(); return; }
    if (target.hasAttribute("data-copy")) { copy(target); }
  });

  function copy(button) {
    var source = document.getElementById(button.getAttribute("data-copy"));
    var words = button.querySelector("[aria-live]") || button;
    var before = words.textContent;
    function told(text) {
      words.textContent = text;
      setTimeout(function () { words.textContent = before; }, 2500);
    }
    function byHand() {
      getSelection().selectAllChildren(source);
      told(document.execCommand("copy") ? button.getAttribute("data-done") : say("请长按编号复制", "Press and hold to copy"));
    }
    if (!navigator.clipboard) { byHand(); return; }
    navigator.clipboard.writeText(source.textContent.trim()).then(function () { told(button.getAttribute("data-done")); }, byHand);
  }

  /* Forms: confirmation, unsaved guard, autosave. */
  var changed = new Set();
  on("submit", function (event) {
    var form = event.target;
    var question = form.getAttribute("data-confirm");
    if (question && !window.confirm(question)) { event.preventDefault(); return; }
    var button = event.submitter || document.activeElement;
    if (button && button.form === form && savedFirst(event, form, function () { button.click(); })) { return; }
    changed.delete(form);
  });
  on("click", function (event) {
    var link = event.target.closest && event.target.closest("a[href]");
    if (!link || link.target || event.button || event.ctrlKey || event.metaKey || event.shiftKey || /^(#|tel:)/.test(link.getAttribute("href"))) { return; }
    if (link.hasAttribute("data-quick-exit")) { return; }
    savedFirst(event, null, function () { location.href = link.href; });
  });
  /* Whoever switches the language or goes a page back keeps what was typed just now: it is saved, then they go. */
  function savedFirst(event, leaving, go) {
    var waiting = Array.from(changed).filter(function (form) { return form !== leaving && form.hasAttribute("data-autosave"); });
    if (!waiting.length) { return false; }
    event.preventDefault();
    waiting.forEach(function (form) { clearTimeout(form.saveTimer); });
    Promise.all(waiting.map(save)).then(function () { waiting.forEach(function (form) { changed.delete(form); }); go(); });
    return true;
  }
  on("input", function (event) {
    var form = event.target.form;
    if (!form) { return; }
    if (form.hasAttribute("data-guard") || form.hasAttribute("data-autosave")) { changed.add(form); }
    if (form.hasAttribute("data-autosave")) {
      clearTimeout(form.saveTimer);
      form.saveTimer = setTimeout(function () { save(form); }, 1200);
    }
  });
  window.addEventListener("beforeunload", function (event) {
    if (changed.size) { event.preventDefault(); event.returnValue = ""; }
  });

  /* form[data-autosave][data-url]: POSTs the fields (files wait for the real submit) and says so in [data-autosave-status]. */
  function save(form) {
    var status = form.querySelector("[data-autosave-status]");
    var tell = function (text) { if (status) { status.textContent = text; } };
    var body = new FormData(form);
    all("input[type=file]", form).forEach(function (input) { body.delete(input.name); });
    var turn = (form.saveTurn = (form.saveTurn || 0) + 1);
    tell(say("正在保存…", "Saving…"));
    return fetch(form.getAttribute("data-url"), {
      method: "POST", body: body, credentials: "same-origin", headers: { "X-Requested-With": "fetch" }
    }).then(function (response) {
      if (!response.ok) { throw new Error(String(response.status)); }
      if (turn !== form.saveTurn) { return; }
      changed.delete(form);
      var time = new Date().toLocaleTimeString(english ? "en-GB" : "zh-CN", { hour: "2-digit", minute: "2-digit" });
      tell(say("已自动保存 ", "Saved ") + time);
    }).catch(function () {
      if (turn !== form.saveTurn) { return; }
      tell(say("没存上，网络恢复后会再试。您填的还在。", "Not saved yet. Your answers are still here; we will try again."));
      clearTimeout(form.saveTimer);
      form.saveTimer = setTimeout(function () { save(form); }, 15000);
    });
  }

  /* Chosen files: names and sizes, read out. */
  on("change", function (event) {
    var input = event.target;
    if (!input.hasAttribute || !input.hasAttribute("data-file-names")) { return; }
    var box = input.closest(".file-input");
    var list = box.querySelector(".file-names");
    if (!list) {
      list = document.createElement("ul");
      list.className = "file-names";
      list.setAttribute("aria-live", "polite");
      box.appendChild(list);
    }
    list.textContent = "";
    Array.prototype.forEach.call(input.files, function (file) {
      var item = document.createElement("li");
      item.textContent = file.name + "（" + Math.max(1, Math.round(file.size / 1024)) + " KB）";
      list.appendChild(item);
    });
  });

  /* Clocks: the same words as the clock_text filter, kept fresh while the page stays open. */
  function span(minutes) {
    var days = Math.floor(minutes / 1440), hours = Math.floor(minutes / 60) % 24;
    if (days && hours) { return say(days + " 天 " + hours + " 时", days + " d " + hours + " h"); }
    if (days) { return say(days + " 天", days + " d"); }
    if (hours) { return say(hours + " 时", hours + " h"); }
    return say(Math.max(minutes, 1) + " 分", Math.max(minutes, 1) + " min");
  }
  /* The server's words stand until a minute has passed on this page; its clock, not this machine's, is the truth. */
  var opened = Date.now();
  var served = Number(root.getAttribute("data-now")) || opened;
  function refreshClocks() {
    all("[data-clock]").forEach(function (node) {
      var left = Date.parse(node.getAttribute("datetime")) - served - (Date.now() - opened);
      var late = left <= 0;
      var words = span(Math.floor(Math.abs(left) / 60000));
      var warn = left <= Number(node.getAttribute("data-warn-hours") || 24) * 3600000;
      var chip = node.closest(".clock");
      node.textContent = late ? say("已超 " + words, words + " overdue") : say("还剩 " + words, words + " left");
      chip.classList.remove("clock-ok", "clock-warn", "clock-late");
      chip.classList.add("clock-" + (late ? "late" : warn ? "warn" : "ok"));
    });
  }
  setInterval(refreshClocks, 60000);

  /* Errors come first: after a refused form, the summary has the focus. */
  var summary = document.querySelector("main [data-focus]");
  if (summary) { summary.focus(); }

  /* htmx swaps: a swapped-in error summary gets the focus too. */
  on("htmx:afterSwap", function (event) {
    var fresh = event.target.querySelector && event.target.querySelector("[data-focus]");
    if (fresh) { fresh.focus(); }
  });

  /* The browser focuses with its next picture; a key pressed sooner would be lost. */
  var first = document.querySelector("[autofocus]");
  if (first && document.activeElement === document.body) { first.focus(); }

  /* From here on keys and clicks are heard: this script comes after those of the single pages. */
  root.setAttribute("data-ready", "");
})();
