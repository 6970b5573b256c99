// The address of a page holds its state, for links and for the way back.

//: Milliseconds between two writings: browsers allow some hundred in half a minute.
const RARELY = 300;
let written = -RARELY,
  due = 0;

/** Put a text into the address now if the last time is long ago, else soon; `then` comes after. */
function keepAddress(text, then = () => {}) {
  clearTimeout(due);
  const write = () => {
    written = performance.now();
    delete document.body.dataset.address;
    history.replaceState(null, "", text());
    then();
  };
  const wait = written + RARELY - performance.now();
  if (wait <= 0) return write();
  document.body.dataset.address = "late";
  due = setTimeout(write, wait);
}
