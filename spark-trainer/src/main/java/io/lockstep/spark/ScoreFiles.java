package io.lockstep.spark;

import io.lockstep.score.CsvLine;
import java.util.Arrays;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.UserDefinedType;

/**
 * Rows written by Spark's DataFrame writer and its commit protocol: a file for each partition, all
 * of them there once the call returns.
 *
 * @param rows to be written
 * @param schema of them
 */
record ScoreFiles(JavaRDD<Object[]> rows, StructType schema) {
  /**
   * Writes CSV whose lines are made here, which takes half the time that Spark's own takes; Spark
   * counts a record for as many lines as travel {@linkplain LinesTogether together}.
   *
   * @param folder without files
   */
  void writeLines(String folder) {
    session()
        .createDataset(rows.mapPartitions(new LinesTogether()).rdd(), Encoders.STRING())
        .write()
        .format(CsvLines.class.getName())
        .option(CsvLines.HEADER, CsvLine.of(schema.fieldNames()))
        .mode(SaveMode.Append)
        .save(folder);
  }

  /**
   * Writes files of any format that Spark has.
   *
   * @param folder without files
   */
  void write(String format, String folder) {
    (format.equals("csv") ? flat() : data())
        .write()
        .format(format)
        .option("header", true) // these are of CSV alone
        .option("escape", "\"")
        .option("ignoreLeadingWhiteSpace", false)
        .option("ignoreTrailingWhiteSpace", false)
        .mode(SaveMode.Append)
        .save(folder);
  }

  /** The rows with what is passed through as CSV can have it: arrays, maps and the like as text. */
  private Dataset<Row> flat() {
    Dataset<Row> rows = data();
    Column[] columns =
        Arrays.stream(schema.fields())
            .map(
                field -> {
                  Column column = rows.col("`" + field.name().replace("`", "``") + "`");
                  DataType type = field.dataType();
                  boolean nested = type instanceof ArrayType || type instanceof MapType;
                  return (nested
                          ? functions.to_json(column)
                          : type instanceof UserDefinedType<?> ? column.cast("string") : column)
                      .as(field.name());
                })
            .toArray(Column[]::new);
    return rows.select(columns);
  }

  /** The rows as a data set. */
  Dataset<Row> data() {
    return session().createDataFrame(rows.map(RowFactory::create), schema);
  }

  private static SparkSession session() {
    return SparkSession.builder().getOrCreate();
  }
}
