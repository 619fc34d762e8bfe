// The position is asked for only on the resident's own tap, goes with this one form by POST, and is kept nowhere.
(function () {
  "use strict";
  var form = document.querySelector("[data-near]");
  var button = form && form.querySelector("[data-locate]");
  if (!button) return;
  var told = form.querySelector("[data-locate-told]");
  if (!navigator.geolocation) {
    button.hidden = true;
    return;
  }
  button.addEventListener("click", function () {
    told.textContent = told.getAttribute("data-asking");
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      function (found) {
        form.elements.longitude.value = found.coords.longitude.toFixed(4);
        form.elements.latitude.value = found.coords.latitude.toFixed(4);
        form.submit();
      },
      function () {
        button.disabled = false;
        told.textContent = told.getAttribute("data-denied");
      },
      { maximumAge: 60000, timeout: 15000 }
    );
  });
  // Back from the results: the position is not sent again by itself.
  window.addEventListener("pageshow", function () {
    form.elements.longitude.value = form.elements.latitude.value = "";
    button.disabled = false;
  });
})();
