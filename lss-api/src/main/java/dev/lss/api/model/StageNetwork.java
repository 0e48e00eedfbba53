package dev.lss.api.model;

import dev.lss.api.model.network.Network;
import dev.lss.api.model.network.Signature;
import java.util.List;

/** The network of a stage and the files of the package that hold it. Immutable. */
public sealed interface StageNetwork {

  /** Returns what the network takes and gives. */
  Signature signature();

  /** Returns files in the package, one for each fold of the network; at least one. */
  List<String> files();

  /**
   * A network described layer by layer, which every backend runs.
   *
   * @param network the layers
   * @param files weight files, one for each fold
   */
  record Layers(Network network, List<String> files) implements StageNetwork {

    /** Refuses a network without weights. */
    public Layers {
      files = atLeastOne(files);
    }

    @Override
    public Signature signature() {
      return network.signature();
    }
  }

  /**
   * A network in the format of a runtime, which the backends of that runtime open.
   *
   * @param format the format
   * @param files files of that format, one for each fold
   * @param signature what each of the files must take and give
   */
  record Opaque(ModelFormat format, List<String> files, Signature signature)
      implements StageNetwork {

    /** Refuses a network without files. */
    public Opaque {
      files = atLeastOne(files);
    }
  }

  private static List<String> atLeastOne(List<String> files) {
    if (files.isEmpty()) {
      throw new IllegalArgumentException("a network needs at least one file");
    }
    return List.copyOf(files);
  }
}
