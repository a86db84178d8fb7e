package io.lockstep.cli;

import io.lockstep.app.Built;
import picocli.CommandLine.IVersionProvider;

/** What {@code lockstep --version} prints: the build and the libraries it was built against. */
final class Version implements IVersionProvider {
  @Override
  public String[] getVersion() {
    Built built = Built.read();
    return new String[] {
      "lockstep " + built.lockstep(),
      "Spark %s, Scala %s, Deeplearning4j %s, natives %s"
          .formatted(built.spark(), built.scala(), built.dl4j(), built.natives()),
      "Java %s, %s %s"
          .formatted(
              System.getProperty("java.version"),
              System.getProperty("os.name"),
              System.getProperty("os.arch")),
    };
  }
}
