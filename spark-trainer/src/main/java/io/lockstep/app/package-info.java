/**
 * The use-cases as a Java API: train a plan, evaluate a model, verify exactness.
 *
 * <p>What the command line, a test, a notebook and a user's program all call. Start at {@link
 * io.lockstep.app.Training}. Nothing here prints; who wants to show something gives a {@link
 * io.lockstep.app.TrainingListener}. Errors of the user's input are {@link
 * io.lockstep.data.InputException}s; {@link io.lockstep.app.Failure} says any failure in one
 * sentence. Must not come here: arguments, terminals, exit codes.
 */
package io.lockstep.app;
