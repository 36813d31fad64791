/* A page under `schemebook serve` asks what has changed, and is read again when something has. */
(() => {
  "use strict";
  const seen = document.currentScript.dataset.seen;
  const ask = async () => {
    try {
      const answer = await fetch(`/-/state?seen=${seen}`);
      if ((await answer.text()) !== seen) return location.reload();
    } catch {
      await new Promise((done) => setTimeout(done, 1000)); /* the server is being started again */
    }
    return ask();
  };
  addEventListener("load", ask);
})();
