package io.lockstep.app;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/**
 * What this jar was built as, and for.
 *
 * @param lockstep its version
 * @param spark version of the Spark that it was compiled against
 * @param scala that Spark's Scala, such as {@code 2.13}
 * @param dl4j version of Deeplearning4j in it
 * @param natives classifier of the natives in it
 */
public record Built(String lockstep, String spark, String scala, String dl4j, String natives) {
  private static final String RESOURCE = "built.properties";

  /** As the build wrote it down. */
  public static Built read() {
    try (InputStream in = Built.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from this build");
      }
      Properties built = new Properties();
      built.load(in);
      return new Built(
          built.getProperty("lockstep"),
          built.getProperty("spark"),
          built.getProperty("scala"),
          built.getProperty("dl4j"),
          built.getProperty("natives"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
