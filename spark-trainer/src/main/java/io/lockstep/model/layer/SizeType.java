package io.lockstep.model.layer;

import io.lockstep.config.Origins;
import io.lockstep.config.Reading;
import io.lockstep.config.Type;
import io.lockstep.config.Types;
import io.lockstep.config.Yaml;
import java.util.List;
import java.util.Optional;

/**
 * A height and a width: {@code 5}, or {@code [5, 3]}.
 *
 * @param min smallest
 * @param max largest
 */
record SizeType(int min, int max) implements Type<Size> {
  @Override
  public String describe() {
    return "integer or [height, width], from " + min + " to " + max;
  }

  @Override
  public Optional<Size> read(Yaml yaml, String path, Reading reading) {
    reading.origin(path, yaml);
    Type<Integer> side = Types.integer(min, max);
    if (yaml instanceof Yaml.Sequence sequence) {
      List<Yaml> items = sequence.items();
      if (items.size() != 2) {
        reading.problem(path, yaml, "must be one number or two, but has " + items.size());
        return Optional.empty();
      }
      Optional<Integer> height = side.read(items.get(0), path + ".0", reading);
      Optional<Integer> width = side.read(items.get(1), path + ".1", reading);
      return height.isPresent() && width.isPresent()
          ? Optional.of(new Size(height.get(), width.get()))
          : Optional.empty();
    }
    return side.read(yaml, path, reading).map(n -> new Size(n, n));
  }

  @Override
  public Yaml write(Size value, String path, Origins origins) {
    Type<Integer> side = Types.integer(min, max);
    if (value.height() == value.width()) {
      return side.write(value.height(), path, origins);
    }
    return new Yaml.Sequence(
        List.of(
            side.write(value.height(), path + ".0", origins),
            side.write(value.width(), path + ".1", origins)),
        origins.orEmpty(path));
  }
}
