package dev.lss.bench;

import dev.lss.spi.Precision;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * All that was measured in one go on one machine. Immutable.
 *
 * @param machine where and when
 * @param size the CT that was segmented
 * @param runs how often each case ran
 * @param rows the cases in the order in which they ran
 */
public record BenchReport(Machine machine, PhantomSize size, int runs, List<Row> rows) {

  private static final String REFERENCE = "onnx";

  /**
   * One case and what came of it.
   *
   * @param what the case
   * @param outcome figures or a reason
   */
  public record Row(BenchCase what, Outcome outcome) {}

  /** Copies the list. */
  public BenchReport {
    rows = List.copyOf(rows);
  }

  /** Returns whether anything could be measured. */
  public boolean hasFigures() {
    return rows.stream().anyMatch(row -> row.outcome() instanceof Outcome.Measured);
  }

  /**
   * Returns the case whose pipeline was fastest in single precision; empty when none was measured.
   */
  public Optional<Row> fastest() {
    return fastest(row -> row.what().precision() == Precision.FP32);
  }

  /**
   * Returns the fastest case of all, if it is faster than {@link #fastest} and less precise; its
   * labels differ a little.
   */
  public Optional<Row> fasterWithLessPrecision() {
    Optional<Row> any = fastest(row -> true);
    return any.filter(row -> row.what().precision() != Precision.FP32);
  }

  private Optional<Row> fastest(Predicate<Row> among) {
    return rows.stream()
        .filter(row -> row.outcome() instanceof Outcome.Measured)
        .filter(among)
        .min(Comparator.comparingDouble(row -> ((Outcome.Measured) row.outcome()).pipelineMs()));
  }

  /**
   * Returns how many times as fast a row is as ONNX Runtime in single precision with the same
   * number of threads; empty when one of the two was not measured.
   *
   * @param millis which of the times
   */
  public Optional<Double> timesAsFast(Row row, ToDoubleFunction<Outcome.Measured> millis) {
    if (!(row.outcome() instanceof Outcome.Measured measured)) {
      return Optional.empty();
    }
    return rows.stream()
        .filter(other -> other.what().backend().equals(REFERENCE))
        .filter(other -> other.what().precision() == Precision.FP32)
        .filter(other -> other.what().threads() == row.what().threads())
        .map(Row::outcome)
        .filter(Outcome.Measured.class::isInstance)
        .map(Outcome.Measured.class::cast)
        .map(reference -> millis.applyAsDouble(reference) / millis.applyAsDouble(measured))
        .findFirst();
  }
}
