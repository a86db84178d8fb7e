package io.lockstep.spark;

import io.lockstep.score.ModelScoring;
import io.lockstep.score.ScoreColumn;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** The columns of scores as Spark has them. */
final class ScoreSchema {
  private ScoreSchema() {}

  /** What is passed through, then the scores. */
  static StructType of(ModelScoring scoring) {
    List<StructField> fields = new ArrayList<>();
    List<DataType> types =
        scoring.source() instanceof RddSource<?> given ? given.passedTypes() : List.of();
    DataType untyped = scoring.numbered() ? DataTypes.LongType : DataTypes.StringType;
    for (String name : scoring.passed()) {
      DataType type = types.isEmpty() ? untyped : types.get(fields.size());
      fields.add(DataTypes.createStructField(name, type, true));
    }
    for (ScoreColumn column : scoring.table().columns()) {
      DataType type = type(column.kind());
      fields.add(
          DataTypes.createStructField(
              column.name(),
              column.perStep() ? DataTypes.createArrayType(type, false) : type,
              true));
    }
    return DataTypes.createStructType(fields);
  }

  private static DataType type(ScoreColumn.Kind kind) {
    return switch (kind) {
      case TEXT -> DataTypes.StringType;
      case NUMBER -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case VECTOR -> DataTypes.createArrayType(DataTypes.FloatType, false);
    };
  }
}
