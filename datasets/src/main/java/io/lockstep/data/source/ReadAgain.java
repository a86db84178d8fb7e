package io.lockstep.data.source;

/**
 * The layout did not suit the data, so its blocks are of no use: it has to be read by another one.
 *
 * @param layout to be read instead
 * @param why a sentence for the user
 */
public record ReadAgain(SourceLayout layout, String why) implements Settlement {}
