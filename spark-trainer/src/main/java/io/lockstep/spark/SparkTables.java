package io.lockstep.spark;

import io.lockstep.data.InputException;
import io.lockstep.data.file.Locations;
import io.lockstep.data.source.ExampleSource;
import io.lockstep.data.source.SourceSplit;
import io.lockstep.data.source.table.StoredTable;
import io.lockstep.data.source.table.StoredTable.Kind;
import io.lockstep.data.source.table.Tables;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.DataFrameReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Tables that Spark reads, on the Spark of this JVM. Files are cut by their sizes alone, whatever
 * the cluster is and the user has set.
 */
public final class SparkTables implements Tables {
  /** Settings by which each partition is a piece of one file, as large as one of a CSV file. */
  private static final Map<String, String> CUT =
      Map.of(
          "spark.sql.files.maxPartitionBytes", String.valueOf(SourceSplit.BYTES),
          "spark.sql.files.openCostInBytes", String.valueOf(SourceSplit.BYTES),
          "spark.sql.files.minPartitionNum", "1",
          "spark.sql.files.maxPartitionNum", String.valueOf(Integer.MAX_VALUE),
          "spark.sql.sources.bucketing.enabled", "false",
          "spark.sql.sources.useV1SourceList", "avro,csv,json,kafka,orc,parquet,text",
          "spark.sql.files.ignoreCorruptFiles", "false",
          "spark.sql.files.ignoreMissingFiles", "false");

  @Override
  public ExampleSource open(StoredTable table) throws IOException {
    SparkSession session = session(table);
    if (table.place().kind().isFiles()) {
      Locations.system(
          session.sparkContext().hadoopConfiguration(),
          table.place().location()); // or says why not
    }
    Dataset<Row> frame = frame(session, table);
    RddSource<Row> source =
        RddSource.of(FrameRows.of(frame, FrameRows.Order.OF_FILES), table.name())
            .understood(table.options());
    RddSource<Row> ordered = table.id().isEmpty() ? source : source.id(table.id());
    return ordered.withBadRecords(table.badRecords()).toScore(table.how());
  }

  /** The columns of a table, as Spark has them. */
  static Dataset<Row> frame(SparkSession session, StoredTable table) throws IOException {
    try {
      return read(session, table.place());
    } catch (Exception e) { // Spark's are checked, which Scala does not say
      throw TableFailures.of(table, e);
    }
  }

  /** A session with settings of its own; but that of the program for a view which only it knows. */
  private static SparkSession session(StoredTable table) {
    SparkSession user = session();
    if (table.place().kind() == Kind.TABLE && isView(user, table.place().location())) {
      return user;
    }
    SparkSession own = user.newSession();
    CUT.forEach((key, value) -> own.conf().set(key, value));
    return own;
  }

  private static boolean isView(SparkSession session, String name) {
    try {
      return session.catalog().getTable(name).isTemporary();
    } catch (Exception e) { // there is none of that name, which is told when it is read
      return false;
    }
  }

  /** The session of the program, if it has one; with Hive's catalogue where Hive is set up. */
  private static SparkSession session() {
    Optional<SparkSession> active = ScalaCollections.optional(SparkSession.getActiveSession());
    Optional<SparkSession> any =
        active.or(() -> ScalaCollections.optional(SparkSession.getDefaultSession()));
    if (any.filter(it -> !it.sparkContext().isStopped()).isPresent()) {
      return any.get();
    }
    SparkSession.Builder builder = SparkSession.builder();
    return isHiveThere() ? builder.enableHiveSupport().getOrCreate() : builder.getOrCreate();
  }

  private static boolean isHiveThere() {
    ClassLoader classes = Thread.currentThread().getContextClassLoader();
    return classes.getResource("hive-site.xml") != null
        && classes.getResource("org/apache/spark/sql/hive/HiveSessionStateBuilder.class") != null;
  }

  private static Dataset<Row> read(SparkSession session, StoredTable.Place place) {
    if (place.kind() == Kind.TABLE) {
      return session.table(place.location());
    }
    if (place.kind() == Kind.QUERY) {
      return session.sql(place.location());
    }
    DataFrameReader reader = session.read().format(place.kind().word()).options(place.settings());
    if (!place.schema().isEmpty()) {
      reader = reader.schema(place.schema());
    }
    Dataset<Row> frame = reader.load(Locations.path(place.location()).toString());
    if (frame.schema().isEmpty()) {
      throw new InputException(place.location() + ": has no columns.");
    }
    return frame;
  }
}
