package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.source.table.StoredTable;
import io.lockstep.data.source.table.StoredTable.Kind;
import java.io.IOException;

/** What is wrong with a table that Spark cannot open, in a sentence with its name. */
final class TableFailures {
  private TableFailures() {}

  /**
   * What to throw.
   *
   * @throws IOException if the file system failed
   */
  static RuntimeException of(StoredTable table, Exception failure) throws IOException {
    if (failure instanceof InputException input) {
      return input;
    }
    Kind kind = table.place().kind();
    String all = messages(failure);
    String what = what(kind, all);
    if (what.isEmpty() && failure.getClass().getName().startsWith("org.apache.spark.sql.")) {
      what = first(failure) + (kind == Kind.QUERY ? " Mend the query." : "");
    }
    if (!what.isEmpty()) {
      return new InputException(table.name() + ": " + what, failure);
    }
    if (failure instanceof IOException io) {
      throw io;
    }
    return failure instanceof RuntimeException other
        ? other
        : new InputException(table.name() + ": " + first(failure), failure);
  }

  private static String what(Kind kind, String all) {
    if (all.contains("PATH_NOT_FOUND") || all.contains("Path does not exist")) {
      return "there is no such file or folder. Correct the path.";
    }
    if (all.contains("UNABLE_TO_INFER_SCHEMA")) {
      return "holds no %s files.".formatted(kind.word());
    }
    if (kind == Kind.AVRO && all.contains("ailed to find")) {
      return "Spark reads Avro with a jar that is not there: add --packages"
          + " org.apache.spark:spark-avro_SCALA:SPARK of your versions to spark-submit.";
    }
    if (kind == Kind.LIBSVM && (all.contains("ailed to find") || all.contains("DATA_SOURCE"))) {
      return "Spark reads LIBSVM with its spark-mllib jar, which is not there. Add it.";
    }
    if (all.contains("FILE_FOOTER")
        || all.contains("ould not read footer")
        || all.contains("org.apache.orc.")
        || all.contains("org.apache.avro.")
        || all.contains("is not a Parquet file")) {
      return "is no %s file, or a damaged one. Mend it, or name it by its own format."
          .formatted(kind.word());
    }
    if (kind == Kind.TABLE && all.contains("TABLE_OR_VIEW_NOT_FOUND")) {
      return "there is no such table or view. SHOW TABLES lists them; Hive's need hive-site.xml on"
          + " the class path.";
    }
    return "";
  }

  private static String messages(Throwable failure) {
    var all = new StringBuilder();
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      all.append(cause).append('\n');
    }
    return all.toString();
  }

  private static String first(Throwable failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("").strip();
  }
}
