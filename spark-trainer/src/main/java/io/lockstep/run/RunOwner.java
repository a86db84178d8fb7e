package io.lockstep.run;

/**
 * The process that has a run directory, as far as it can be seen from here.
 *
 * @param who its number, user, host and since when
 * @param mayLive whether it may be at work; false if it certainly is not
 */
public record RunOwner(String who, boolean mayLive) {}
