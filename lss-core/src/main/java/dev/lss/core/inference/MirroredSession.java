package dev.lss.core.inference;

import dev.lss.api.CancellationToken;
import dev.lss.api.image.Extents;
import dev.lss.spi.FloatTensor;
import dev.lss.spi.InferenceSession;
import dev.lss.spi.TensorSpec;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Runs a network on a tile and on its mirror images, and averages what comes back mirrored again:
 * test-time augmentation. Order as in nnU-Net (none, then one axis, two, three; k before j before
 * i), because a sum of floats depends on it. Thread-safe; the session stays its owner's.
 */
final class MirroredSession implements InferenceSession {

  private final InferenceSession session;
  private final Extents patch;
  private final List<List<Integer>> combinations;

  MirroredSession(InferenceSession session, Tiling tiling) {
    this.session = session;
    this.patch = tiling.patch();
    this.combinations = combinations(tiling.mirrorAxes());
  }

  /** Returns all subsets of the axes, small ones first, each from k to i. */
  static List<List<Integer>> combinations(List<Integer> axes) {
    List<Integer> slowestFirst = axes.stream().sorted(Comparator.reverseOrder()).toList();
    List<List<Integer>> subsets = new ArrayList<>(List.of(List.of()));
    for (int size = 1, begin = 0; size <= axes.size(); size++) {
      int end = subsets.size();
      for (List<Integer> shorter : List.copyOf(subsets.subList(begin, end))) {
        int next = shorter.isEmpty() ? 0 : slowestFirst.indexOf(shorter.get(size - 2)) + 1;
        for (int axis : slowestFirst.subList(next, slowestFirst.size())) {
          List<Integer> longer = new ArrayList<>(shorter);
          longer.add(axis);
          subsets.add(List.copyOf(longer));
        }
      }
      begin = end;
    }
    return subsets;
  }

  @Override
  public TensorSpec input() {
    return session.input();
  }

  @Override
  public TensorSpec output() {
    return session.output();
  }

  @Override
  public void run(FloatTensor in, FloatTensor out) {
    run(in, out, new CancellationToken());
  }

  @Override
  public void run(FloatTensor in, FloatTensor out, CancellationToken cancellation) {
    session.run(in, out, cancellation);
    FloatTensor mirroredIn = FloatTensor.allocate(in.shape());
    FloatTensor mirroredOut = FloatTensor.allocate(out.shape());
    for (List<Integer> axes : combinations.subList(1, combinations.size())) {
      mirror(in, axes, mirroredIn, false);
      session.run(mirroredIn, mirroredOut, cancellation);
      mirror(mirroredOut, axes, out, true);
    }
    FloatBuffer sum = out.data();
    for (int v = 0; v < sum.capacity(); v++) {
      sum.put(v, sum.get(v) / combinations.size());
    }
  }

  private void mirror(FloatTensor from, List<Integer> axes, FloatTensor to, boolean add) {
    FloatBuffer source = from.data();
    FloatBuffer target = to.data();
    int at = 0;
    for (int channel = 0; channel < from.shape().get(1); channel++) {
      for (int k = 0; k < patch.k(); k++) {
        int kFrom = axes.contains(2) ? patch.k() - 1 - k : k;
        for (int j = 0; j < patch.j(); j++) {
          int jFrom = axes.contains(1) ? patch.j() - 1 - j : j;
          int row = channel * patch.voxels() + patch.offset(0, jFrom, kFrom);
          for (int i = 0; i < patch.i(); i++, at++) {
            float value = source.get(row + (axes.contains(0) ? patch.i() - 1 - i : i));
            target.put(at, add ? target.get(at) + value : value);
          }
        }
      }
    }
  }

  @Override
  public void close() {
    session.close();
  }
}
