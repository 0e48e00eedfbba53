package dev.lss.examples.backends;

import dev.lss.bench.FineNetwork;
import dev.lss.spi.Device;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.Precision;
import dev.lss.spi.SessionConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Loads backends in the order of the arguments, in a process of its own, runs the bundled fine
 * network with each, first one after the other and then all at once, and prints what differs.
 */
final class AllAtOnce {

  private static final int ROUNDS = 3;

  private AllAtOnce() {}

  public static void main(String[] ids) throws Exception {
    FineNetwork.Read read = FineNetwork.read();
    List<FineNetwork> networks = new ArrayList<>();
    List<float[]> alone = new ArrayList<>();
    for (String id : ids) {
      FineNetwork network = open(read, id);
      networks.add(network);
      alone.add(values(network.forward()));
    }
    List<float[]> together = together(networks);
    for (int n = 0; n < ids.length; n++) {
      System.out.printf(
          "%s: off by %g from itself, by %g from %s%n",
          ids[n],
          difference(alone.get(n), together.get(n)),
          difference(alone.get(n), alone.get(0)),
          ids[0]);
    }
    networks.forEach(FineNetwork::close);
    System.out.flush();
    System.exit(0);
  }

  private static FineNetwork open(FineNetwork.Read read, String id) throws IOException {
    SessionConfig config = new SessionConfig(Device.CPU, 2, Precision.FP32);
    return FineNetwork.open(
        read, FineNetwork.choose(id, Precision.FP32).backend(), config, FineNetwork.Patch.SMALL);
  }

  private static List<float[]> together(List<FineNetwork> networks) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(networks.size());
    List<Future<float[]>> running = new ArrayList<>();
    for (FineNetwork network : networks) {
      Callable<float[]> rounds =
          () -> {
            for (int round = 1; round < ROUNDS; round++) {
              network.forward();
            }
            return values(network.forward());
          };
      running.add(threads.submit(rounds));
    }
    List<float[]> results = new ArrayList<>();
    for (Future<float[]> one : running) {
      results.add(one.get());
    }
    threads.shutdown();
    return results;
  }

  private static float[] values(FloatTensor tensor) {
    float[] values = new float[tensor.shape().size()];
    tensor.data().get(0, values);
    return values;
  }

  /** Returns the largest difference; infinite where a value is not a number. */
  private static double difference(float[] a, float[] b) {
    double largest = 0;
    for (int n = 0; n < a.length; n++) {
      double off = Math.abs((double) a[n] - b[n]);
      largest = Math.max(largest, Double.isNaN(off) ? Double.POSITIVE_INFINITY : off);
    }
    return largest;
  }
}
