package io.lockstep.cli;

import java.io.Console;
import java.nio.charset.Charset;
import java.util.Map;
import java.util.Optional;

/**
 * What the user's terminal can show.
 *
 * @param interactive whether a line can be drawn again, so that a bar may move
 * @param columns characters of a line
 * @param unicode whether block and line characters arrive as such
 * @param color whether ANSI colours may be used
 */
record Terminal(boolean interactive, int columns, boolean unicode, boolean color) {
  private static final int DEFAULT_COLUMNS = 80;
  private static final int MIN_COLUMNS = 40;

  /** All characters beyond ASCII that are ever printed. */
  static final String UNICODE = "━╸─░▒▓█▀▄·•┤│└▁▂▃▄▅▆▇";

  /** A file or a pipe: plain ASCII lines. */
  static final Terminal PLAIN = new Terminal(false, DEFAULT_COLUMNS, false, false);

  /** The terminal of this process. */
  static Terminal detect() {
    return detect(isConsole(), System.getenv(), outputCharset());
  }

  static Terminal detect(boolean console, Map<String, String> environment, Charset charset) {
    boolean dumb = environment.getOrDefault("TERM", "dumb").equals("dumb");
    boolean interactive = console && !dumb;
    boolean color = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
    boolean unicode = charset.canEncode() && charset.newEncoder().canEncode(UNICODE);
    return new Terminal(interactive, columns(environment), unicode, color);
  }

  /** Whether both input and output are a terminal. */
  @SuppressWarnings("SystemConsoleNull") // from Java 22 on isTerminal is asked, which 17 lacks
  private static boolean isConsole() {
    Console console = System.console();
    if (console == null) {
      return false;
    }
    try {
      return (boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (NoSuchMethodException e) {
      return true;
    } catch (ReflectiveOperationException e) {
      return false;
    }
  }

  private static int columns(Map<String, String> environment) {
    String text = environment.getOrDefault("COLUMNS", "");
    if (!text.matches("\\d{1,4}")) {
      return DEFAULT_COLUMNS;
    }
    return Math.max(MIN_COLUMNS, Integer.parseInt(text));
  }

  /** The charset that {@link System#out} encodes with. */
  static Charset outputCharset() {
    return Optional.ofNullable(System.getProperty("sun.stdout.encoding"))
        .or(() -> Optional.ofNullable(System.getProperty("native.encoding")))
        .filter(Charset::isSupported)
        .map(Charset::forName)
        .orElse(Charset.defaultCharset());
  }
}
