package io.lockstep.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/**
 * What makes a checkpoint, or a best model, visible: a file written after its state.
 *
 * @param events how far the events were; none for a best model
 * @param ledger how far the ledger was; none for a best model
 * @param best name of the best model that belongs to it, null if there is none
 * @param format {@value #FORMAT}
 * @param version of the layout of manifest and logs; 1, which has one segment a session and no
 *     provenance, is still read
 * @param plan fingerprint
 * @param round to come
 * @param epoch of that round
 * @param bytes of the state
 * @param sha256 of the state
 * @param provenance of what was trained up to it, null if it is not known
 */
@JsonInclude(Include.NON_NULL)
record Manifest(
    @JsonInclude(Include.NON_EMPTY) List<LogSegment> events,
    @JsonInclude(Include.NON_EMPTY) List<LogSegment> ledger,
    String best,
    @JsonProperty(required = true) String format,
    @JsonProperty(required = true) int version,
    @JsonProperty(required = true) String plan,
    @JsonProperty(required = true) long round,
    int epoch,
    @JsonProperty(required = true) long bytes,
    @JsonProperty(required = true) String sha256,
    Provenance provenance) {
  static final String FORMAT = "lockstep-checkpoint";
  static final int VERSION = 2;

  Manifest {
    events = events == null ? List.of() : List.copyOf(events);
    ledger = ledger == null ? List.of() : List.copyOf(ledger);
    if (format == null || plan == null || sha256 == null) {
      throw new IllegalArgumentException("format, plan or sha256 is null");
    }
  }

  CheckpointStore.Logs logs() {
    return new CheckpointStore.Logs(events, ledger);
  }
}
