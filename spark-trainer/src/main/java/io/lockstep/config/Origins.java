package io.lockstep.config;

import io.lockstep.data.InputException;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where each value of a plan came from: {@code plan.yaml:12}, {@code command line} or {@code
 * default}.
 *
 * @param byPath origin of each value by its path, such as {@code model.layers.2.dense.units}
 */
public record Origins(Map<String, String> byPath) {
  /** Of a plan made by a program. */
  public static final Origins NONE = new Origins(Map.of());

  private static final Pattern PATH = Pattern.compile("\\w+(\\.\\w+)+(?=[: ])");

  public Origins {
    byPath = Map.copyOf(byPath);
  }

  /** Where the value at {@code path} came from, if it was read and not made by a program. */
  public Optional<String> of(String path) {
    return Optional.ofNullable(byPath.get(path));
  }

  /**
   * That the value at {@code path} is wrong, with the line where it stands; where it is left out,
   * with that of the section that it belongs to.
   *
   * @param message goes on after the path
   */
  public InputException problem(String path, String message) {
    return new InputException(named(path) + " " + message);
  }

  /** A path with the line where it stands, as messages begin: {@code plan.yaml:12: data.train}. */
  public String named(String path) {
    return place(path) + path;
  }

  private String place(String path) {
    String origin = byPath.getOrDefault(path, Yaml.DEFAULT);
    if (!origin.equals(Yaml.DEFAULT)) {
      return origin + ": ";
    }
    int dot = path.lastIndexOf('.');
    return dot < 0 ? "" : place(path.substring(0, dot));
  }

  /**
   * What is wrong, with the line of the value that its message begins with, if it begins with the
   * path of one that was read.
   */
  public InputException located(InputException problem) {
    Matcher path = PATH.matcher(problem.getMessage());
    if (!path.lookingAt() || !byPath.containsKey(path.group())) {
      return problem;
    }
    String place = place(path.group());
    return place.isEmpty() ? problem : new InputException(place + problem.getMessage(), problem);
  }

  public String orEmpty(String path) {
    return byPath.getOrDefault(path, "");
  }
}
