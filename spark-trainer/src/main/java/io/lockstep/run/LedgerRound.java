package io.lockstep.run;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import com.fasterxml.jackson.databind.util.StdConverter;
import java.io.IOException;
import java.util.List;

/**
 * What was trained in one round: one line of the ledger, written when the round was merged.
 *
 * <p>As JSON: {@code {"round":7,"epoch":0,"shares":[[replica,from,to,"hash"],...]}}.
 *
 * @param round counted from 0 over the whole run
 * @param epoch it belongs to
 * @param shares of the replicas whose contributions were accepted
 */
public record LedgerRound(
    @JsonProperty(required = true) long round,
    @JsonProperty(required = true) int epoch,
    @JsonProperty(required = true) List<Share> shares) {
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
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  public record Share(
      @JsonProperty(required = true) int replica,
      @JsonProperty(required = true) long from,
      @JsonProperty(required = true) long to,
      @JsonProperty(required = true)
          @JsonSerialize(converter = HashToText.class)
          @JsonDeserialize(converter = TextToHash.class)
          long hash) {
    public Share {
      if (replica < 0 || from < 0 || to < from) {
        throw new IllegalArgumentException(
            "No share [%d, %d) of replica %d".formatted(from, to, replica));
      }
    }
  }

  /** Makes 16 hexadecimal digits of a hash. */
  static final class HashToText extends StdConverter<Long, String> {
    @Override
    public String convert(Long hash) {
      return IdHash.text(hash);
    }
  }

  /** Reads 16 hexadecimal digits. */
  static final class TextToHash extends StdConverter<String, Long> {
    @Override
    public Long convert(String text) {
      return IdHash.parse(text);
    }
  }

  JsonNode toJson() {
    return Json.tree(this);
  }

  /** Reads what {@link #toJson} made. */
  static LedgerRound fromJson(JsonNode line) throws IOException {
    try {
      return Json.parse(line, LedgerRound.class);
    } catch (JsonProcessingException e) {
      throw new IOException("The ledger has a damaged line: " + line, e);
    }
  }
}
