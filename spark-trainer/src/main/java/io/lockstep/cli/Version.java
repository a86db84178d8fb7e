package io.lockstep.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** What {@code lockstep --version} prints: the build and the libraries it was built against. */
final class Version implements IVersionProvider {
  private static final String RESOURCE = "version.properties";

  @Override
  public String[] getVersion() {
    Properties built = read();
    return new String[] {
      "lockstep " + built.getProperty("lockstep"),
      "Spark %s, Scala %s, Deeplearning4j %s, natives %s"
          .formatted(
              built.getProperty("spark"),
              built.getProperty("scala"),
              built.getProperty("dl4j"),
              built.getProperty("natives")),
      "Java %s, %s %s"
          .formatted(
              System.getProperty("java.version"),
              System.getProperty("os.name"),
              System.getProperty("os.arch")),
    };
  }

  private static Properties read() {
    try (InputStream in = Version.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from this build");
      }
      Properties properties = new Properties();
      properties.load(in);
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
