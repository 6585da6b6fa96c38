/** A process that does nothing but watch its own event loop: what of a delay is the machine's. Any message asks. */
import { watchLoop } from './loop-delay.mjs';

let stop = watchLoop();
process.on('message', () => {
  process.send(stop());
  stop = watchLoop();
});
process.on('disconnect', () => process.exit(0));
