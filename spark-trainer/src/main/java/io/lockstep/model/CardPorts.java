package io.lockstep.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.lockstep.data.InputException;
import io.lockstep.data.Labels;
import io.lockstep.data.block.ElementType;
import io.lockstep.data.block.Field;
import io.lockstep.data.exchange.Preparation;
import io.lockstep.data.normalize.Normalizer;
import io.lockstep.data.normalize.Standardization;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * Several inputs and outputs in a {@link ModelCard}: of each input name, type, shape and
 * normaliser; of each output name, task, names of its classes or numbers, and what was done to
 * these numbers.
 *
 * @param input what the network is given
 * @param labels it was taught
 * @param preparation of both
 */
record CardPorts(NetworkInput input, Labels labels, Preparation preparation) {
  static void write(ModelCard card, ObjectNode json) {
    int number = 0;
    for (Field field : card.input().inputs()) {
      ObjectNode each = json.withArray("inputs").addObject().put("name", field.name());
      each.put("type", field.type().name().toLowerCase(Locale.ROOT));
      field.shape().forEach(each.putArray("shape")::add);
      each.put("sequence", field.sequence());
      each.set("normalizer", card.preparation().input(number++).toJson());
    }
    List<Labels> labels = card.labels().each();
    for (int output = 0; output < labels.size(); output++) {
      Labels own = labels.get(output);
      String name = card.labels() instanceof Labels.Several all ? all.names().get(output) : "";
      ObjectNode each = json.withArray("outputs").addObject().put("name", name);
      each.put("task", own instanceof Labels.Classes ? "classes" : "targets");
      own.names().forEach(each.putArray("labels")::add);
      each.put("perStep", card.input().perStep().get(output));
      card.preparation().targets(output).ifPresent(it -> each.set("targets", it.toJson()));
    }
  }

  static CardPorts read(JsonNode json, String file) {
    try {
      List<Field> inputs = new ArrayList<>();
      List<Normalizer> given = new ArrayList<>();
      for (JsonNode each : json.path("inputs")) {
        List<Integer> shape = new ArrayList<>();
        each.path("shape").forEach(size -> shape.add(size.asInt()));
        ElementType type = ElementType.valueOf(each.path("type").asText().toUpperCase(Locale.ROOT));
        inputs.add(
            new Field(each.path("name").asText(), type, shape, each.path("sequence").asBoolean()));
        given.add(Normalizer.fromJson(each.path("normalizer")));
      }
      List<String> names = new ArrayList<>();
      List<Labels> labels = new ArrayList<>();
      List<Boolean> perStep = new ArrayList<>();
      List<Normalizer> wanted = new ArrayList<>();
      for (JsonNode each : json.path("outputs")) {
        List<String> own = ModelCard.texts(each.path("labels"));
        boolean classes = each.path("task").asText().equals("classes");
        names.add(each.path("name").asText());
        labels.add(classes ? new Labels.Classes(own) : new Labels.Targets(own));
        perStep.add(each.path("perStep").asBoolean());
        wanted.add(targets(each, own.size()));
      }
      Labels all =
          labels.size() == 1 && names.get(0).isEmpty()
              ? labels.get(0)
              : new Labels.Several(names, labels);
      return new CardPorts(
          new NetworkInput(inputs, OptionalInt.empty(), perStep),
          all,
          new Preparation.Numbers(given, wanted));
    } catch (IllegalArgumentException e) {
      throw new InputException(file + " holds a damaged card: " + e.getMessage(), e);
    }
  }

  private static Normalizer targets(JsonNode json, int width) {
    if (!json.has("targets")) {
      return new Normalizer.Identity();
    }
    if (Normalizer.fromJson(json.path("targets")) instanceof Standardization it
        && it.features().orElse(0) == width) {
      return it;
    }
    throw new IllegalArgumentException("its targets are not standardised as its labels are");
  }
}
