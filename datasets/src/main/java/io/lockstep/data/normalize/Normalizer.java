package io.lockstep.data.normalize;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.block.Values;
import java.io.Serializable;
import java.util.Optional;

/**
 * What is done to raw features before they reach the network; belongs to the trained model, since a
 * model is of no use with other preparation. Implementations are immutable.
 */
public sealed interface Normalizer extends Serializable
    permits Normalizer.Identity, Normalizer.PixelScaling, Standardization, Encoding {
  /** Version of the JSON form. */
  int VERSION = 1;

  /**
   * Normalises examples in place.
   *
   * @param values raw features, {@code [count, width]} row-major from {@code offset} on
   * @param width values of one example
   */
  void apply(float[] values, int offset, int count, int width);

  /**
   * Normalises one example, or one time step of it, in double precision, rounded once.
   *
   * <p>values of a column; the {@code count} values from {@code from} on are read to receives them,
   * from {@code at} on
   */
  void apply(Values values, int from, float[] to, int at, int count);

  /** Number of features that it makes of {@code raw} values. */
  default int width(int raw) {
    return raw;
  }

  /** Number of features it was fitted for; empty if it takes any. */
  Optional<Integer> features();

  /** Returns all that {@link #fromJson} needs; without class names. */
  ObjectNode toJson();

  /**
   * Reads what {@link #toJson} returned.
   *
   * @throws InputException if {@code json} is not a normaliser of a known version
   */
  static Normalizer fromJson(JsonNode json) {
    int version = json.path("version").asInt(0);
    if (version != VERSION) {
      throw new InputException(
          "Normaliser of version "
              + json.path("version")
              + ", this Lockstep reads version "
              + VERSION
              + ". Read it with the Lockstep that wrote it, or train again.");
    }
    String kind = json.path("kind").asText();
    if (kind.equals(Identity.KIND)) {
      return new Identity();
    }
    if (kind.equals(PixelScaling.KIND)) {
      return new PixelScaling();
    }
    if (kind.equals(Standardization.KIND)) {
      return Standardization.parse(json);
    }
    if (kind.equals(Encoding.KIND)) {
      return Encoding.parse(json);
    }
    throw new InputException(
        "Unknown normaliser kind "
            + json.path("kind")
            + ": known are none, scale, standardize and columns. The file is damaged or from"
            + " elsewhere.");
  }

  private static ObjectNode header(String kind) {
    return JsonNodeFactory.instance.objectNode().put("kind", kind).put("version", VERSION);
  }

  /** Leaves features as they are. */
  record Identity() implements Normalizer {
    static final String KIND = "none";

    @Override
    public void apply(float[] values, int offset, int count, int width) {}

    @Override
    public void apply(Values values, int from, float[] to, int at, int count) {
      for (int i = 0; i < count; i++) {
        to[at + i] = (float) values.at(from + i);
      }
    }

    @Override
    public Optional<Integer> features() {
      return Optional.empty();
    }

    @Override
    public ObjectNode toJson() {
      return header(KIND);
    }
  }

  /** Divides by 255, so that pixels become [0, 1]. */
  record PixelScaling() implements Normalizer {
    static final String KIND = "scale";

    @Override
    public void apply(float[] values, int offset, int count, int width) {
      int end = offset + count * width;
      for (int i = offset; i < end; i++) {
        values[i] /= 255f;
      }
    }

    @Override
    public void apply(Values values, int from, float[] to, int at, int count) {
      for (int i = 0; i < count; i++) {
        to[at + i] = (float) (values.at(from + i) / 255);
      }
    }

    @Override
    public Optional<Integer> features() {
      return Optional.empty();
    }

    @Override
    public ObjectNode toJson() {
      return header(KIND);
    }
  }
}
