package io.lockstep.plan;

import io.lockstep.config.Origins;
import io.lockstep.config.Reading;
import io.lockstep.config.Section;
import io.lockstep.config.Type;
import io.lockstep.config.Yaml;
import java.util.Optional;

/**
 * The {@code model} section: its keys depend on whether there is a {@code dl4j} among them.
 *
 * @param layered layer by layer
 * @param file under the key {@code dl4j}
 */
record ModelType(Section<ModelPlan.Layered> layered, Section<ModelPlan.Dl4j> file)
    implements Type<ModelPlan> {
  private static final String DL4J = "dl4j";

  @Override
  public String describe() {
    return "section";
  }

  @Override
  public Optional<ModelPlan> read(Yaml yaml, String path, Reading reading) {
    if (!(yaml instanceof Yaml.Mapping mapping) || !mapping.entries().containsKey(DL4J)) {
      return layered.read(yaml, path, reading).map(model -> model);
    }
    reading.origin(path, yaml);
    mapping
        .entries()
        .forEach(
            (name, entry) -> {
              if (!name.equals(DL4J)) {
                reading.problem(
                    entry.keyOrigin(),
                    Section.inside(path, name)
                        + " cannot stand beside dl4j, whose file says everything of the model");
              }
            });
    Yaml body = mapping.entries().get(DL4J).value();
    return file.read(body, Section.inside(path, DL4J), reading).map(model -> model);
  }

  @Override
  public Yaml write(ModelPlan value, String path, Origins origins) {
    if (value instanceof ModelPlan.Layered layers) {
      return layered.write(layers, path, origins);
    }
    Yaml body = file.write((ModelPlan.Dl4j) value, Section.inside(path, DL4J), origins);
    String origin = origins.orEmpty(path);
    return new Yaml.Mapping(java.util.Map.of(DL4J, new Yaml.Entry(origin, body)), origin);
  }
}
