/**
 * Text as tokens: how a string is standardised and cut, which tokens there are, and their numbers.
 *
 * <p>Plain functions of strings and of their UTF-8 bytes. Must not come here: files, sources, and
 * who owns which example.
 */
package io.lockstep.data.text;
