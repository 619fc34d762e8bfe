/* Interview pages: questions that depend on others on the same page appear as soon as they are asked. Without this file
   the server shows them on the next round. */
(function () {
  "use strict";
  var mark = document.querySelector("[data-js-mark]");
  if (!mark) { return; }
  mark.value = "1";
  var form = mark.form;
  var boxes = Array.prototype.slice.call(form.querySelectorAll("[data-show-if]"));

  function given(name) {
    var found = Array.prototype.filter.call(form.elements, function (el) { return el.name === name; });
    return found.filter(function (el) {
      var box = el.closest("[data-show-if]");
      if (box && box.hidden) { return false; }
      return !/^(radio|checkbox)$/.test(el.type) || el.checked;
    }).map(function (el) { return el.value; });
  }
  function onPage(name) { return Array.prototype.some.call(form.elements, function (el) { return el.name === name; }); }
  function holds(rule) {
    return Object.keys(rule).every(function (name) {
      if (!onPage(name)) { return true; } /* the server looked at questions of other pages */
      var wanted = rule[name].map(String);
      return given(name).some(function (value) { return wanted.indexOf(value) >= 0; });
    });
  }
  function refresh() {
    boxes.forEach(function (box) { box.hidden = !holds(JSON.parse(box.getAttribute("data-show-if"))); });
  }
  form.addEventListener("change", refresh);
  refresh();
})();
