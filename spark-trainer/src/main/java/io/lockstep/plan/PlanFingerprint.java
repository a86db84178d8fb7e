package io.lockstep.plan;

import io.lockstep.data.file.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/**
 * What of a plan decides the result, as a hash and as differences in words.
 *
 * <p>All but the name and the {@code run} section, which only say where and how it executes, and
 * the task, of which nothing is left to decide once loss and layers are there.
 */
public final class PlanFingerprint {
  /** First line of what is hashed; a new number when the meaning of any key changes. */
  private static final String VERSION = "lockstep plan 2\n";

  private PlanFingerprint() {}

  /** SHA-256 over the values that decide the result, in hexadecimal. */
  public static String of(Plan plan) {
    StringBuilder text = new StringBuilder(VERSION);
    deciding(plan)
        .forEach(
            (path, value) ->
                text.append(path).append('=').append(value.replace("\n", "\n ")).append('\n'));
    return Sha256.hex(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Names the keys that decide the result and differ: {@code training.replicas: 2, now 4}.
   *
   * @return empty if and only if the fingerprints are equal
   */
  public static List<String> differences(Plan before, Plan now) {
    Map<String, String> old = deciding(before);
    Map<String, String> fresh = deciding(now);
    TreeSet<String> paths = new TreeSet<>(old.keySet());
    paths.addAll(fresh.keySet());
    List<String> differences = new ArrayList<>();
    for (String path : paths) {
      String a = old.get(path);
      String b = fresh.get(path);
      if (a == null || !a.equals(b)) {
        differences.add(path + ": " + shown(a) + ", now " + shown(b));
      }
    }
    return differences;
  }

  private static String shown(String value) {
    if (value == null) {
      return "absent";
    }
    return value.length() <= 80 ? value : value.substring(0, 80) + "...";
  }

  private static Map<String, String> deciding(Plan plan) {
    Map<String, String> values = PlanText.values(plan);
    values.keySet().removeIf(path -> path.equals("name") || path.startsWith("run."));
    if (values.containsKey("model.loss")) {
      values.remove("model.task");
    }
    return values;
  }
}
