/** How the next token of a text is chosen from probabilities; plain Java over arrays. */
package io.lockstep.generate;
