/**
 * The command line: {@link io.lockstep.cli.Main} and one class per sub-command.
 *
 * <p>A command parses its arguments, calls one thing and prints what came of it; it decides nothing
 * about training. Exit codes are part of the contract: 0 done, 1 the run failed, 2 the user's input
 * is wrong.
 */
package io.lockstep.cli;
