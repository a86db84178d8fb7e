package io.lockstep.run;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * The run from whose last state another one begins.
 *
 * @param run its directory, as the user named it
 * @param checkpoint name of that state
 * @param plan fingerprint of its plan
 * @param round rounds that it had merged
 * @param step optimizer steps that it had taken; the new run counts on from there
 */
public record Predecessor(
    @JsonProperty(required = true) String run,
    @JsonProperty(required = true) String checkpoint,
    @JsonProperty(required = true) String plan,
    long round,
    long step) {}
