/**
 * The machinery of configuration: keys, sections and unions of words; YAML with the place of each
 * value; all problems at once.
 *
 * <p>Knows no key of any plan: those stand in {@code io.lockstep.plan}.
 */
package io.lockstep.config;
