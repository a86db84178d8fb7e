package io.lockstep.data.source;

/**
 * A record that was left out, to be set aside.
 *
 * @param place of it within its split
 * @param text of it, as it stands in the file; empty if it has none
 */
public record SkippedRecord(SkippedRecords.Place place, String text) {}
