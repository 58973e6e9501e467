// Loaded before anything is painted, so that nobody sees the other theme flash. A file of its own because the content
// security policy allows no inline script.
(function () {
  var root = document.documentElement;
  try {
    var theme = localStorage.getItem('ricochet.theme');
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
    var language = localStorage.getItem('ricochet.language');
    if (language) root.lang = language;
  } catch {
    // Storage is closed to us: the system's theme it is.
  }
})();
