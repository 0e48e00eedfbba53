package dev.lss.bench;

import dev.lss.api.CancellationToken;
import dev.lss.api.ProgressListener;
import dev.lss.core.inference.Backends;
import dev.lss.spi.Device;
import dev.lss.spi.InferenceBackend;
import dev.lss.spi.Precision;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Measures backends on this machine, one case after the other, each in a process of its own.
 *
 * @param backends ids of the backends; empty for all on the class path
 * @param device where the networks run; empty for the best device that each backend has
 * @param precisions arithmetic; empty for all that each backend offers
 * @param threads numbers of threads, each at least 1
 * @param size the CT that is segmented
 * @param runs how often each case runs after warm-up, at least 1
 */
public record Bench(
    List<String> backends,
    Optional<Device> device,
    List<Precision> precisions,
    List<Integer> threads,
    PhantomSize size,
    int runs) {

  /** Copies the lists. */
  public Bench {
    backends = List.copyOf(backends);
    precisions = List.copyOf(precisions);
    threads = List.copyOf(threads);
  }

  /**
   * Returns the cases, by backend, then precision, then threads. Nothing native is loaded.
   *
   * @param loader where backends are looked for
   */
  public List<BenchCase> cases(ClassLoader loader) {
    List<InferenceBackend> found = Backends.discover(loader).unprobed();
    List<String> ids =
        backends.isEmpty()
            ? found.stream().map(InferenceBackend::id).distinct().toList()
            : backends.stream().distinct().toList();
    List<BenchCase> cases = new ArrayList<>();
    for (String id : ids) {
      for (Precision precision : precisions(id, found)) {
        for (int count : threads) {
          cases.add(new BenchCase(id, device, precision, count, size, runs));
        }
      }
    }
    return cases;
  }

  private List<Precision> precisions(String id, List<InferenceBackend> found) {
    return precisions.isEmpty()
        ? found.stream()
            .filter(backend -> backend.id().equals(id))
            .findFirst()
            .map(backend -> backend.precisions().stream().sorted().toList())
            .orElse(List.of(Precision.FP32))
        : precisions.stream().distinct().toList();
  }

  /**
   * Measures. What cannot be measured is a row with a reason.
   *
   * @param cases what to measure
   * @param progress hears of each case, by its name, when it begins
   * @param cancellation looked at all the time
   * @throws dev.lss.api.CancelledException when cancelled
   * @throws IOException when no process can be started
   */
  public BenchReport run(
      List<BenchCase> cases, ProgressListener progress, CancellationToken cancellation)
      throws IOException {
    Machine machine = Machine.here(); // before our own work shows in its load
    ChildProcess child = ChildProcess.measuring();
    List<BenchReport.Row> rows = new ArrayList<>();
    for (BenchCase one : cases) {
      progress.progress(one.toString(), rows.size(), cases.size());
      rows.add(new BenchReport.Row(one, child.measure(one, cancellation)));
    }
    return new BenchReport(machine, size, runs, rows);
  }
}
