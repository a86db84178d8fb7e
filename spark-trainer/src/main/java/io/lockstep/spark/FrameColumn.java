package io.lockstep.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A column of a data set, or a value within a structure.
 *
 * @param name of the column, or path of the value such as {@code customer.age}
 * @param path names from the column on
 * @param type as Spark has it
 */
record FrameColumn(String name, List<String> path, DataType type) {
  private static final String VECTOR = "org.apache.spark.ml.linalg.VectorUDT";

  /** What the cells of a column hold. */
  enum Kind {
    /** A value. */
    VALUE,
    /** An array. */
    ARRAY,
    /** A vector of Spark ML. */
    VECTOR;

    /** A cell as readers of rows take it: arrays and vectors of numbers as doubles. */
    Object cell(Object raw) {
      return raw == null || this == VALUE
          ? raw
          : this == VECTOR ? VectorCells.doubles(raw) : ArrayCells.doubles(raw);
    }
  }

  /** All columns of a data set, and then the values in those that are structures. */
  static List<FrameColumn> of(StructType schema) {
    List<FrameColumn> columns = new ArrayList<>();
    for (StructField field : schema.fields()) {
      columns.add(new FrameColumn(field.name(), List.of(field.name()), field.dataType()));
    }
    for (FrameColumn column : List.copyOf(columns)) {
      if (column.isStructure()) {
        collect((StructType) column.type, column.path, columns);
      }
    }
    return columns;
  }

  private static void collect(StructType type, List<String> before, List<FrameColumn> to) {
    for (StructField field : type.fields()) {
      List<String> path = new ArrayList<>(before);
      path.add(field.name());
      if (field.dataType() instanceof StructType inner) {
        collect(inner, path, to);
      } else {
        to.add(new FrameColumn(String.join(".", path), List.copyOf(path), field.dataType()));
      }
    }
  }

  boolean isStructure() {
    return type instanceof StructType;
  }

  /** Whether it is a column of the data set, and no value in one. */
  boolean isOuter() {
    return path.size() == 1;
  }

  Kind kind() {
    if (type instanceof ArrayType) {
      return Kind.ARRAY;
    }
    return type.getClass().getName().equals(VECTOR) ? Kind.VECTOR : Kind.VALUE;
  }

  /** The column as an expression over {@code frame}. */
  Column in(Dataset<Row> frame) {
    Column column = frame.col("`" + path.get(0).replace("`", "``") + "`");
    for (String field : path.subList(1, path.size())) {
      column = column.getField(field);
    }
    return column;
  }
}
