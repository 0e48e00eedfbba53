package dev.lss.api.model.network;

import java.util.List;
import java.util.Set;

/** The named float tensors of a network. Thread-safe. */
public interface Weights {

  /** Returns the names of all tensors. */
  Set<String> names();

  /**
   * Returns the shape of a tensor, slowest axis first.
   *
   * @throws dev.lss.api.ModelException when there is no such tensor
   */
  List<Integer> shape(String name);

  /**
   * Returns the values of a tensor in C order, widened to float32, in a new array.
   *
   * @throws dev.lss.api.ModelException when there is no such tensor
   */
  float[] values(String name);
}
