/**
 * Texts: columns of tables, a file or a folder for each class, running text in windows.
 *
 * <p>They stay text until the vocabulary is known; tokens are {@code data.text}.
 */
package io.lockstep.data.source.text;
