package io.lockstep.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.Normalizer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * What must be known to use a trained network, kept beside it in its file.
 *
 * @param plan fingerprint of the plan it was trained by
 * @param lockstep version that trained it
 * @param shape of one example's features, such as {@code [1, 28, 28]}
 * @param labels it was taught, with the names of classes or targets
 * @param normalizer of its features
 */
public record ModelCard(
    String plan, String lockstep, List<Integer> shape, Labels labels, Normalizer normalizer) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String FORMAT = "lockstep-model";
  private static final int VERSION = 1;

  public ModelCard {
    shape = List.copyOf(shape);
  }

  byte[] encode() throws IOException {
    ObjectNode json = JSON.createObjectNode().put("format", FORMAT).put("version", VERSION);
    json.put("lockstep", lockstep).put("plan", plan);
    shape.forEach(json.putArray("shape")::add);
    json.put("task", labels instanceof Labels.Classes ? "classes" : "targets");
    labels.names().forEach(json.putArray("labels")::add);
    json.set("normalizer", normalizer.toJson());
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(json);
  }

  static ModelCard decode(byte[] bytes, String file) throws IOException {
    JsonNode json = JSON.readTree(bytes);
    if (!json.path("format").asText().equals(FORMAT) || json.path("version").asInt() != VERSION) {
      throw new InputException(
          file + " holds a card of another format than " + FORMAT + " " + VERSION);
    }
    List<Integer> shape = new ArrayList<>();
    json.path("shape").forEach(size -> shape.add(size.asInt()));
    List<String> names = new ArrayList<>();
    json.path("labels").forEach(name -> names.add(name.asText()));
    if (shape.isEmpty() || names.isEmpty() || shape.stream().anyMatch(size -> size < 1)) {
      throw new InputException(file + " holds a damaged card: no shape or no labels");
    }
    boolean classes = json.path("task").asText().equals("classes");
    return new ModelCard(
        json.path("plan").asText(),
        json.path("lockstep").asText(),
        shape,
        classes ? new Labels.Classes(names) : new Labels.Targets(names),
        Normalizer.fromJson(json.path("normalizer")));
  }
}
