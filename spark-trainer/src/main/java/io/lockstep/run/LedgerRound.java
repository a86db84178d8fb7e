package io.lockstep.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What was trained in one round: one line of the ledger, written when the round was merged.
 *
 * @param round counted from 0 over the whole run
 * @param epoch it belongs to
 * @param shares of the replicas whose contributions were accepted
 */
public record LedgerRound(long round, int epoch, List<Share> shares) {
  public LedgerRound {
    shares = List.copyOf(shares);
    if (round < 0 || epoch < 0) {
      throw new IllegalArgumentException("No round %d of epoch %d".formatted(round, epoch));
    }
  }

  /**
   * The examples of one accepted contribution: a range of positions in the replica's order of the
   * epoch.
   *
   * @param replica that trained them
   * @param from first position
   * @param to position after the last; equal to {@code from} if the replica had none left
   * @param hash of the ids that were trained, in their order; see {@link IdHash}
   */
  public record Share(int replica, int from, int to, long hash) {
    public Share {
      if (replica < 0 || from < 0 || to < from) {
        throw new IllegalArgumentException(
            "No share [%d, %d) of replica %d".formatted(from, to, replica));
      }
    }
  }

  /** {@code {"round":7,"epoch":0,"shares":[[replica,from,to,"hash"],...]}}. */
  ObjectNode toJson() {
    ObjectNode line = JsonNodeFactory.instance.objectNode().put("round", round).put("epoch", epoch);
    ArrayNode array = line.putArray("shares");
    for (Share share : shares) {
      array
          .addArray()
          .add(share.replica)
          .add(share.from)
          .add(share.to)
          .add(IdHash.text(share.hash));
    }
    return line;
  }

  /** Reads what {@link #toJson} made. */
  static LedgerRound fromJson(JsonNode line) throws IOException {
    try {
      var shares = new ArrayList<Share>();
      for (JsonNode share : line.required("shares")) {
        shares.add(
            new Share(
                share.required(0).intValue(),
                share.required(1).intValue(),
                share.required(2).intValue(),
                IdHash.parse(share.required(3).textValue())));
      }
      return new LedgerRound(
          line.required("round").longValue(), line.required("epoch").intValue(), shares);
    } catch (IllegalArgumentException e) {
      throw new IOException("The ledger has a damaged line: " + line, e);
    }
  }
}
