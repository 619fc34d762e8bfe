/* A choice goes on at once, so that an agent presses one key a question. The page works without: there is a button. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-check]");
  if (!form) { return; }
  function go() { if (form.requestSubmit) { form.requestSubmit(); } else { form.submit(); } }
  var now = form.querySelector(".check-now");
  if (now && now.getBoundingClientRect().bottom > window.innerHeight) { now.scrollIntoView({ block: "end" }); }
  form.addEventListener("change", function (event) {
    var input = event.target;
    if (input.type === "radio" || input.type === "checkbox") {
      go();
    } else if (input.type === "date" && /^\d{4}-\d{2}-\d{2}$/.test(input.value) && input.value > "1950") {
      var unknown = form.querySelector('[name="unknown"][value="' + input.name.slice(2) + '"]');
      if (unknown) { unknown.checked = false; }
    }
  });
})();
