package io.lockstep.spark;

import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.util.AccumulatorV2;

/**
 * The reports of the splits that were read, brought to the driver beside the result of a task. Each
 * split has one, however often Spark ran its task: the sum of two is the same again.
 */
final class ReportsBySplit extends AccumulatorV2<Map.Entry<Integer, byte[]>, Map<Integer, byte[]>> {
  private static final long serialVersionUID = 1L;

  private final TreeMap<Integer, byte[]> reports = new TreeMap<>();

  @Override
  public synchronized boolean isZero() {
    return reports.isEmpty();
  }

  @Override
  public synchronized ReportsBySplit copy() {
    var copy = new ReportsBySplit();
    copy.reports.putAll(reports);
    return copy;
  }

  @Override
  public synchronized void reset() {
    reports.clear();
  }

  @Override
  public synchronized void add(Map.Entry<Integer, byte[]> report) {
    reports.put(report.getKey(), report.getValue());
  }

  @Override
  public void merge(AccumulatorV2<Map.Entry<Integer, byte[]>, Map<Integer, byte[]>> other) {
    Map<Integer, byte[]> its = other.value();
    synchronized (this) {
      reports.putAll(its);
    }
  }

  @Override
  public synchronized Map<Integer, byte[]> value() {
    return new TreeMap<>(reports);
  }
}
