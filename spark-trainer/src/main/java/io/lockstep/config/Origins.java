package io.lockstep.config;

import java.util.Map;
import java.util.Optional;

/**
 * Where each value of a plan came from: {@code plan.yaml:12}, {@code command line} or {@code
 * default}.
 *
 * @param byPath origin of each value by its path, such as {@code model.layers.2.dense.units}
 */
public record Origins(Map<String, String> byPath) {
  /** Of a plan made by a program. */
  public static final Origins NONE = new Origins(Map.of());

  public Origins {
    byPath = Map.copyOf(byPath);
  }

  /** Where the value at {@code path} came from, if it was read and not made by a program. */
  public Optional<String> of(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  public String orEmpty(String path) {
    return byPath.getOrDefault(path, "");
  }
}
